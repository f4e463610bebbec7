import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff, tellingRow } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import { crowdRows, crowdOf } from './crowd.ts';

/** A stream that is made for a handful of consumers has all of them by design. */
const fewest = 10;

/**
 * Consumers are counted by name over all servers: `consumer_count` of a stream's row is of the consumers that have a replica on
 * that server.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_011',
  title: 'Stream near the consumers that it may have',
  brief: ['streams', 'consumers near limit'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    used: atLeast(
      { warning: 0.9, critical: 1 },
      { unit: 'ratio', of: `\`max_consumers\` of a stream that may have ${fewest} or more` },
    ),
  },
  for: minutes(1),
  why:
    'At `max_consumers` a client that needs a new consumer is refused ("maximum consumers limit reached"): whoever restarts or scales out ' +
    'does not get its messages.',
  remedy:
    'Are there consumers that nobody uses any more? Delete them (`nats consumer rm`, which forgets how far they had come), and give those ' +
    'that clients create an `inactive_threshold`. A stream keeps `max_consumers` as it was created: to raise it, create another stream.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const limited = assets.streams.flatMap((stream) => {
      const most = tellingRow(stream)?.config.maxConsumers ?? 0;
      return most < fewest ? [] : [{ stream, most, count: stream.consumers.count }];
    });
    if (limited.length === 0) return nothing('no stream limits its consumers');
    return measured(
      plural(limited.length, 'stream with such a limit', 'streams with such a limit'),
      limited.map(({ stream, most, count }) => ({
        limit: 'used' as const,
        entity: stream.entity,
        value: count / most,
        data: { stream, most, count },
      })),
    );
  },
  describe: ({ entity, value, level, data: { stream, most, count } }, { at }) => ({
    summary:
      `Stream ${entity.name} has ${plural(count, 'consumer')} of at most ${formatCount(most)}: ${formatPercent(value)}, limit ` +
      `${formatPercent(level)}.${count >= most ? ' Every new one is refused.' : ''}`,
    evidence: [...crowdRows(crowdOf(stream, at)), placement(stream)],
    commands: streamCommands(stream),
  }),
});
