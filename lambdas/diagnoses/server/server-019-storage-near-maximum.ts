import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable } from '../../define.ts';
import { formatBytes, formatPercent } from '../../engine/format.ts';

/** Insights lists its critical level as a check of its own, JETSTREAM_016. */
export default defineDiagnosis({
  id: 'SERVER_019',
  title: 'JetStream store near its maximum',
  scope: 'server',
  reads: { jsz: from() },
  history: {},
  limits: {
    used: atLeast({ warning: 0.9, critical: 0.95 }, { unit: 'ratio', of: '`max_file_store` in use' }),
  },
  for: minutes(1),
  why:
    'A full store refuses every message for its streams, and no counter, no health probe says so. Compressed streams ' +
    'count what they hold uncompressed: `du` shows less.',
  remedy:
    'Which streams are large, and do they have limits (`max_bytes`, `max_age`)? Set them, or purge what nobody needs ' +
    '(`nats stream purge`, which loses it). Else raise `max_file_store`, with the disk if it must be, and reload.',
  evaluate({ target, jsz }) {
    if (jsz.disabled) return notApplicable('JetStream is off on this server');
    const { storage, config } = jsz;
    if (config.max_storage <= 0) return notApplicable('it has no file store');
    const used = storage / config.max_storage;
    const seen = `${formatBytes(storage)} of ${formatBytes(config.max_storage)} (${formatPercent(used)})`;
    return measured(seen, [
      {
        limit: 'used',
        entity: { kind: 'server', name: target.name },
        value: used,
        data: { target, storage, most: config.max_storage, streams: jsz.streams },
      },
    ]);
  },
  describe: ({ value, level, data: { target, storage, most, streams } }) => ({
    summary:
      `JetStream of ${target.name} stores ${formatBytes(storage)} of at most ${formatBytes(most)}: ` +
      `${formatPercent(value)}, limit ${formatPercent(level)}.`,
    evidence: [`it holds replicas of ${streams} streams`],
    commands: {
      nats: 'nats stream report --storage',
      curl: `curl -s '${target.url}/jsz' | grep -E '"(max_)?storage"'`,
    },
  }),
});
