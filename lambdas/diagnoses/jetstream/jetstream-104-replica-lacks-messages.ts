import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  window,
  type Description,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff, type ClusterAssets } from '../assets/assets.ts';
import { streamCommands } from '../assets/words.ts';
import {
  apartFor,
  keyOfCopy,
  stuckFor,
  suspiciousCopies,
  swapped,
  type Copy,
  type Sample,
} from './copies.ts';
import type { At } from './samples.ts';

type LimitName = 'stuck' | 'apart';
type Case = {
  readonly copy: Copy;
  readonly limit: LimitName;
  readonly value: number;
  readonly samples: readonly At<Sample>[];
};

const apartLongEnough = minutes(10);

function caseOf(copy: Copy, samples: readonly At<Sample>[]): Case | null {
  const stuck = stuckFor(isOfLeader(copy.sample) ? samples.map(swapped) : samples) / 1_000;
  if (stuck > 0) return { copy, limit: 'stuck', value: stuck, samples };
  const { lasted, least } = apartFor(samples);
  return lasted < apartLongEnough ? null : { copy, limit: 'apart', value: least, samples };
}

const isOfLeader = ({ leader, follower }: Sample): boolean => follower > leader;

/** How many followers with messages each server holds: of a server that lags as a whole one finding is made. */
function followersOn({ streams }: ClusterAssets): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { replicas, leader } of streams) {
    if (leader === null || leader.row.state.messages === 0) continue;
    for (const replica of replicas) {
      if (replica === leader) continue;
      const key = serverKey(replica.server);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

const serverKey = ({ system, name }: { readonly system: { readonly id: string }; readonly name: string }) =>
  JSON.stringify([system.id, name]);

/**
 * Insights compares last sequences (JETSTREAM_001, 10 %) and messages (JETSTREAM_014, 5 %) of one moment, which readings are
 * not, and leaves out what is catching up. `lag` and `current` of the leader count raft entries: current with 1,737 of 20,040
 * messages was seen. What counts here is what a replica lacks that its leader had a run before.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_104',
  title: 'Replica of a stream lacks messages and does not catch up',
  brief: ['streams', 'incomplete replica'],
  scope: 'cluster',
  reads: { streams: from() },
  history: { samples: window<Sample>(minutes(15)) },
  limits: {
    stuck: atLeast(
      { warning: 300 },
      {
        unit: 'seconds',
        servers: 2,
        of: 'time in which a replica that lacks messages got no nearer to its leader',
      },
    ),
    apart: atLeast(
      { warning: 10 },
      {
        unit: 'count',
        servers: 2,
        of: 'messages that a replica has more or fewer than its leader for 10 min',
      },
    ),
  },
  for: minutes(1),
  why:
    'The leader may call such a replica current: it counts entries of its log, not messages. If its server leads next, the ' +
    'messages that it lacks are gone for all readers.',
  remedy:
    'Do not restart or step down the leader: it holds the messages. Is the disk of the other server full or slow, does its log ' +
    'name the stream? Restart that server when the others are healthy: it catches up anew. If it still lacks them, have it copied ' +
    'anew: `nats stream cluster peer-remove` where another server is free, else `nats stream edit --replicas 1` and back to 3; ' +
    'until that is done there are fewer copies.',
  evaluate({ servers, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const copies = suspiciousCopies(assets.streams);
    const { keys } = history.samples(
      copies.map((copy) => ({
        ...{ key: keyOfCopy(copy), at, note: copy.sample },
        count: Math.max(1, Math.abs(copy.sample.leader - copy.sample.follower), Math.abs(copy.sample.apart)),
      })),
    );
    const cases = copies.flatMap((copy) => {
      const found = caseOf(copy, keys.get(keyOfCopy(copy))?.samples ?? []);
      return found === null ? [] : [found];
    });
    if (cases.length === 0)
      return nothing(
        copies.length === 0
          ? `${plural(assets.streams.length, 'stream')}, replicas hold what their leaders hold`
          : `${plural(copies.length, 'replica')} behind, catching up`,
      );
    const all = followersOn(assets);
    const byServer = Map.groupBy(cases, ({ limit, copy: { follower, sample } }) =>
      JSON.stringify([limit, isOfLeader(sample), serverKey(follower.server)]),
    );
    const measurements = [...byServer.values()].flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const { server } = first.copy.follower;
      const isWhole =
        !isOfLeader(first.copy.sample) &&
        own.length > 1 &&
        own.length * 2 > (all.get(serverKey(server)) ?? 0);
      const groups = isWhole
        ? [{ entity: { kind: 'server' as const, name: server.name }, cases: own }]
        : own.map((each) => ({ entity: each.copy.stream.entity, cases: [each] }));
      return groups.map(({ entity, cases: theirs }) => ({
        limit: first.limit,
        entity,
        value: Math.max(...theirs.map(({ value }) => value)),
        data: theirs,
      }));
    });
    return measured(`${plural(cases.length, 'replica')} behind that did not come nearer`, measurements);
  },
  describe({ entity, value, limit, data }): Description {
    const [first] = data;
    const streams = inline(
      data.map(({ copy }) => copy.stream.entity.name),
      5,
    );
    const lasted = formatDuration(value * 1_000);
    const ofLeader = limit === 'stuck' && data.some(({ copy }) => isOfLeader(copy.sample));
    const own = first === undefined ? '' : limit === 'stuck' ? stuckWords(first) : apartWords(first);
    return {
      summary:
        entity.kind !== 'server'
          ? `${own}${limit === 'stuck' ? ` and got no nearer for ${lasted}` : ''}.`
          : limit === 'stuck'
            ? `Replicas of ${plural(data.length, 'stream')} on ${entity.name} lack messages and got no nearer for ${lasted}: ${streams}.`
            : `Replicas of ${plural(data.length, 'stream')} on ${entity.name} hold other messages than their leaders: ${streams}.`,
      ...(ofLeader ? ofTheLeader : {}),
      evidence: data.flatMap((each) => rows(each, entity.kind === 'server')),
      commands:
        first === undefined ? { nats: 'nats stream report', curl: '' } : streamCommands(first.copy.stream),
    };
  },
});

const ofTheLeader = {
  why: 'The leader answers all readers, and what it lost is gone for them, while another replica still has it. It may make the others give it up too.',
  remedy:
    'Take a copy first, of the disk of the server that has the messages. Then make that one lead (`nats stream cluster step-down ' +
    '--preferred`, from nats-server 2.11 on), and look whether the messages are there; only then restart the server that lost them.',
};

const stuckWords = ({ copy: { stream, leader, follower, sample } }: Case): string => {
  const [has, lacks] = isOfLeader(sample) ? [follower, leader] : [leader, follower];
  const [most, least] = [Math.max(sample.leader, sample.follower), Math.min(sample.leader, sample.follower)];
  return (
    `${isOfLeader(sample) ? 'Leader' : 'Replica'} ${lacks.server.name} of stream ${stream.entity.name} lacks ` +
    `${formatCount(most - least)} of the sequences that ${has.server.name} has (last ${formatCount(least)} of ${formatCount(most)})`
  );
};

const apartWords = ({ copy: { stream, leader, follower, sample } }: Case): string =>
  `Replica ${follower.server.name} of stream ${stream.entity.name} holds ${formatCount(Math.abs(sample.apart))} messages ` +
  `${sample.apart > 0 ? 'fewer' : 'more'} than its leader ${leader.server.name}, up to the same sequence`;

function rows({ copy: { stream, leader, follower, sample }, samples }: Case, isOfServer: boolean) {
  const oldest = samples[0];
  const replica = leader.row.group.replicas.find(({ name }) => name === follower.server.name);
  const moved = sample.follower - (oldest?.note.follower ?? sample.follower);
  const { messages } = follower.row.state;
  const held = `${follower.server.name} holds ${formatCount(messages)} messages, ${leader.server.name} ${formatCount(sample.messages)}`;
  if (isOfServer) return [`${stream.entity.name}: ${held}`];
  return [
    held,
    ...(isOfLeader(sample) ? [] : [movedWords(moved, sample)]),
    ...(replica === undefined
      ? []
      : [
          `${leader.server.name} calls it ${replica.current ? 'current' : 'not current'}, ${plural(replica.lag, 'entry', 'entries')} behind`,
        ]),
  ];
}

const movedWords = (moved: number, { follower }: Sample): string =>
  moved === 0
    ? `its last sequence ${formatCount(follower)} does not move`
    : `its last sequence moved by ${formatCount(moved)}, as slowly as messages come or slower`;
