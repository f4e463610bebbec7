import {
  atLeast,
  days,
  defineDiagnosis,
  from,
  latest,
  measured,
  minutes,
  nothing,
  window,
} from '../../define.ts';
import type { Known } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff, type Held, type Stream } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import type { StreamRow } from '../../readings/decoders/assets.ts';

/** What is kept of a stream: its highest sequence, and where the last look saw it lower, when it was last seen there. */
type Mark = {
  readonly created: number;
  readonly seq: number;
  readonly messages: number;
  /** Epoch ms; 0: not lower. */
  readonly lowerSince: number;
};

const written = ({ created, seq, messages, lowerSince }: Mark): string =>
  `${created} ${seq} ${messages} ${lowerSince}`;
function read({ value }: Known): Mark {
  const [created = 0, seq = 0, messages = 0, lowerSince = 0] = value.split(' ').map(Number);
  return { created, seq, messages, lowerSince };
}

type Event = {
  readonly kind: 'lost' | 'emptied' | 'recreated';
  readonly from: number;
  readonly to: number;
  readonly messages: number;
  readonly lastSeen: number;
  /** The leader, if it started after the stream was last seen as it was. */
  readonly restarted: string;
};

/**
 * What became of a stream since it was seen as `before`, and what is to be remembered. A new leader may show less for a
 * moment, until it has applied what it has: a sequence went back where two looks in a row say so.
 */
function follow(
  { row: { created, state, config }, server }: Held<StreamRow>,
  before: Known | undefined,
): { readonly mark: Mark; readonly event: Event | null } {
  const { lastSeq: seq, messages } = state;
  const mark: Mark = { created, seq, messages, lowerSince: 0 };
  if (before === undefined) return { mark, event: null };
  const was = read(before);
  const lastSeen = was.lowerSince > 0 ? was.lowerSince : before.lastSeen;
  const restarted = server.varz.start > lastSeen ? server.name : '';
  const event = { from: was.seq, to: seq, messages: was.messages, lastSeen, restarted };
  if (was.created !== created) return { mark, event: { kind: 'recreated', ...event } };
  if (seq >= was.seq) return { mark, event: null };
  if (was.lowerSince === 0) return { mark: { ...was, lowerSince: lastSeen }, event: null };
  return { mark, event: { kind: config.storage === 'memory' ? 'emptied' : 'lost', ...event } };
}

