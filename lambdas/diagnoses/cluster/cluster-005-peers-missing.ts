import { atLeast, defineDiagnosis, from, measured, minutes, nothing, previous } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { groupsOf, reachOf, routesCommand, routesRemedy, type Reach } from '../links/reach.ts';
import { notCompared } from '../members.ts';

/**
 * By the servers that routes lead to, several to one peer. Where one comes and goes, the worse of two looks counts. A cluster that is split is CLUSTER_112's, servers of one name are
 * CLUSTER_102's.
 */
export default defineDiagnosis({
  id: 'CLUSTER_005',
  title: 'Servers of a cluster have no route to each other',
  scope: 'cluster',
  reads: { routez: from() },
  history: { missing: previous() },
  limits: {
    cutOff: atLeast(
      { warning: 1 },
      {
        unit: 'count',
        servers: 2,
        of: 'servers of a cluster that reach fewer of its watched servers than there are',
      },
    ),
  },
  for: minutes(3),
  why:
    'Servers without a route pass no messages to each other, also where a third one reaches both: clients on one do not hear ' +
    'those on the other, and JetStream may lack the majority it needs. Both go on serving their own clients, so that nothing ' +
    'else shows it.',
  remedy: routesRemedy,
  evaluate({ servers, unread }, { at }) {
    const clusters = reachOf(servers, at);
    if (clusters.length === 0) return notCompared(unread, 'no two watched servers are of one cluster');
    const measurements = clusters.flatMap((each) => {
      const { cluster, members } = each;
      const cutOff = members.filter(({ lacks }) => lacks.length > 0);
      if (cutOff.length === 0 || groupsOf(each).length > 1) return [];
      const data = { cluster, members, cutOff };
      const entity = { kind: 'cluster' as const, name: cluster };
      return [{ limit: 'cutOff' as const, entity, value: cutOff.length, data }];
    });
    const [first] = measurements;
    if (first === undefined) return nothing('no route is missing');
    return measured(inline(first.data.cutOff.map(lacking)), measurements);
  },
  describe: ({ value, data: { cluster, members, cutOff } }) => ({
    summary:
      `In cluster ${cluster} ${plural(value, 'server')} of ${formatCount(members.length)} watched ` +
      `${value === 1 ? 'lacks' : 'lack'} routes to others: ${inline(cutOff.map(lacking))}.`,
    evidence: [
      ...cutOff.map(lacking),
      ...members.map(({ target, id, lacks }) => {
        const others = members.length - 1;
        return `${target.name} (${id}) reaches ${formatCount(others - lacks.length)} of ${plural(others, 'other')}`;
      }),
    ],
    commands: {
      nats: 'nats server list',
      curl: cutOff
        .slice(0, 1)
        .map(({ target }) => routesCommand(target))
        .join(),
    },
  }),
});

const lacking = ({ target, lacks }: Reach): string =>
  `${target.name} has no route to ${inline(lacks.map((other) => other.target.name))}`;
