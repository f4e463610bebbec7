import { formatDuration } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import type { Replica } from '../../readings/decoders/assets.ts';
import type { ClusterAssets } from './assets.ts';
import {
  byCause,
  silentReplicas,
  takingPart,
  type Asset,
  type Lacking,
  type Suffering,
} from './membership.ts';

/** A replica that its leader does not hear. */
export type Silent<A extends Asset = Asset> = Lacking<A> & { readonly replica: Replica };

export function silentIn<A extends Asset>(all: readonly A[]): readonly Silent<A>[] {
  const found: Silent<A>[] = [];
  for (const asset of all)
    for (const replica of silentReplicas(asset)) found.push({ asset, replica, missing: [replica.name] });
  return found;
}

/** By server where it takes part in nothing. */
export function sufferingSilence<A extends Asset>(
  cases: readonly Silent<A>[],
  assets: ClusterAssets,
): readonly Suffering<Silent<A>>[] {
  return cases.length === 0 ? [] : byCause(cases, assets, takingPart(assets));
}

/** `ORDERS (APP): n3 heard 12 min ago by n1, 240 entries behind`. */
export function silenceOf({ asset, replica: { name, offline, active, lag } }: Silent): string {
  const leader = asset.leaderName ?? '';
  const heard =
    active > 0 ? `heard ${formatDuration(active / 1e6)} ago by ${leader}` : `not heard since ${leader} leads`;
  const behind = lag > 0 ? `, ${plural(lag, 'entry', 'entries')} behind` : '';
  return `${asset.entity.name}: ${name} ${heard}${behind}${offline ? ', offline' : ''}`;
}
