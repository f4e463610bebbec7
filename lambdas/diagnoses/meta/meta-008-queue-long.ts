import { above, defineDiagnosis, from, measured, minutes, notApplicable } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';

/**
 * A burst of 1,200 requests makes 645 wait for a second: two runs in a row count. At 10,000 (`request_queue_limit`) a server drops
 * all that wait.
 */
export default defineDiagnosis({
  id: 'META_008',
  title: 'JetStream requests wait on the meta leader',
  brief: ['meta group', 'requests wait'],
  scope: 'cluster',
  reads: { jsz: from('2.10.21') },
  history: {},
  limits: {
    pending: above(
      { warning: 500, critical: 5_000 },
      { unit: 'count', of: 'JetStream API requests that wait on the meta leader' },
    ),
  },
  for: minutes(1),
  why:
    'Creating, changing and asking about streams and consumers goes by the meta leader. Clients time out and ask again, which makes ' +
    'the queue longer; at its limit (10,000 unless `request_queue_limit` says so) the server drops all that wait.',
  remedy:
    'Who asks? `nats events --js-advisory` shows requests with their clients. Mostly it is clients that create consumers in a loop, ' +
    'that ask for stream info before each message, or all at once after a restart: let them back off. If the leader is short of ' +
    'CPU or disk, let another lead (`nats server cluster step-down`; requests wait for seconds).',
  evaluate({ servers }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const queues = groups.flatMap((group) => {
      const { pending } = group.leader?.meta ?? {};
      return group.leader === null || pending === undefined ? [] : [{ group, leader: group.leader, pending }];
    });
    if (queues.length === 0) return notApplicable('no meta leader is among the servers that were read');
    return measured(
      queues.map(({ leader, pending }) => `${formatCount(pending)} wait on ${leader.name}`).join('; '),
      queues.map((data) => ({
        limit: 'pending' as const,
        entity: data.group.entity,
        value: data.pending,
        data,
      })),
    );
  },
  describe: ({ value, level, data: { group, leader } }) => ({
    summary: `${formatCount(value)} JetStream requests wait on the meta leader ${leader.name}, limit ${formatCount(level)}.`,
    evidence: [
      ...(leader.meta.pending_requests === undefined
        ? []
        : [
            `${formatCount(leader.meta.pending_requests)} change something, ${formatCount(leader.meta.pending_infos ?? 0)} only ask`,
          ]),
      `${leader.name} handles ${formatCount(leader.reading.api.inflight ?? 0)} at the moment`,
    ],
    commands: metaCommands(group),
  }),
});
