import type { Consumer, Stream } from './assets.ts';
import { concernsLevels } from './owner-levels.ts';

type Asset = Stream | Consumer;

const found = new WeakMap<readonly Asset[], readonly Asset[]>();

/** Those whose owner said in metadata what it wants to be told, right or wrong; once a run however many diagnoses ask. */
export function withOwnersWords<A extends Asset>(all: readonly A[]): readonly A[] {
  const before = found.get(all);
  if (before !== undefined) return before as readonly A[];
  const own = all.filter(({ leader }) => leader !== null && concernsLevels(leader.row.config.metadata));
  found.set(all, own);
  return own;
}
