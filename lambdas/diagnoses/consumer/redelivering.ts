import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Consumer } from '../assets/assets.ts';
import { firstLook } from './first-look.ts';

type Redelivering = { readonly consumer: Consumer; readonly row: ConsumerRow };

/** Those with messages that were delivered more than once, most of these first. */
export function redeliveringIn(assets: ClusterAssets): readonly Redelivering[] {
  const found: Redelivering[] = [];
  for (const consumer of firstLook(assets).redelivering) {
    const { leader } = consumer;
    if (leader !== null) found.push({ consumer, row: leader.row });
  }
  return found.sort((a, b) => b.row.redelivered - a.row.redelivered);
}
