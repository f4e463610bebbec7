import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { leaderOf, leadership, metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';

/** A change of leader takes 4 to 8 s, and servers are not read at the same moment: two runs in a row count. */
export default defineDiagnosis({
  id: 'META_002',
  title: 'Servers name different meta leaders',
  brief: ['meta group', 'leaders disagree'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: {},
  limits: {
    leaders: atLeast(
      { critical: 2 },
      { unit: 'count', servers: 2, of: 'meta leaders that servers of one group name' },
    ),
  },
  for: minutes(1),
  why:
    'Two parts of one meta group follow leaders of their own: they are cut off from each other, or were started as two groups. ' +
    'Only the part with the majority decides; what the other says of streams and consumers is old.',
  remedy:
    'Do all servers have routes to each other (CLUSTER_005, CLUSTER_112), one cluster name and one system account, each a server_name of its ' +
    'own (CLUSTER_102)? Mend that first: the part without the majority then follows the other. If it does not, restart its servers, ' +
    'one by one.',
  evaluate({ servers }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const torn = groups.filter(({ leaderNames }) => leaderNames.length > 1);
    const seen = groups.map(leadership).join('; ');
    if (torn.length === 0) return nothing(seen);
    return measured(
      seen,
      torn.map((group) => ({
        limit: 'leaders' as const,
        entity: group.entity,
        value: group.leaderNames.length,
        data: group,
      })),
    );
  },
  describe: ({ entity, value, data: group }) => ({
    summary: `Servers of ${entity.name} name ${plural(value, 'meta leader')}: ${inline(group.leaderNames, 5)}.`,
    evidence: group.leaderNames.map((leader) => {
      const followers = group.servers.filter((member) => leaderOf(member) === leader);
      return `${leader} is named by ${inline(
        followers.map(({ name }) => name),
        5,
      )}`;
    }),
    commands: metaCommands(group),
  }),
});
