import { atLeast, days, defineDiagnosis, from, measured, minutes, nothing, trend } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff, tellingRow } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';

export default defineDiagnosis({
  id: 'JETSTREAM_002',
  title: 'Stream of very many subjects',
  brief: ['streams', 'many subjects'],
  scope: 'cluster',
  reads: { streams: from() },
  history: { growth: trend(days(7)) },
  limits: {
    subjects: atLeast({ warning: 1_000_000 }, { unit: 'count', of: 'subjects of one stream' }),
  },
  for: minutes(1),
  why:
    'Every replica keeps all subjects in memory and reads them again when it starts: starts, snapshots and consumers with ' +
    'wildcards become slow, and memory grows without a message more.',
  remedy:
    'What makes the subjects? An id in them that never comes back (a request, a session) belongs into the message. Else let them ' +
    'end: `max_age`, or `max_msgs_per_subject` with a purge of subjects nobody needs (`nats stream purge --subject`, which deletes ' +
    'their messages), or spread them over several streams. Many on purpose? Raise this limit in settings, and see that memory suffices.',
  evaluate({ servers, history }, { cluster }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const counted = assets.streams.flatMap((stream) => {
      const row = tellingRow(stream);
      return row === null ? [] : [{ stream, row, subjects: row.state.subjects }];
    });
    const growth = history.growth(new Map(counted.map(({ stream, subjects }) => [stream.key, subjects])));
    if (counted.length === 0) return nothing('no streams');
    const most = Math.max(...counted.map(({ subjects }) => subjects));
    return measured(
      `${plural(counted.length, 'stream')}, at most ${plural(most, 'subject')}`,
      counted.map(({ stream, row, subjects }) => ({
        limit: 'subjects' as const,
        entity: stream.entity,
        value: subjects,
        data: { stream, row, perDay: growth(stream.key) },
      })),
    );
  },
  describe: ({ entity, value, level, data: { stream, row, perDay } }) => ({
    summary: `Stream ${entity.name} holds ${formatCount(value)} subjects, limit ${formatCount(level)}.`,
    evidence: [
      ...(perDay === null
        ? []
        : [`${perDay < 0 ? '' : '+'}${formatCount(Math.round(perDay))} subjects a day`]),
      `${plural(row.state.messages, 'message')}, ${formatCount(row.state.messages / value)} a subject` +
        (stream.name.startsWith('KV_') ? ': keys of a bucket' : ''),
      placement(stream),
    ],
    commands: streamCommands(stream),
  }),
});
