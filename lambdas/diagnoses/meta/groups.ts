import { notApplicable, type Entity, type Target } from '../../define.ts';
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
  /** Peers that were ever added and not removed, whether they live or not. */
  readonly size: number;
};

/** The meta groups of watched servers, in a watched cluster of one JetStream one. */
export function metaGroupsOf(
  servers: readonly { readonly target: Target; readonly varz: Varz; readonly jsz: Jsz }[],
): readonly MetaGroup[] {
  const members = jetStreamServers(servers, ({ jsz }) => jsz).flatMap((server): MetaMember[] => {
    const { meta_cluster: meta } = server.reading;
    return meta === undefined ? [] : [{ ...server, meta }];
  });
  return [...Map.groupBy(members, ({ system }) => system.id).values()].map((own) => ({
    entity: { kind: 'meta', name: own[0]?.system.name ?? '' },
    servers: own,
    leader: own.find(({ name, meta, isSettled }) => isSettled && meta.leader === name) ?? null,
    size: Math.max(...own.map(({ meta }) => meta.cluster_size)),
  }));
}

export const noMetaGroup = notApplicable('JetStream is clustered on none of the servers');
