import { minutes, type Target } from '../../define.ts';
import type { Routez, Varz } from '../../readings/endpoints.ts';
import { membersOf, type Member } from '../members.ts';

/** A look before this one counts if no more than one run was left out. */
const longestGap = minutes(2);

type Linked = { readonly target: Target; readonly varz: Varz; readonly routez: Routez };
type Watched = Linked & {
  readonly history: {
    /** Ids of those that it lacks. */
    readonly missing: (ids: string) => { readonly value: string; readonly at: number } | null;
  };
};

/** A member, and other watched members of its cluster. */
export type Reach = Member<Watched> & {
  /** To which it had no route in this look or the last. */
  readonly lacks: readonly Member<Watched>[];
  /** To which it had none in both. */
  readonly isWithout: ReadonlySet<string>;
};

/** The watched members of one cluster. */
export type ClusterReach = { readonly cluster: string; readonly members: readonly Reach[] };

const peersOf = ({ routez: { routes } }: Linked): ReadonlySet<string> =>
  new Set(routes.map((route) => route.remote_id));

/** Clusters of which two members or more are watched, those of one name left out: CLUSTER_102 tells of these. */
const clustersOf = <S extends Linked>(servers: readonly S[]): readonly (readonly Member<S>[])[] =>
  [...Map.groupBy(membersOf(servers), ({ cluster }) => cluster).values()].flatMap((all) => {
    const named = Map.groupBy(all, ({ name }) => name);
    const members = all.filter(({ name }) => named.get(name)?.length === 1);
    return members.length < 2 ? [] : [members];
  });

const lackedBy = <S extends Linked>(
  member: Member<S>,
  members: readonly Member<S>[],
): readonly Member<S>[] => {
  const peers = peersOf(member);
  return members.filter(({ id }) => id !== member.id && !peers.has(id));
};

/** Pairs of servers of which neither has a route to the other; null where no two are of one cluster. */
export function missingRoutes(servers: readonly Linked[]): number | null {
  const clusters = clustersOf(servers);
  if (clusters.length === 0) return null;
  const pairs = clusters.flatMap((members) => {
    const lacks = new Map(members.map((each) => [each.id, lackedBy(each, members)]));
    return members.flatMap(({ id }) =>
      (lacks.get(id) ?? []).filter(
        (other) => id < other.id && lacks.get(other.id)?.some((it) => it.id === id),
      ),
    );
  });
  return pairs.length;
}

/** Who reaches whom. */
export const reachOf = (servers: readonly Watched[], at: number): readonly ClusterReach[] =>
  clustersOf(servers).map((members) => ({
    cluster: members[0]?.cluster ?? '',
    members: members.map((member): Reach => {
      const now = lackedBy(member, members).map(({ id }) => id);
      const last = member.history.missing(now.join(' '));
      const before = last !== null && at - last.at <= longestGap ? last.value.split(' ') : now;
      const lacking = new Set([...now, ...before]);
      return {
        ...member,
        lacks: members.filter(({ id }) => lacking.has(id)),
        isWithout: new Set(now.filter((id) => before.includes(id))),
      };
    }),
  }));

/**
 * Members that reach each other, over whatever servers, the largest group first: more than one where the cluster is split, in
 * this look and the last. A route that one end shows is there, and a server that was not read may be between others.
 */
export function groupsOf({ members }: ClusterReach): readonly (readonly Reach[])[] {
  const next = new Map<string, Set<string>>();
  const link = (a: string, b: string) => {
    const known = next.get(a) ?? new Set();
    next.set(a, known.add(b));
  };
  for (const member of members) {
    const others = members.filter(({ id }) => id !== member.id && !member.isWithout.has(id));
    for (const peer of [...peersOf(member), ...others.map(({ id }) => id)]) {
      link(member.id, peer);
      link(peer, member.id);
    }
  }
  const reached = new Set<string>();
  const groups: Reach[][] = [];
  for (const first of members) {
    if (reached.has(first.id)) continue;
    const own = new Set([first.id]);
    // A set goes on to what is added while it is walked.
    for (const id of own) for (const peer of next.get(id) ?? []) own.add(peer);
    for (const id of own) reached.add(id);
    groups.push(members.filter(({ id }) => own.has(id)));
  }
  return groups.toSorted((a, b) => b.length - a.length);
}

/** What is to be looked at where servers have no route to each other. */
export const routesRemedy =
  'Look for route errors in their logs. Are the cluster ports (`cluster.port`, usually 6222) open between all of them, both ' +
  'ways (security groups, network ACLs)? Are cluster name, `cluster.authorization` and certificates the same, and do `routes` ' +
  'name addresses that exist?';

/** Who reaches whom, of one server. */
export const routesCommand = ({ url }: Target): string =>
  `curl -s '${url}/routez' | grep -E '"(remote_id|remote_name|ip|port)"'`;
