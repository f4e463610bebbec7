import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { leadership, metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';
import { isWhole, missedPeers, namesOf } from './peers.ts';

export default defineDiagnosis({
  id: 'META_101',
  title: 'Meta peers that no server is',
  brief: ['meta group', 'phantom peers'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: {},
  limits: {
    phantoms: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'offline members of a meta group that are no watched server' },
    ),
  },
  // Replaced servers may be removed by who replaces them.
  for: minutes(10),
  why:
    'A server that was taken away, or came back under another name, counts as a member until it is removed: the others need a ' +
    'majority of all, so that fewer of them may fail before nothing can be decided. Replicas that it had stay missing.',
  remedy:
    'Is it gone for good? Remove it by its name (`nats server cluster peer-remove NAME`): its replicas are then made anew on other ' +
    'servers. Never remove one that may come back with its store, nor two at once. A server that runs and is not watched, on a ' +
    'leafnode for instance, wants a target in settings. For servers that are replaced keep `server_name` and store (a StatefulSet, a fixed name).',
  evaluate({ servers, unread }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    if (!isWhole(servers, unread))
      return notApplicable('not all servers of the cluster are watched and were read, or it has gateways');
    const known = namesOf(servers);
    const measurements = groups.flatMap((group) => {
      const phantoms = missedPeers(group)
        .filter(({ offline, name }) => offline && !known.has(name))
        .map(({ name }) => name);
      if (phantoms.length === 0) return [];
      const data = { group, phantoms };
      return [{ limit: 'phantoms' as const, entity: group.entity, value: phantoms.length, data }];
    });
    if (measurements.length === 0) return nothing(groups.map(leadership).join('; '));
    return measured(`offline: ${inline(measurements.flatMap(({ data }) => data.phantoms))}`, measurements);
  },
  describe({ entity, value, data: { group, phantoms } }) {
    const spare = Math.max(0, group.size - value - group.quorum);
    return {
      summary: `The meta group of ${entity.name} counts ${plural(value, 'member')} that no server is: ${inline(phantoms, 5)}.`,
      evidence: [
        `${group.size} are counted, ${group.quorum} of them are needed, ${group.size - value} are there: ` +
          (spare === 0 ? 'not one more may fail' : `${spare} more may fail`),
        `watched: ${inline(
          group.servers.map(({ name }) => name),
          7,
        )}`,
      ],
      commands: {
        ...metaCommands(group),
        nats: `nats server cluster peer-remove '${(phantoms[0] ?? '').replaceAll("'", '')}' # only if it never returns`,
      },
    };
  },
});
