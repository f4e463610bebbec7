import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Consumer } from '../assets/assets.ts';

type Redelivering = { readonly consumer: Consumer; readonly row: ConsumerRow };

/** Those with messages that were delivered more than once, most of these first. */
export function redeliveringIn({ consumers }: ClusterAssets): readonly Redelivering[] {
  const found: Redelivering[] = [];
  for (const consumer of consumers) {
    const { leader } = consumer;
    if (leader !== null && leader.row.redelivered > 0) found.push({ consumer, row: leader.row });
  }
  return found.sort((a, b) => b.row.redelivered - a.row.redelivered);
}
