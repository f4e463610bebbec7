import { atLeast, defineDiagnosis, measured, minutes, nothing, previous } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { membersOf, notCompared, type Member } from '../members.ts';

/** A look before this one counts if no more than one run was left out. */
const longestGap = minutes(2);

/** Of one server: how many of the others it should reach, and how many fewer it reached in this look or the last. */
type Reach = Member & { readonly expected: number; readonly missing: number };

/**
 * By `remotes` of `/varz`, which counts peers; `routes` counts connections, several a peer. Where a route comes and
 * goes, the smaller of two looks counts. A peer that nobody watches stands in for one that is missing:
 * NatsHighRoutesCount tells of those. Servers of one name are CLUSTER_102's.
 */
export default defineDiagnosis({
  id: 'CLUSTER_005',
  title: 'Servers of a cluster have no route to each other',
  scope: 'cluster',
  reads: {},
  history: { missing: previous() },
  limits: {
    cutOff: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers of a cluster that reach fewer of its watched servers than there are' },
    ),
  },
  for: minutes(3),
  why:
    'Servers without a route pass no messages to each other: clients on one do not hear those on the other, and JetStream ' +
    'may lack the majority it needs. Both go on serving their own clients, so that nothing else shows it.',
  remedy:
    'Look for route errors in their logs. Are the cluster ports (`cluster.port`, usually 6222) open between all of them, both ' +
    'ways (security groups, network ACLs)? Are cluster name, `cluster.authorization` and certificates the same, and do `routes` ' +
    'name addresses that exist?',
  evaluate({ servers, unread }, { at }) {
    const members = membersOf(servers);
    const clusters = Map.groupBy(members, ({ cluster }) => cluster);
    const histories = new Map(servers.map(({ varz, history }) => [varz.server_id, history]));
    const reaches = [...clusters].map(([cluster, own]) => {
      const names = Map.groupBy(own, ({ name }) => name);
      const expected = names.size - 1;
      const reach = own.map((member): Reach => {
        const isShared = (names.get(member.name)?.length ?? 0) > 1;
        const now = isShared ? 0 : Math.max(0, expected - member.varz.remotes);
        const last = histories.get(member.id)?.missing(now) ?? null;
        const missing = last !== null && at - last.at <= longestGap ? Math.max(now, last.value) : now;
        return { ...member, expected, missing };
      });
      return { cluster, reach, expected };
    });
    const several = reaches.filter(({ expected }) => expected > 0);
    if (several.length === 0) return notCompared(unread, 'no two watched servers are of one cluster');
    const measurements = several.flatMap(({ cluster, reach }) => {
      const cutOff = reach.filter(({ missing }) => missing > 0);
      if (cutOff.length === 0) return [];
      const data = { cluster, reach, cutOff };
      const entity = { kind: 'cluster' as const, name: cluster };
      return [{ limit: 'cutOff' as const, entity, value: cutOff.length, data }];
    });
    const [first] = measurements;
    if (first === undefined) return nothing('no route is missing');
    return measured(inline(first.data.cutOff.map(reached)), measurements);
  },
  describe: ({ value, data: { cluster, reach, cutOff } }) => ({
    summary:
      `In cluster ${cluster} ${plural(value, 'server')} of ${formatCount(reach.length)} watched ` +
      `${value === 1 ? 'lacks' : 'lack'} routes to others: ${inline(cutOff.map(reached))}.`,
    evidence: reach.map((each) => `${reached(each)} (${each.id})`),
    commands: {
      nats: 'nats server list',
      curl: `curl -s '${cutOff[0]?.target.url ?? ''}/routez' | grep -E '"(remote_id|remote_name|ip|port)"'`,
    },
  }),
  details: ({ data: { cutOff } }) => cutOff.map(({ target }) => ({ target, endpoint: 'routez' as const })),
  enrich: ({ data: { reach } }, { routez }) => ({
    evidence: routez.flatMap(({ server_id: id, routes }) => {
      const own = reach.find((each) => each.id === id);
      const ids = new Set(routes.map((route) => route.remote_id));
      const lacking = reach.filter((each) => each.id !== id && !ids.has(each.id));
      if (own === undefined || lacking.length === 0) return [];
      return [`${own.target.name} has no route to ${inline(lacking.map(({ target }) => target.name))}`];
    }),
  }),
});

const reached = ({ target, expected, missing }: Reach): string =>
  `${target.name} reaches ${formatCount(expected - missing)} of ${plural(expected, 'other')}`;
