import type { ClusterAssets, Consumer, Stream } from './assets.ts';
import { concernsLevels } from './owner-levels.ts';

type Owned = { readonly streams: readonly Stream[]; readonly consumers: readonly Consumer[] };

const found = new WeakMap<ClusterAssets, Owned>();

/** Those whose owner said in metadata what it wants to be told, right or wrong; once a run however many diagnoses ask. */
export function withOwnersWords(assets: ClusterAssets): Owned {
  const before = found.get(assets);
  if (before !== undefined) return before;
  const { streams } = assets;
  const own = {
    streams: streams.filter(({ leader }) => leader !== null && concernsLevels(leader.row.config.metadata)),
    consumers: streams.flatMap(ownedConsumers),
  };
  found.set(assets, own);
  return own;
}

function ownedConsumers({ consumers }: Stream): readonly Consumer[] {
  const owned: Consumer[] = [];
  for (let i = 0; i < consumers.count; i += 1) {
    const led = consumers.led(i);
    if (concernsLevels(led?.columns.config[led.place]?.metadata ?? {})) owned.push(consumers.at(i));
  }
  return owned;
}
