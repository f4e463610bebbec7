import { atLeast, defineDiagnosis, from, measured, minutes, nothing, unmoved } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { consumerCommands, placement } from '../assets/words.ts';
import { firstLook } from './first-look.ts';
import { isWhole, lastSeqOf, placeOf } from './progress.ts';
import { deletion } from './words.ts';

/**
 * Insights' rule at one look is wrong of a busy stream, whose state is read a moment before its consumers: here the consumer must
 * stand there. One that was made to start at a sequence to come has delivered nothing yet.
 */
export default defineDiagnosis({
  id: 'CONSUMER_005',
  title: 'Consumer ahead of its stream',
  brief: ['consumers', 'ahead of stream'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: { standing: unmoved({ most: 1_000, learns: false }) },
  limits: {
    ahead: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'sequences that a consumer is ahead of its stream' },
    ),
  },
  for: minutes(1),
  why:
    'The stream lost its end or was restored from an older copy. The consumer delivers nothing of what is published now until the ' +
    'stream has come past it.',
  remedy:
    'Find out what the stream lost before anything else: its other replicas, its backup. Then let the consumer begin anew where messages ' +
    'are missed: delete it (`nats consumer rm`, which forgets what was acknowledged) and create it with a deliver policy that takes them.',
  evaluate({ servers, unread, history }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const suspects = firstLook(assets).aheadOfStream.flatMap((consumer) => {
      const { leader, stream } = consumer;
      // A follower's last sequence may be an old one.
      if (leader === null || stream.leader === null || leader.row.delivered.consumerSeq === 0) return [];
      const last = lastSeqOf(consumer);
      return leader.row.delivered.streamSeq > last ? [{ consumer, row: leader.row, last }] : [];
    });
    const standing = history.standing(
      suspects,
      ({ consumer, row }) => ({ name: consumer.key, place: placeOf(row) }),
      isWhole(servers, unread),
    );
    const ahead = standing.stood
      .flatMap((i) => suspects[i] ?? [])
      .map(({ consumer, row, last }) => ({
        limit: 'ahead' as const,
        entity: consumer.entity,
        value: row.delivered.streamSeq - last,
        data: { consumer, row, last },
      }));
    if (ahead.length === 0)
      return nothing(`${plural(assets.consumers.count, 'consumer')}, none ahead of its stream`);
    return measured(`${plural(ahead.length, 'consumer')} ahead of the stream`, ahead);
  },
  describe: ({ entity, value, data: { consumer, row, last } }) => ({
    summary:
      `Consumer ${entity.name} is ${plural(value, 'message')} ahead of its stream: it delivered up to sequence ` +
      `${formatCount(row.delivered.streamSeq)}, and the stream ends at ${formatCount(last)}.`,
    evidence: [
      `nothing is delivered before sequence ${formatCount(row.delivered.streamSeq + 1)} is published`,
      `${formatCount(row.ackPending)} unacknowledged`,
      placement(consumer),
    ],
    remedy:
      'Find out what the stream lost before anything else: its other replicas, its backup. Then let the consumer begin anew where ' +
      `messages are missed: ${deletion({ consumer, row })}, and make it anew with a deliver policy that takes them.`,
    commands: consumerCommands(consumer),
  }),
});
