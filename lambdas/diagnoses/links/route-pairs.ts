import type { Target } from '../../define.ts';
import type { Routez } from '../../readings/endpoints.ts';
import type { Pair } from './common-end.ts';
import { isMeasured } from './round-trip.ts';

type Linked = { readonly id: string; readonly target: Target; readonly routez: Routez };

/** Two servers and the shortest round trip between them, in seconds, as either end measured it. */
export type RoutePair = Pair & {
  /** Of one that shows it. */
  readonly url: string;
  /** Measured connections, at both ends. */
  readonly connections: number;
};

/** What a peer is called: as settings call it where it is watched, else by its own name, or its id. */
export const peerNames = (
  members: readonly Linked[],
): ((peer: { readonly remote_id: string; readonly remote_name?: string | undefined }) => string) => {
  const watched = new Map(members.map(({ id, target }) => [id, target.name]));
  return ({ remote_id: id, remote_name: name }) => watched.get(id) ?? name ?? id;
};

/** Servers with routes that were measured, each pair once. */
export function routePairs(members: readonly Linked[]): readonly RoutePair[] {
  const nameOf = peerNames(members);
  const pairs = new Map<string, RoutePair>();
  for (const { id, target, routez } of members) {
    for (const route of routez.routes) {
      if (!isMeasured(route, routez.now)) continue;
      const key = [id, route.remote_id].toSorted().join(' ');
      const [a, b] = [target.name, nameOf(route)];
      const known = pairs.get(key);
      pairs.set(key, {
        ...(known ?? { a, b, url: target.url }),
        weight: Math.min(route.rtt, known?.weight ?? Infinity),
        connections: (known?.connections ?? 0) + 1,
      });
    }
  }
  return [...pairs.values()];
}
