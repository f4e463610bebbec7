import { atLeast, defineDiagnosis, from, measured, minutes, nothing, previous } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { groupsOf, reachOf, routesCommand, routesRemedy, type Reach } from '../links/reach.ts';
import { notCompared } from '../members.ts';

/** By what was read alone: who does not answer is no part of a group, and may be between two. */
export default defineDiagnosis({
  id: 'CLUSTER_112',
  title: 'A cluster is split',
  scope: 'cluster',
  reads: { routez: from() },
  history: { missing: previous() },
  limits: {
    groups: atLeast(
      { critical: 2 },
      {
        unit: 'count',
        servers: 2,
        of: 'groups of watched servers of one cluster without a route to each other',
      },
    ),
  },
  // A server that starts, or is restarted, has its routes within seconds; what one look alone shows does not count anyway.
  for: minutes(1),
  why:
    'Each group goes on by itself as if it were the whole cluster, and answers its own clients: messages do not pass from one ' +
    'to the other, requests find no responders, and where a group is no majority its JetStream stands. Nothing else shows it.',
  remedy: routesRemedy,
  evaluate({ servers, unread }, { at }) {
    const clusters = reachOf(servers, at);
    if (clusters.length === 0) return notCompared(unread, 'no two watched servers are of one cluster');
    const measurements = clusters.map((each) => {
      const groups = groupsOf(each);
      const entity = { kind: 'cluster' as const, name: each.cluster };
      return { limit: 'groups' as const, entity, value: groups.length, data: { ...each, groups } };
    });
    const split = measurements.filter(({ value }) => value > 1);
    if (split.length === 0) return nothing('no cluster is split');
    return measured(split.map(({ data: { groups } }) => partsOf(groups)).join('; '), measurements);
  },
  describe: ({ value, data: { cluster, members, groups } }) => ({
    summary: `Cluster ${cluster} is split into ${plural(value, 'group')} without a route to each other: ${partsOf(groups)}.`,
    evidence: [
      ...groups.map(
        (own) =>
          `${formatCount(own.length)} of ${plural(members.length, 'watched server')}: ${namesOf(own, members.length)}`,
      ),
      ...members.map(({ target, id }) => `${target.name} is ${id} at ${target.url}`),
    ],
    commands: {
      nats: 'nats server list',
      curl: groups
        .flatMap(([first]) => (first === undefined ? [] : [routesCommand(first.target)]))
        .slice(0, 2)
        .join('; '),
    },
  }),
});

const namesOf = (group: readonly Reach[], most?: number): string =>
  inline(
    group.map(({ target }) => target.name),
    most,
  );

/** `n1, n2 | n3` */
const partsOf = (groups: readonly (readonly Reach[])[]): string =>
  groups.map((own) => namesOf(own)).join(' | ');
