import { atLeast, defineDiagnosis, known, measured, minutes, nothing } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { membersOf, notCompared } from '../members.ts';

export default defineDiagnosis({
  id: 'CLUSTER_102',
  title: 'Servers of one cluster have the same name',
  brief: ['servers', 'name used twice'],
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    servers: atLeast(
      { warning: 2 },
      { unit: 'count', servers: 2, of: 'servers of one cluster with the same `server_name`' },
    ),
  },
  // While a host is replaced, the old server and the new one may both answer for a moment.
  for: minutes(3),
  why:
    'Servers refuse a route to one whose name they know already ("duplicate name" in their logs, again and again). Both ' +
    'start and serve clients, but messages do not pass between them, and JetStream takes them for one.',
  remedy:
    'Give each server a `server_name` of its own and restart it: mostly a configuration or a host image was copied. With ' +
    'JetStream keep the name of the one whose streams are wanted, as they are kept under it.',
  evaluate({ servers, unread }) {
    const members = membersOf(servers);
    if (members.length === 0) return notCompared(unread, 'no watched server is in a cluster');
    const named = Map.groupBy(members, ({ cluster, name }) => JSON.stringify([cluster, name]));
    const measurements = [...named.values()].flatMap((same) => {
      const [first] = same;
      if (first === undefined || same.length < 2) return [];
      const { cluster, name } = first;
      const entity = { kind: 'server' as const, name };
      return [{ limit: 'servers' as const, entity, value: same.length, data: { cluster, name, same } }];
    });
    if (measurements.length === 0) return nothing('no name is used twice');
    const names = measurements.map(
      ({ entity, value }) => `${formatCount(value)} servers named ${entity.name}`,
    );
    return measured(inline(names), measurements);
  },
  describe: ({ value, data: { cluster, name, same } }) => ({
    summary:
      `${formatCount(value)} servers of cluster ${cluster} have the name ${name}: ` +
      `${inline(same.map(({ target }) => target.name))}.`,
    evidence: same.map(
      ({ target, id, varz }) =>
        `${target.name} (${target.url}): server_id ${id}, routes to ${known(() => plural(varz.remotes, 'other')) ?? 'an unknown number of others'}`,
    ),
    commands: {
      nats: 'nats server list',
      curl: same
        .map(({ target }) => `curl -s '${target.url}/varz' | grep -E '"server_(id|name)"'`)
        .join('; '),
    },
  }),
});
