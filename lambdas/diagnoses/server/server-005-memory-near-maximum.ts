import { defineDiagnosis, from, minutes, notApplicable } from '../../define.ts';
import { formatBytes, formatPercent, plural } from '../../engine/format.ts';
import { jetStreamIsOffHere, measuredStore, storeLimits } from './jetstream.ts';

/**
 * Insights compares with `reserved_memory` and lists its critical level as JETSTREAM_007. That is the sum of `max_bytes` of streams,
 * 0 where none has one: what refuses messages is `max_memory_store`.
 */
export default defineDiagnosis({
  id: 'SERVER_005',
  title: 'JetStream memory near its maximum',
  brief: ['store', 'memory nearly full'],
  scope: 'server',
  reads: { jsz: from() },
  history: {},
  limits: storeLimits('max_memory_store'),
  for: minutes(1),
  rule: { alert: 'NatsHighJetstreamMemoryUsage', limit: 'used', warnsEarlier: true },
  why:
    'A full memory store refuses every message for streams in memory, and no counter, no health probe says so. Streams on file ' +
    'go on.',
  remedy:
    'Which streams in memory are large, and do they have limits (`max_bytes`, `max_age`)? Set them, or purge what nobody ' +
    'needs (`nats stream purge`, which loses it). Else raise `max_memory_store` and restart, if the host has the memory: before ' +
    '2.15 a reload may be refused.',
  evaluate({ target, varz, jsz }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { memory, config, streams } = jsz;
    if (config.max_memory <= 0) return notApplicable('it has no memory store');
    return measuredStore(
      { target, part: memory, most: config.max_memory, streams },
      varz.jetstream.config?.max_memory ?? 0,
    );
  },
  describe: ({ value, level, data: { target, part, most, streams } }) => ({
    summary:
      `JetStream of ${target.name} holds ${formatBytes(part)} of at most ${formatBytes(most)} in memory: ` +
      `${formatPercent(value)}, limit ${formatPercent(level)}.`,
    evidence: [`it holds ${plural(streams, 'replica')} of streams, on file or in memory`],
    commands: {
      nats: 'nats stream report',
      curl: `curl -s '${target.url}/jsz' | grep -E '"(max_)?memory"'`,
    },
  }),
});
