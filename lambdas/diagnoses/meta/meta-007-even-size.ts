import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { metaGroupsOf, noMetaGroup } from './groups.ts';

export default defineDiagnosis({
  id: 'META_007',
  title: 'Meta group of an even number of servers',
  scope: 'cluster',
  reads: { jsz: from() },
  history: {},
  limits: { even: atLeast({ info: 1 }, { unit: 'count', of: 'meta groups of an even number of servers' }) },
  for: minutes(10),
  why: 'Four servers survive the loss of one, as three do, and two survive none: the extra one adds load and no safety.',
  remedy:
    'Run 3 or 5 servers with JetStream. Was a server taken away for good? It counts until it is removed ' +
    '(`nats server cluster peer-remove`).',
  evaluate({ servers }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const even = groups.filter(({ size }) => size > 1 && size % 2 === 0);
    if (even.length === 0) return nothing(groups.map(({ size }) => plural(size, 'server')).join(', '));
    return measured(
      even.map(({ size }) => plural(size, 'server')).join(', '),
      even.map((group) => ({ limit: 'even' as const, entity: group.entity, value: 1, data: group })),
    );
  },
  describe: ({ entity, data: { size, servers } }) => ({
    summary: `JetStream's meta group of ${entity.name} has ${plural(size, 'member')}, an even number.`,
    evidence: [`watched of it: ${servers.map(({ name }) => name).join(', ')}`],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${servers[0]?.target.url ?? ''}/jsz' | grep -A20 meta_cluster`,
    },
  }),
});
