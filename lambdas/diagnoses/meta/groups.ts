import { notApplicable, type Entity, type Target } from '../../define.ts';
import { inline } from '../../engine/format.ts';
import type { MetaCluster } from '../../readings/decoders/jsz.ts';
import type { Jsz, Varz } from '../../readings/endpoints.ts';
import { jetStreamServers, type JetStreamServer } from '../assets/systems.ts';

/** A member of a meta group that was read, and the group as it sees it. */
export type MetaMember = JetStreamServer<Jsz> & { readonly meta: MetaCluster };

/** The meta group of a clustered JetStream, as its watched servers show it. */
export type MetaGroup = {
  readonly entity: Entity;
  readonly servers: readonly MetaMember[];
  /** The member that says it leads, where it is watched. */
  readonly leader: MetaMember | null;
  /** Whom its members name as leader, watched or not: none while there is none, several while they disagree. */
  readonly leaderNames: readonly string[];
  /** Peers that were ever added and not removed, whether they live or not. */
  readonly size: number;
  /** Of which so many are needed to decide anything. */
  readonly quorum: number;
};

type Seen = { readonly target: Target; readonly varz: Varz; readonly jsz: Jsz };

/** The meta groups of watched servers, in a watched cluster of one JetStream one. */
export function metaGroupsOf(servers: readonly Seen[]): readonly MetaGroup[] {
  const members = jetStreamServers(servers, ({ jsz }) => jsz).flatMap((server): MetaMember[] => {
    const { meta_cluster: meta } = server.reading;
    return meta === undefined ? [] : [{ ...server, meta }];
  });
  return [...Map.groupBy(members, (member) => groupOf(member).id).values()].map((own): MetaGroup => {
    const settled = own.filter(({ isSettled }) => isSettled);
    const leader = settled.find(({ name, meta }) => meta.leader === name) ?? null;
    const size = Math.max(...own.map(({ meta }) => meta.cluster_size));
    return {
      entity: { kind: 'meta', name: own[0] === undefined ? '' : groupOf(own[0]).name },
      servers: own,
      leader,
      leaderNames: [...new Set(settled.flatMap((member) => leaderOf(member) ?? []))],
      size,
      quorum: (leader ?? own[0])?.meta.quorum_needed ?? Math.floor(size / 2) + 1,
    };
  });
}

/** Clusters that gateways join have one meta group: each of their servers is a member, and one leads them all. */
function groupOf({ varz, system, reading: { config } }: MetaMember): JetStreamServer<Jsz>['system'] {
  if (varz.gateway.name === undefined) return system;
  const { domain = '' } = config;
  return {
    id: JSON.stringify([domain, varz.system_account]),
    name: domain === '' ? 'the super-cluster' : `domain ${domain}`,
  };
}

/** Whom a member names as leader; null while it knows none. */
export const leaderOf = ({ meta: { leader = '' } }: MetaMember): string | null =>
  leader === '' ? null : leader;

export const noMetaGroup = notApplicable('JetStream is clustered on none of the servers');

/** `led by n1`, `without a leader`, `led by n1 or n2`; who has just started is not yet believed. */
export function leadership({ leaderNames, servers }: MetaGroup): string {
  if (leaderNames.length > 0) return `led by ${inline(leaderNames, 5).replaceAll(', ', ' or ')}`;
  return servers.some(({ isSettled }) => isSettled) ? 'without a leader' : 'servers that have just started';
}

/** What shows the group, on its leader where that is watched. */
export const metaCommands = ({ leader, servers }: Pick<MetaGroup, 'leader' | 'servers'>) => ({
  nats: 'nats server report jetstream',
  curl: `curl -s '${(leader ?? servers[0])?.target.url ?? ''}/jsz' | grep -A40 '"meta_cluster"'`,
});
