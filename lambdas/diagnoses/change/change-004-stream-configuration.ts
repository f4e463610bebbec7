import {
  atLeast,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  latest,
  measured,
  minutes,
  nothing,
  window,
} from '../../define.ts';
import { formatBytes, formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import type { StreamConfig } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, type Stream } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';

/** What is watched, in the order in which it is kept. */
const options: readonly {
  readonly name: string;
  readonly of: (config: StreamConfig) => string | number;
  readonly format?: (value: number) => string;
  /** Messages go at once where it becomes smaller. */
  readonly deletes?: true;
}[] = [
  { name: 'replicas', of: ({ replicas }) => replicas },
  { name: 'retention', of: ({ retention }) => retention },
  { name: 'max_msgs', of: ({ maxMsgs }) => maxMsgs, format: formatCount, deletes: true },
  { name: 'max_bytes', of: ({ maxBytes }) => maxBytes, format: formatBytes, deletes: true },
  { name: 'max_age', of: ({ maxAge }) => maxAge, format: (age) => formatDuration(age / 1e6), deletes: true },
  { name: 'max_consumers', of: ({ maxConsumers }) => maxConsumers, format: formatCount },
];

type Kept = readonly (string | number)[];
type Changed = { readonly before: string; readonly after: string };

const asText = (value: string | number | undefined, format: (value: number) => string = String): string => {
  if (typeof value !== 'number') return value ?? 'none';
  return value <= 0 ? 'none' : format(value);
};

/** `max_age 7d -> 1h`, of each option that differs. */
function differences({
  before,
  after,
}: Changed): readonly { readonly text: string; readonly deletes: boolean }[] {
  const [was, is] = [JSON.parse(before) as Kept, JSON.parse(after) as Kept];
  return options.flatMap(({ name, format, deletes }, i) => {
    const [a, b] = [was[i], is[i]];
    if (a === b) return [];
    const most = (value: typeof a) => (typeof value === 'number' && value > 0 ? value : Infinity);
    return [
      {
        text: `${name} ${asText(a, format)} -> ${asText(b, format)}`,
        deletes: deletes === true && most(b) < most(a),
      },
    ];
  });
}

/** By the leader's row. A stream that is deleted and created anew is another one: JETSTREAM_111 tells of it. */
const keptOf = ({ leader }: Stream): string | null =>
  leader === null
    ? null
    : `${leader.row.created} ${JSON.stringify(options.map(({ of }) => of(leader.row.config)))}`;

function changeOf(before: string, after: string): Changed | null {
  const [createdBefore = '', createdAfter = ''] = [before, after].map((text) =>
    text.slice(0, text.indexOf(' ')),
  );
  if (before === after || createdBefore !== createdAfter) return null;
  return { before: before.slice(createdBefore.length + 1), after: after.slice(createdAfter.length + 1) };
}

export default defineDiagnosis({
  id: 'CHANGE_004',
  title: 'Configuration of a stream changed',
  scope: 'cluster',
  reads: { streams: from() },
  history: { configurations: latest(days(1)), changes: window<Changed>('changed') },
  limits: {
    changed: atLeast(
      { info: 1 },
      { unit: 'count', of: 'changes of replicas, retention or limits of one stream', over: hours(1) },
    ),
  },
  for: minutes(0),
  why:
    'No log of the server says who changed a stream. A lower `max_msgs`, `max_bytes` or `max_age` deletes what is beyond it at once, ' +
    'and nothing brings it back.',
  remedy:
    'Was it meant? Look which deployment or person ran at that time: clients that create their streams set them to what their own code ' +
    'says. To undo it: `nats stream edit` with the former value.',
  evaluate({ servers, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const streams = new Map(assets.streams.map((stream) => [stream.key, stream]));
    const now = new Map(
      assets.streams.flatMap((stream) => {
        const kept = keptOf(stream);
        return kept === null ? [] : [[stream.key, kept] as const];
      }),
    );
    const { before, notFollowed } = history.configurations(() => now);
    const entries = [...now].flatMap(([key, kept]) => {
      const known = before.get(key);
      const change = known === undefined ? null : changeOf(known.value, kept);
      return change === null ? [] : [{ key, at, note: change }];
    });
    const changes = [...history.changes(entries).keys].flatMap(([key, { samples }]) => {
      const stream = streams.get(key);
      return stream === undefined ? [] : [{ stream, samples: samples.toReversed() }];
    });
    const beyond = notFollowed === 0 ? '' : `; ${formatCount(notFollowed)} too many to be watched`;
    const seen = `${plural(now.size, 'stream')}, ${formatCount(changes.length)} changed within the hour${beyond}`;
    if (changes.length === 0) return nothing(seen);
    return measured(
      seen,
      changes.map(({ stream, samples }) => ({
        limit: 'changed' as const,
        entity: stream.entity,
        value: samples.length,
        data: { stream, samples },
      })),
    );
  },
  describe({ entity, data: { stream, samples } }) {
    const [newest] = samples;
    const shown = newest === undefined ? [] : differences(newest.note);
    const lost = shown.some(({ deletes }) => deletes);
    return {
      summary:
        `Stream ${entity.name} was changed: ${inline(
          shown.map(({ text }) => text),
          options.length,
        )}.` + (lost ? ' Messages beyond the new limit, if any, were deleted.' : ''),
      evidence: [
        ...samples.map(
          ({ at, note }) =>
            `seen ${formatTime(at)}: ${inline(
              differences(note).map(({ text }) => text),
              options.length,
            )}`,
        ),
        placement(stream),
      ],
      commands: streamCommands(stream),
    };
  },
});
