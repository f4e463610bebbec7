import { defineDiagnosis, from, minutes, notApplicable } from '../../define.ts';
import { formatBytes, formatPercent, plural } from '../../engine/format.ts';
import { jetStreamIsOffHere, measuredStore, storeLimits } from './jetstream.ts';

/**
 * Insights lists its critical level as a check of its own, JETSTREAM_016. Its SERVER_017 compares with what is reserved, a sum of
 * what streams may hold and no ceiling: what is reserved is compared with the maximum by SERVER_131.
 */
export default defineDiagnosis({
  id: 'SERVER_019',
  title: 'JetStream store near its maximum',
  brief: ['store', 'nearly full'],
  scope: 'server',
  reads: { jsz: from() },
  history: {},
  limits: storeLimits('max_file_store'),
  for: minutes(1),
  rule: { alert: 'NatsHighJetstreamStoreUsage', limit: 'used', warnsEarlier: true },
  why:
    'A full store refuses every message for its streams, large ones from about 90 % on, and no counter, no health probe says so. ' +
    'In a cluster the leader of a stream gives up on it, and no other is elected. Compressed streams count what they hold ' +
    'uncompressed: `du` shows less.',
  remedy:
    'Raise `max_file_store` and restart, if the disk has room: before 2.15 a reload may be refused. Else make room while there is ' +
    'some: limit large streams (`max_bytes`, `max_age`), or purge or delete what nobody needs (`nats stream purge`, `nats stream ' +
    'rm`, which lose it). Once full, a replicated stream has no leader and refuses a purge.',
  evaluate({ target, varz, jsz }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { storage, config, streams } = jsz;
    if (config.max_storage <= 0) return notApplicable('it has no file store');
    return measuredStore(
      { target, part: storage, most: config.max_storage, streams },
      varz.jetstream.config?.max_storage ?? 0,
    );
  },
  describe: ({ value, level, data: { target, part, most, streams } }) => ({
    summary:
      `JetStream of ${target.name} stores ${formatBytes(part)} of at most ${formatBytes(most)}: ` +
      `${formatPercent(value)}, limit ${formatPercent(level)}.`,
    evidence: [`it holds ${plural(streams, 'replica')} of streams`],
    commands: {
      nats: 'nats stream report',
      curl: `curl -s '${target.url}/jsz' | grep -E '"(max_)?storage"'`,
    },
  }),
});
