import { membersOf, type Member } from './members.ts';

export type ClusterMembers = { readonly cluster: string; readonly members: readonly Member[] };

/** Clusters of which more than one server is watched; a name is the same with spaces around it. */
export const clustersOf = (servers: Parameters<typeof membersOf>[0]): readonly ClusterMembers[] =>
  [...Map.groupBy(membersOf(servers), ({ cluster }) => cluster.trim())]
    .map(([cluster, members]) => ({ cluster, members }))
    .filter(({ members }) => members.length > 1);

/**
 * What most members have, and those that have something else. Of what as many have, it is what the one has that started last:
 * where a change goes.
 */
export function mostCommon<T extends string | number>(
  members: readonly Member[],
  valueOf: (member: Member) => T,
): { readonly value: T; readonly others: readonly Member[]; readonly isMajority: boolean } {
  const groups = [...Map.groupBy(members, valueOf)].map(([value, own]) => ({
    value,
    own,
    latest: Math.max(...own.map(({ varz }) => varz.start)),
  }));
  const [top] = groups.toSorted((a, b) => b.own.length - a.own.length || b.latest - a.latest);
  if (top === undefined) throw new Error('a cluster without members');
  const others = members.filter((member) => !top.own.includes(member));
  return { value: top.value, others, isMajority: top.own.length > others.length };
}

/** Whether one of these spans is too short to tell what has held for so long, ms. */
export const isFresh = (spans: readonly number[], hold: number): boolean => spans.some((span) => span < hold);
