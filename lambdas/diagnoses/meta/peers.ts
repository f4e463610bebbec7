import type { Target } from '../../define.ts';
import type { MetaCluster } from '../../readings/decoders/jsz.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { membersOf } from '../members.ts';
import type { MetaGroup } from './groups.ts';

export type MetaPeer = NonNullable<MetaCluster['replicas']>[number];

/**
 * Peers that a group misses, the answering server aside. The leader's word counts: silent for 10 s is not current, for three
 * minutes offline. Where no leader is watched, offline is the view of any server from 2.15 on, and nothing is known before.
 */
export function missedPeers({ leader, servers }: MetaGroup): readonly MetaPeer[] {
  if (leader !== null)
    return (leader.meta.replicas ?? []).filter(({ current, offline }) => offline || !current);
  const told = servers.flatMap(({ meta }) => meta.replicas ?? []).filter(({ offline }) => offline);
  return [...new Map(told.map((peer) => [peer.name, peer])).values()];
}

type Seen = { readonly target: Target; readonly varz: Varz };

/** Names by which groups know the servers that were read. */
export const namesOf = (servers: readonly Seen[]): ReadonlySet<string> =>
  new Set(servers.map(({ varz }) => varz.server_name ?? varz.server_id));

/**
 * True if no server of the cluster is unknown to settings: each watched one was read and has routes to no others. With gateways
 * the group has members in other clusters.
 */
export function isWhole(servers: readonly Seen[], unread: readonly unknown[]): boolean {
  const sizes = Map.groupBy(membersOf(servers), ({ cluster }) => cluster);
  return (
    unread.length === 0 &&
    servers.every(({ varz }) => {
      const watched = sizes.get(varz.cluster.name ?? '')?.length ?? 1;
      return varz.gateway.name === undefined && varz.remotes < watched;
    })
  );
}
