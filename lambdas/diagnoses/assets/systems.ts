import type { Target } from '../../define.ts';
import type { Assets, Jsz, Varz } from '../../readings/endpoints.ts';

/**
 * Servers that share one JetStream: those of a cluster, in one domain, or a lone server. Streams of one name in two systems are
 * two streams.
 */
export type System = {
  readonly id: string;
  /** What tells it from the others of the watched cluster: `domain hub`, `cluster east`, `n1`. */
  readonly name: string;
};

/** A server with JetStream, as a reading of it shows. */
export type JetStreamServer<R> = {
  readonly target: Target;
  /** Its server_name, by which leaders and replicas are named. */
  readonly name: string;
  readonly varz: Varz;
  readonly system: System;
  /** False within seconds of its start and until it has recovered, when it may name itself the leader of all that it holds. */
  readonly isSettled: boolean;
  readonly reading: R;
};

/** Seen on 2.15.1: its own name for 0.3 s, the real leader after 1.6 s. */
const settlingSeconds = 10;

/** While it recovers its streams, a server of a cluster has no meta layer yet. */
const isClustered = ({ cluster }: Varz): boolean => (cluster.cluster_port ?? 0) > 0;

/** A lone server is known by its target: its id is another after each start, and its name where none is configured. */
function systemOf(target: Target, varz: Varz, { config, meta_cluster: meta }: Jsz | Assets): System {
  const { server_id: id, server_name: name = id, cluster } = varz;
  const { domain = '' } = config;
  if (meta === undefined && !isClustered(varz))
    return { id: `alone ${target.name}`, name: name === id ? target.name : name };
  const own = cluster.name ?? '';
  return {
    id: `${domain} ${own}`,
    name: domain === '' ? `cluster ${own}` : `domain ${domain}, cluster ${own}`,
  };
}

/** Those of the servers that run JetStream, by what this reading of theirs says. */
export function jetStreamServers<
  S extends { readonly target: Target; readonly varz: Varz },
  R extends Jsz | Assets,
>(servers: readonly S[], readingOf: (server: S) => R): readonly JetStreamServer<R>[] {
  return servers.flatMap((server) => {
    const { target, varz } = server;
    const reading = readingOf(server);
    if (reading.disabled) return [];
    const name = varz.server_name ?? varz.server_id;
    const system = systemOf(target, varz, reading);
    const hasJoined = reading.meta_cluster !== undefined || !isClustered(varz);
    return [{ target, name, varz, system, isSettled: hasJoined && varz.uptime >= settlingSeconds, reading }];
  });
}
