import {
  atLeast,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  trend,
  type Brief,
} from '../../define.ts';
import { formatPercent, plural } from '../../engine/format.ts';
import type { StreamConfig, StreamState } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, tellingRow } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';

/** An option that limits what a stream holds, and how much of it is used. */
type Fullness = {
  readonly id: string;
  readonly title: string;
  readonly brief: Brief;
  readonly option: 'max_bytes' | 'max_msgs';
  readonly most: (config: StreamConfig) => number;
  readonly held: (state: StreamState) => number;
  /** Of one more message. */
  readonly next: (state: StreamState) => number;
  readonly format: (amount: number) => string;
};

/**
 * Full is trouble for a stream that refuses messages then, and for a work queue or interest stream that drops its oldest:
 * what these hold, somebody has not acknowledged. Any other stream that drops its oldest is full by design, and whether a
 * consumer lost something by it only the consumer can tell.
 */
const whenFull = ({ discard, retention }: StreamConfig): 'refusing' | 'losing' | null => {
  if (discard === 'new') return 'refusing';
  return retention === 'limits' ? null : 'losing';
};

const thenWords = {
  refusing: ['it refuses every message', 'it refuses messages'],
  losing: [
    'it drops its oldest, which nobody has acknowledged',
    'it drops messages that nobody has acknowledged',
  ],
} as const;

/** A diagnosis of streams that are nearly full, by one of the options that limit them. */
export const fullStreams = ({ id, title, brief, option, most, held, next, format }: Fullness) =>
  defineDiagnosis({
    id,
    title,
    brief,
    scope: 'cluster',
    reads: { streams: from() },
    history: { growth: trend(days(7)) },
    limits: {
      refusing: atLeast(
        { warning: 0.9, critical: 0.98 },
        {
          unit: 'ratio',
          of: `\`${option}\` of a stream that refuses messages when it is full (discard new)`,
        },
      ),
      losing: atLeast(
        { warning: 0.9, critical: 0.98 },
        {
          unit: 'ratio',
          of: `\`${option}\` of a work queue or interest stream that drops its oldest when it is full (discard old)`,
        },
      ),
    },
    for: minutes(1),
    why:
      `At \`${option}\` a stream with \`discard: new\` refuses every message, and no counter of the server shows it. A work queue ` +
      'or interest stream with `discard: old` drops messages that nobody has acknowledged.',
    remedy:
      `Are its consumers behind, or gone? Mend them first. Then raise \`${option}\` if the store has room (\`nats stream edit\`), or ` +
      'let it drop the oldest (`discard: old`), which loses messages that nobody has read.',
    evaluate({ servers, history }, { cluster }) {
      const assets = assetsOf(servers, ({ streams }) => streams, cluster);
      if (assets.servers.length === 0) return jetStreamIsOff;
      const limited = assets.streams.flatMap((stream) => {
        const row = tellingRow(stream);
        const then = row === null ? null : whenFull(row.config);
        if (row === null || then === null || most(row.config) <= 0) return [];
        return [{ stream, row, then, used: held(row.state), most: most(row.config) }];
      });
      const growth = history.growth(new Map(limited.map(({ stream, used }) => [stream.key, used])));
      if (limited.length === 0) return nothing(`no stream refuses or loses messages at ${option}`);
      return measured(
        plural(limited.length, 'stream with such a limit', 'streams with such a limit'),
        limited.map((each) => {
          const isFull = each.used > 0 && each.most - each.used < next(each.row.state);
          return {
            limit: each.then,
            entity: each.stream.entity,
            // Where one more message has no room, a stream is full whatever the ratio.
            value: isFull ? Math.max(1, each.used / each.most) : each.used / each.most,
            data: { ...each, isFull, perDay: growth(each.stream.key) },
          };
        }),
      );
    },
    describe: ({ limit, entity, level, data: { stream, row, used, most: limitOf, isFull, perDay } }) => ({
      summary:
        `Stream ${entity.name} holds ${format(used)} of at most ${format(limitOf)}: ${formatPercent(used / limitOf)}, limit ` +
        `${formatPercent(level)}. ${isFull ? `It is full: ${thenWords[limit][1]}` : `Full, ${thenWords[limit][0]}`}.`,
      evidence: [
        ...(isFull || perDay === null || perDay <= 0
          ? []
          : [
              `it grows by ${format(Math.round(perDay))} a day: full in ` +
                formatDuration(((limitOf - used) / perDay) * days(1)),
            ]),
        placement(stream),
        ...(limit === 'losing' ? [`retention ${row.config.retention}, discard ${row.config.discard}`] : []),
      ],
      ...(limit === 'losing'
        ? {
            remedy:
              'Are its consumers behind, or gone? Mend them first: each message that comes now pushes out one that was not ' +
              `handled. Then raise \`${option}\` if the store has room (\`nats stream edit\`), or have publishers refused instead ` +
              '(`discard: new`), if they can wait and try again.',
          }
        : {}),
      commands: streamCommands(stream),
    }),
  });
