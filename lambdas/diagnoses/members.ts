import { notApplicable, unknown, type Target } from '../define.ts';
import type { Varz } from '../readings/endpoints.ts';
import type { Failure } from '../readings/reading.ts';

type Watched = { readonly target: Target; readonly varz: Varz };

/** A server that listens for routes, as its `/varz` says. */
export type Member<S extends Watched = Watched> = S & {
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
};

/**
 * The cluster members among watched servers, each once, under however many URLs. A cluster's name is not enough: leaf
 * servers up to 2.10 have one of their own, and so has a server with gateways only.
 */
export function membersOf<S extends Watched>(servers: readonly S[]): readonly Member<S>[] {
  const members = servers.flatMap((server): (readonly [string, Member<S>])[] => {
    const { server_id: id, server_name: name = id } = server.varz;
    const { name: cluster, cluster_port: port = 0 } = server.varz.cluster;
    return cluster === undefined || port <= 0 ? [] : [[id, { ...server, id, name, cluster }]];
  });
  return [...new Map(members.toReversed()).values()].toReversed();
}

/** Why nothing can be said of a cluster whose servers cannot be compared: one could not be read, or this. */
export const notCompared = (
  unread: readonly { readonly target: Target; readonly failure: Failure }[],
  reason: string,
) => (unread[0] === undefined ? notApplicable(reason) : unknown(unread[0].failure.message, unread));
