import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { withOwnersWords } from '../assets/owned.ts';
import { unreadable } from '../assets/owner-levels.ts';
import { streamCommands, placement } from '../assets/words.ts';

export default defineDiagnosis({
  id: 'JETSTREAM_121',
  title: 'Level in the metadata of a stream that is none',
  scope: 'cluster',
  reads: { streams: from('2.10.0') },
  history: {},
  limits: {
    unreadable: atLeast({ warning: 1 }, { unit: 'count', of: 'entries of `io.nats.monitor.` that are none' }),
  },
  for: minutes(1),
  why: 'Its owner believes to be told, and is not: the value is no number or duration, or the key is not of the convention.',
  remedy:
    'Correct the metadata (`nats stream edit --metadata`). Numbers are whole, durations such as 30s, 5m or 1d.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const wrong = withOwnersWords(assets.streams).flatMap((stream) => {
      const entries = unreadable(stream.leader?.row.config.metadata ?? {});
      if (entries.length === 0) return [];
      return [
        {
          limit: 'unreadable' as const,
          entity: stream.entity,
          value: entries.length,
          data: { stream, entries },
        },
      ];
    });
    if (wrong.length === 0) return nothing(plural(assets.streams.length, 'stream'));
    return measured(`${plural(wrong.length, 'stream')} with such metadata`, wrong);
  },
  describe: ({ entity, value, data: { stream, entries } }) => ({
    summary: `Stream ${entity.name} has ${plural(value, 'entry', 'entries')} of io.nats.monitor in its metadata that cannot be used.`,
    evidence: [...entries, placement(stream)],
    commands: streamCommands(stream),
  }),
});
