import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, nothing } from '../../define.ts';
import { formatBytes, formatCount, plural } from '../../engine/format.ts';
import type { StreamConfig, StreamRow } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, type Consumer } from '../assets/assets.ts';
import { consumerCommands, placement } from '../assets/words.ts';
import { firstLook } from './first-look.ts';
import { milliseconds, progressOf } from './progress.ts';

/**
 * The stream let messages go that the consumer had not come to. Insights' rule (delivered below the first sequence) also holds
 * for a consumer that has all it wants, with a filter, or of a stream that keeps the newest of each subject: none of these is
 * counted here.
 */
export default defineDiagnosis({
  id: 'CONSUMER_004',
  title: 'Messages left the stream before the consumer read them',
  brief: ['consumers', 'messages lost unread'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    lost: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'messages that left the stream before a consumer came to them' },
    ),
  },
  // A consumer that is only just behind comes past them with its next message.
  for: minutes(2),
  why: 'The stream drops its oldest messages by its limits, read or not; the consumer goes on with what is left, without an error.',
  remedy:
    'Let the consumer catch up first: are its clients running, are there enough of them? Then give the stream room for what piles up ' +
    '(`nats stream edit`: max_age, max_bytes, max_msgs), or have it refuse new messages instead (`discard: new`), which publishers ' +
    'then see. What is gone can only be had from where it was published.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const losing = firstLook(assets).behindStream.flatMap((consumer) => {
      const stream = streamWhereLed(consumer);
      const lost = stream === null ? 0 : lostOf(consumer, stream);
      if (stream === null || lost <= 0) return [];
      return [{ limit: 'lost' as const, entity: consumer.entity, value: lost, data: { consumer, stream } }];
    });
    if (losing.length === 0)
      return nothing(`${plural(assets.consumers.count, 'consumer')}, none behind its stream's first message`);
    return measured(`${plural(losing.length, 'consumer')} behind the first message of the stream`, losing);
  },
  describe({ entity, value, data: { consumer, stream } }) {
    const { state, config } = stream;
    const delivered = progressOf(consumer)?.row.delivered.streamSeq ?? 0;
    return {
      summary:
        `Consumer ${entity.name} has lost up to ${plural(value, 'message')} unread: it came to sequence ${formatCount(delivered)}, ` +
        `and the stream begins at ${formatCount(state.firstSeq)}.`,
      evidence: [
        `${formatCount(consumer.leader?.row.pending ?? 0)} still pending`,
        `the stream keeps ${keeps(config)}, and holds ${plural(state.messages, 'message')}, ${formatBytes(state.bytes)}`,
        placement(consumer),
      ],
      commands: consumerCommands(consumer),
    };
  },
});

/** The stream as the same reply shows it in which the consumer's leader speaks. */
const streamWhereLed = ({ leader, stream }: Consumer): StreamRow | null =>
  stream.replicas.find(({ server }) => server === leader?.server)?.row ?? null;

function lostOf({ leader }: Consumer, { config, state }: StreamRow): number {
  if (leader === null) return 0;
  const { delivered, pending, config: own } = leader.row;
  const mayTell = own.ackPolicy !== 'none' && own.filters.length === 0 && config.maxMsgsPerSubject <= 0;
  return mayTell && pending > 0 && delivered.streamSeq > 0 ? state.firstSeq - 1 - delivered.streamSeq : 0;
}

function keeps({ maxMsgs, maxBytes, maxAge }: StreamConfig): string {
  const limits = [
    ...(maxMsgs > 0 ? [plural(maxMsgs, 'message')] : []),
    ...(maxBytes > 0 ? [formatBytes(maxBytes)] : []),
    ...(maxAge > 0 ? [formatDuration(milliseconds(maxAge))] : []),
  ];
  return limits.length === 0 ? 'all' : `at most ${limits.join(', ')}`;
}