/** A stream whose last sequence is lower than it was, or that is another one of the same name. A purge moves the first sequence only. */
export default defineDiagnosis({
  id: 'JETSTREAM_111',
  title: 'Stream went back, or is a new one of the same name',
  brief: ['streams', 'lost messages'],
  scope: 'cluster',
  reads: { streams: from() },
  history: { marks: latest(days(7)), events: window<Event>('lost') },
  limits: {
    lost: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'sequences by which a stream in files went back', over: days(1) },
    ),
    emptied: atLeast({ info: 1 }, { unit: 'count', of: 'sequences by which a stream in memory went back' }),
    recreated: atLeast(
      { info: 0, warning: 1 },
      { unit: 'count', of: 'messages that a stream held when it was deleted and created anew' },
    ),
  },
  for: minutes(1),
  why:
    'Messages that publishers had been told are stored are gone, and consumers that had come further receive nothing until the stream ' +
    'passes them.',
  remedy:
    'Find what happened at that time: was it deleted and created anew, did servers restart, was a disk replaced or restored? Then restore ' +
    'a backup (`nats stream restore`), or have publishers send again.',
  evaluate({ servers, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const streams = new Map(assets.streams.map((stream) => [stream.key, stream]));
    const entries: { key: string; at: number; note: Event }[] = [];
    const { notFollowed } = history.marks((before) => {
      const led = assets.streams.flatMap(({ key, leader }) => (leader === null ? [] : [{ key, leader }]));
      return new Map(
        led.map(({ key, leader }) => {
          const { mark, event } = follow(leader, before.get(key));
          if (event !== null) entries.push({ key, at, note: event });
          return [key, written(mark)];
        }),
      );
    });
    const told = [...history.events(entries).keys].flatMap(([key, { samples }]) => {
      const stream = streams.get(key);
      return stream === undefined
        ? []
        : samples.map(({ at: seenAt, note }) => ({ stream, seenAt, event: note }));
    });
    const beyond = notFollowed === 0 ? '' : `; ${formatCount(notFollowed)} too many to be followed`;
    if (told.length === 0) return nothing(`${plural(streams.size, 'stream')}, none went back${beyond}`);
    return measured(
      `${plural(new Set(told.map(({ stream }) => stream)).size, 'stream')} went back or new within a day${beyond}`,
      told.map((data) => ({
        limit: data.event.kind,
        entity: data.stream.entity,
        value: data.event.kind === 'recreated' ? data.event.messages : data.event.from - data.event.to,
        data,
      })),
    );
  },
  describe({ entity, data: { stream, seenAt, event } }) {
    const { kind, from: was, to, messages, lastSeen, restarted } = event;
    const seen = `seen ${formatTime(seenAt)}, last seen as it was ${formatTime(lastSeen)}`;
    const evidence = [
      seen,
      ...(restarted === '' ? [] : [`${restarted}, which leads it, started in between`]),
      placement(stream),
    ];
    const commands = streamCommands(stream);
    if (kind === 'recreated') {
      return {
        summary:
          `Stream ${entity.name} was deleted and created anew: it held ${plural(messages, 'message')} up to sequence ` +
          `${formatCount(was)}, the new one is at ${formatCount(to)}.`,
        evidence: [`created ${formatTime(stream.leader?.row.created ?? seenAt)}`, ...evidence],
        ...recreated,
        commands,
      };
    }
    const summary =
      `Stream ${entity.name} went back from sequence ${formatCount(was)} to ${formatCount(to)}: ` +
      `${plural(was - to, 'sequence')} that publishers had been told are stored.`;
    if (kind === 'emptied') return { summary, evidence, ...emptied, commands };
    const further = furtherReplicas(stream, to);
    return {
      summary,
      evidence: [
        ...(further.length === 0 ? [] : [`further than the leader: ${inline(further)}`]),
        ...evidence,
      ],
      ...(further.length > 0 ? heldElsewhere : lost),
      commands,
    };
  },
});

/** Replicas that hold more than the leader does. */
const furtherReplicas = ({ replicas, leader }: Stream, to: number): readonly string[] =>
  replicas
    .filter(({ row }) => row.state.lastSeq > Math.max(to, leader?.row.state.lastSeq ?? 0))
    .map(({ server, row }) => `${server.name} at ${formatCount(row.state.lastSeq)}`);

const ahead =
  'Look for consumers that are ahead of the stream (`nats consumer report`): they receive nothing until it passes them, and are to be ' +
  'created anew, which delivers again what they had.';

const lost = {
  why:
    'A server that loses power, or whose disk is restored from an older copy, loses what was not on disk: by default nats-server writes ' +
    'to it every 2 minutes (`sync_interval`). A stream of one replica has no other copy.',
  remedy:
    'Was its store restored, replaced, or cut off by a crash of the machine? Is there a backup (`nats stream restore`), or can publishers ' +
    `send again? ${ahead} Against the next time: three replicas in three zones, \`sync_interval: always\` where every message counts.`,
};
const heldElsewhere = {
  why: 'The replica that leads holds less than another one: what only the other holds is thrown away as it follows the leader.',
  remedy:
    'Do not restart or remove the replica that holds more. Keep a copy of its store folder before it has caught up, then ask for leaders to ' +
    `change (\`nats stream cluster step-down\`, which interrupts writes for seconds). ${ahead}`,
};
const emptied = {
  why: 'A stream in memory holds nothing any more once all its replicas have restarted.',
  remedy: `Is that how it is meant? If not, create it with storage file. ${ahead}`,
};
const recreated = {
  why: 'All messages and all consumers of the former one went with it; clients that use a consumer of it get "consumer not found".',
  remedy:
    'Was it meant? Look which deployment or person ran at that time: some tools delete and create a stream to change it. Create the consumers ' +
    'again, and have publishers send again what is still needed, or restore a backup under another name (`nats stream restore`).',
};
