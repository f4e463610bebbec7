import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { leaderOf, leadership, metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';

/**
 * By the absence of a leader on every server that was read: `offline`, by which Insights counts, comes three minutes late.
 * A server that knows none while others do is cut off by itself, which SERVER_014 tells.
 */
export default defineDiagnosis({
  id: 'META_006',
  title: 'Meta group without a leader',
  brief: ['meta group', 'no leader'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: {},
  limits: {
    leaderless: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'servers with JetStream, where none of those that were read knows a meta leader' },
    ),
  },
  for: minutes(1),
  why:
    'Without a leader no stream or consumer can be created, changed or moved, nothing is placed anew. Streams go on that have ' +
    'their own majority; those that lost it too refuse publishes and deliver nothing. A majority of all members that were ' +
    'ever added is needed, dead ones included.',
  remedy:
    'Bring back servers that are down (SERVER_101) or cut off (CLUSTER_005, CLUSTER_112), or whose JetStream is off (SERVER_014, SERVER_132): a majority ' +
    'is enough, and waiting loses nothing. Do not delete a store, do not start servers under new names: a new server counts as ' +
    'one member more. Members can be removed only once there is a leader again (`nats server cluster peer-remove`, for servers ' +
    'that never return). If a majority is lost for good: nats-server 2.15 can lower the quorum for five minutes (`$JS.API.META.RESCUE`), in ' +
    'which the lost ones are to be removed; what was decided last may be lost.',
  evaluate({ servers, unread }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const measurements = groups.flatMap((group) => {
      const settled = group.servers.filter(({ isSettled }) => isSettled);
      if (settled.length === 0 || group.leaderNames.length > 0) return [];
      const data = { group, settled, unread: unread.map(({ target }) => target.name) };
      return [{ limit: 'leaderless' as const, entity: group.entity, value: settled.length, data }];
    });
    const seen = groups.map(leadership).join('; ');
    const conclusive = groups.every(({ leaderNames }) => leaderNames.length > 0);
    return measurements.length === 0
      ? nothing(seen, { conclusive })
      : measured(seen, measurements, { conclusive: true });
  },
  describe: ({ entity, value, data: { group, settled, unread } }) => ({
    summary:
      `JetStream of ${entity.name} has no meta leader: ` +
      `${value === 1 ? 'the one server that was read knows none' : `none of the ${value} servers that were read knows one`}, ` +
      `and ${group.quorum} of ${plural(group.size, 'member')} are needed.`,
    evidence: [
      `read: ${inline(
        settled.map(({ name }) => name),
        5,
      )}`,
      ...(unread.length === 0 ? [] : [`not read: ${inline(unread, 5)} (SERVER_101)`]),
      ...settled.flatMap((member) => {
        const lost = (member.meta.replicas ?? []).filter(
          (peer) => peer.name !== member.name && !peer.current,
        );
        return leaderOf(member) === null && lost.length > 0
          ? [
              `${member.name} does not hear ${inline(
                lost.map(({ name, offline }) => `${name}${offline ? ' (offline)' : ''}`),
                5,
              )}`,
            ]
          : [];
      }),
    ],
    commands: metaCommands(group),
  }),
});
