import {
  atLeast,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  latest,
  measured,
  minutes,
  nothing,
} from '../../define.ts';
import { means } from '../../engine/asset-patterns.ts';
import { formatBytes, formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { unseenText } from '../../engine/unseen.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { accountCommands } from '../assets/words.ts';
import { keptOf, missingOf, type Cause, type Missing } from './missing-streams.ts';

/** How long a stream is missed. */
const missedFor = days(1);

/** A stream in memory does not outlive its servers, and what lived for less than a day was made to go. */
function limitOf(cause: Cause, { storage, messages, firstSeen, lastSeen }: Missing): Cause | 'deletedLong' {
  if (cause === 'notRecovered') return storage === 'memory' ? 'deleted' : cause;
  return cause === 'deleted' && messages > 0 && lastSeen - firstSeen >= days(1) ? 'deletedLong' : cause;
}

/** A stream that nobody shows, of which it is known why. */
type Gone = Missing & { readonly cause: Cause };

/** Streams that are gone with the same servers are one finding; each that was deleted stands for itself. */
const byCause = (gone: readonly Gone[]): readonly (readonly Gone[])[] => [
  ...Map.groupBy(gone, (stream) =>
    JSON.stringify([
      limitOf(stream.cause, stream),
      ...(stream.cause === 'deleted' ? [stream.entity.name] : [stream.storage, ...stream.holders]),
    ]),
  ).values(),
];

/**
 * Streams that servers showed in earlier runs and none does now. What stands on a server that is only not read is not gone. A
 * server that is gone, or came back without its disk, is one finding, however many streams had their only replica there.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_112',
  title: 'Streams are gone or out of reach',
  brief: ['streams', 'gone'],
  scope: 'cluster',
  reads: { streams: from() },
  history: { streams: latest(missedFor) },
  limits: {
    unreachable: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'streams that are gone with the servers of all their replicas' },
    ),
    notRecovered: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'streams that servers do not show any more since they started' },
    ),
    deletedLong: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'messages of a stream that was deleted and had been there for a day' },
    ),
    deleted: atLeast(
      { info: 0 },
      { unit: 'count', of: 'messages of any other stream that was deleted, or was in memory' },
    ),
  },
  // A server that restarts is back before.
  for: minutes(3),
  why: 'Publishers to its subjects get "no responders" or are not stored at all, and its consumers are gone with it.',
  remedy:
    'Was it deleted on purpose? Then this ends by itself a day after. Else find who or what did it, create it anew or restore a backup ' +
    '(`nats stream restore`).',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const now = new Map(
      assets.streams.flatMap((stream) => {
        const kept = keptOf(stream);
        return kept === null ? [] : [[stream.key, kept] as const];
      }),
    );
    const { before, notFollowed } = history.streams(() => now);
    const missing = [...before].flatMap(([key, known]) => {
      if (now.has(key)) return [];
      const stream = missingOf(known, assets, at);
      const { asset } = stream.entity;
      const isIgnored = asset !== undefined && cluster.jetstream.ignore.some((each) => means(each, asset));
      return isIgnored ? [] : [stream];
    });
    const gone = missing.flatMap((stream) =>
      stream.cause === null ? [] : [{ ...stream, cause: stream.cause }],
    );
    const undecided = missing.length - gone.length;
    const notSeen = undecided === 0 ? '' : `; ${formatCount(undecided)} on servers that were not read`;
    const beyond = notFollowed === 0 ? '' : `; ${formatCount(notFollowed)} too many to be missed`;
    const seen = `${plural(now.size, 'stream')}, ${formatCount(gone.length)} gone${notSeen}${beyond}`;
    if (gone.length === 0) return nothing(seen);
    const off = new Set(
      servers.flatMap(({ varz, streams }) => (streams.disabled ? [varz.server_name ?? varz.server_id] : [])),
    );
    const silent = unread.map(({ target, why }) => ({ name: target.name, why }));
    return measured(
      seen,
      byCause(gone).flatMap((streams) => {
        const [first] = streams;
        if (first === undefined) return [];
        const { cause, entity, holders } = first;
        const limit = limitOf(cause, first);
        const messages = streams.reduce((sum, stream) => sum + stream.messages, 0);
        return {
          limit,
          entity: cause === 'deleted' ? entity : { kind: 'server' as const, name: holders.join(', ') },
          value: limit === 'deleted' || limit === 'deletedLong' ? messages : streams.length,
          data: {
            ...{ first, streams, messages },
            isOff: holders.some((holder) => off.has(holder)),
            unread: silent.length === 0 ? null : unseenText(silent),
          },
        };
      }),
    );
  },
  describe({ data: { first, streams, messages, unread, isOff } }, { at }) {
    const { cause, entity, holders, storage } = first;
    const lastSeen = Math.max(...streams.map((stream) => stream.lastSeen));
    const ago = `last seen ${formatDuration(at - lastSeen)} ago, ${formatTime(lastSeen)}`;
    const evidence = [
      `${ago}, on ${inline(holders, 5)}`,
      ...(cause === 'unreachable' && unread !== null ? [`SERVER_101 tells of servers: ${unread}`] : []),
      ...streams.map(heldBy),
    ];
    const commands = accountCommands(first, first.url);
    if (cause === 'deleted') {
      return {
        summary: `Stream ${entity.name} is gone from ${inline(holders, 5)}, which ran all the time: it was deleted, ${ago}.`,
        evidence,
        ...deleted,
        commands,
      };
    }
    const names = inline(
      streams.map((stream) => stream.entity.name),
      5,
    );
    const many = plural(streams.length, 'stream');
    const isOne = streams.length === 1;
    if (cause === 'unreachable') {
      const [is, runs, it] = holders.length === 1 ? ['is', 'runs', 'it'] : ['are', 'run', 'them'];
      const unseen = isOff ? `${runs} without JetStream now` : `cannot be read and ${is} gone for the others`;
      return {
        summary: `${inline(holders, 5)} ${unseen}, and with ${it} ${many} that ${isOne ? 'has' : 'have'} no replica elsewhere: ${names}.`,
        evidence,
        ...unreachable,
        commands,
      };
    }
    const [are, they] = isOne ? ['is', 'it'] : ['are', 'they'];
    return {
      summary: `${many} ${are} gone since ${inline(holders, 5)} started, and ${they} held about ${plural(messages, 'message')}: ${names}.`,
      evidence,
      ...(storage === 'memory' ? memory : notRecovered),
      commands,
    };
  },
});

/** `ORDERS (APP) held about 10 messages (510 B), known since 2026-11-20 10:00 UTC`. */
const heldBy = ({ entity, messages, bytes, firstSeen }: Missing): string =>
  `${entity.name} held about ${plural(messages, 'message')} (${formatBytes(bytes)}), known since ${formatTime(firstSeen)}`;

const unreachable = {
  why:
    'A stream lives where its replicas are: until their server comes back its subjects are stored nowhere, requests for it time out, and no ' +
    'endpoint of the other servers shows that it exists.',
  remedy:
    'Bring the server back, with its disk. Do not remove it as a peer (`nats server cluster peer-remove`): that gives up the only copy. If ' +
    'the disk is lost, restore a backup (`nats stream restore`). Against the next time: three replicas (`nats stream edit --replicas 3`).',
};
const notRecovered = {
  why:
    'Its files are not where the server looks for them, or could not be read: a disk that is not mounted, another `store_dir`, a store that ' +
    'is damaged. Publishers to its subjects get "no responders".',
  remedy:
    "Read the server's log of its start for this stream, and see that `store_dir` is the disk it was. Do not create the stream anew before: " +
    'its files may still be there. Else restore a backup (`nats stream restore`).',
};
const memory = {
  why: 'A stream in memory does not outlive its server.',
  remedy:
    'Is that how it is meant? Its clients create it when they start. If not, create it with storage file.',
};
const deleted = {
  why: 'Deleted on purpose or by accident looks the same here: messages and consumers are gone, and publishers to its subjects are not stored.',
  remedy:
    'Was it meant? Then this ends by itself a day after. Was it moved to a cluster that is not watched here? Else find which deployment or ' +
    'person ran at that time, and restore a backup (`nats stream restore`).',
};
