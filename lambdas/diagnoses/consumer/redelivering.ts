import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Consumer } from '../assets/assets.ts';

type Redelivering = { readonly consumer: Consumer; readonly row: ConsumerRow };

/** Those with messages that were delivered more than once, most of these first. */
export const redeliveringIn = ({ consumers }: ClusterAssets): readonly Redelivering[] =>
  consumers
    .flatMap((consumer) =>
      consumer.leader !== null && consumer.leader.row.redelivered > 0
        ? [{ consumer, row: consumer.leader.row }]
        : [],
    )
    .toSorted((a, b) => b.row.redelivered - a.row.redelivered);
