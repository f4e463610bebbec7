import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { formatBytes, formatPercent, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';

export default defineDiagnosis({
  id: 'JETSTREAM_010',
  title: 'Stream near the bytes that it may hold',
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    // A stream that drops its oldest is full by design.
    refusing: atLeast(
      { warning: 0.9, critical: 0.98 },
      { unit: 'ratio', of: '`max_bytes` of a stream that refuses messages when it is full (discard new)' },
    ),
  },
  for: minutes(1),
  why: 'At `max_bytes` a stream with `discard: new` refuses every message, and no counter of the server shows it.',
  remedy:
    'Are its consumers behind, or gone? Mend them first. Then raise `max_bytes` if the store has room (`nats stream edit`), or ' +
    'let it drop the oldest (`discard: old`), which loses messages that nobody has read.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const limited = assets.streams.flatMap((stream) => {
      const { row } = stream.leader ?? {};
      if (row === undefined || row.config.maxBytes <= 0 || row.config.discard !== 'new') return [];
      return [{ stream, bytes: row.state.bytes, most: row.config.maxBytes }];
    });
    if (limited.length === 0) return nothing('no stream refuses messages by its bytes');
    return measured(
      plural(limited.length, 'stream with such a limit', 'streams with such a limit'),
      limited.map(({ stream, bytes, most }) => ({
        limit: 'refusing' as const,
        entity: stream.entity,
        value: bytes / most,
        data: { stream, bytes, most },
      })),
    );
  },
  describe: ({ entity, value, level, data: { stream, bytes, most } }) => ({
    summary:
      `Stream ${entity.name} holds ${formatBytes(bytes)} of at most ${formatBytes(most)}: ${formatPercent(value)}, limit ` +
      `${formatPercent(level)}. Full, it refuses every message.`,
    evidence: [placement(stream)],
    commands: streamCommands(stream),
  }),
});
