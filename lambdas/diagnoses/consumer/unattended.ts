import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Held } from '../assets/assets.ts';
import { firstLook } from './first-look.ts';
import type { Progress } from './progress.ts';

/** Of how many it is remembered since when nobody came. */
export const mostUnattended = 2_000;

type Unattended = Progress & { readonly leader: Held<ConsumerRow>; readonly lastUsed: number };

/** Durable consumers that nothing removes, for which nobody asks now, and that were last used a day ago; the longest first. */
export function unattendedIn(assets: ClusterAssets): readonly Unattended[] {
  return firstLook(assets)
    .unused.flatMap(({ consumer, lastUsed }) => {
      const { leader } = consumer;
      if (leader === null) return [];
      const { row } = leader;
      return [{ consumer, leader, row, pending: row.pending, lastUsed }];
    })
    .sort((a, b) => a.lastUsed - b.lastUsed);
}
