import { notApplicable, unknown, type Target } from '../define.ts';
import type { Varz } from '../readings/endpoints.ts';
import type { Failure } from '../readings/reading.ts';

/** A server that listens for routes, as its `/varz` says. */
export type Member = {
  readonly target: Target;
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly varz: Varz;
};

/**
 * The cluster members among watched servers, each once, under however many URLs. A cluster's name is not enough: leaf
 * servers up to 2.10 have one of their own, and so has a server with gateways only.
 */
export function membersOf(
  servers: readonly { readonly target: Target; readonly varz: Varz }[],
): readonly Member[] {
  const members = servers.flatMap(({ target, varz }): (readonly [string, Member])[] => {
    const { server_id: id, server_name: name = id } = varz;
    const { name: cluster, cluster_port: port = 0 } = varz.cluster;
    return cluster === undefined || port <= 0 ? [] : [[id, { target, id, name, cluster, varz }]];
  });
  return [...new Map(members.toReversed()).values()].toReversed();
}

/** Why nothing can be said of a cluster whose servers cannot be compared: one could not be read, or this. */
export const notCompared = ([unseen]: readonly { readonly failure: Failure }[], reason: string) =>
  unseen === undefined ? notApplicable(reason) : unknown(unseen.failure.message);
