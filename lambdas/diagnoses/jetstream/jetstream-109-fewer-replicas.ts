import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  nothing,
  type Description,
  type Entity,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Desired, StreamRow } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, type Held, type Stream } from '../assets/assets.ts';
import { commandsOf, namesOf, ofStreams } from '../assets/leaderless.ts';
import {
  byCause,
  silentReplicas,
  systemOf,
  takingPart,
  type Cause,
  type Lacking,
} from '../assets/membership.ts';
import { placement } from '../assets/words.ts';

type LimitName = 'lacking' | 'waiting' | 'copying';
type Case = Lacking<Stream> & { readonly limit: LimitName; readonly value: number; readonly words: string };

/** What a 2.15 server waits for, and what ends it. */
const waits: Readonly<Record<string, string>> = {
  meta: 'It waits for the meta leader: is there one, and is its queue short?',
  membership: 'It waits for its group to take a change of members.',
  snapshot: 'It waits for a snapshot: an error with it is of the store, look at its disk.',
  catchup: 'It waits for a new replica to copy what the others hold.',
  quorum:
    'It waits for servers that are to hold it and do not answer: bring them back, or let it be placed elsewhere ' +
    '(`nats stream edit`). Meanwhile it goes on where it is.',
  blocked: 'It waits for a consumer of its own to move first: look at that one (`nats consumer info`).',
  unavailable: 'Its server shuts down, or has no assignment: wait for the restart.',
};

/** Copying takes its time, where nothing is wrong. */
const isCopying = ({ status, error }: Desired): boolean =>
  error === undefined && (status === 'catchup' || status === 'snapshot');

function wordsOf({ replicas, status, description, error }: Desired, for_: number): string {
  const what = [status, description, error === undefined ? undefined : `error: ${error}`].filter(
    (each) => each !== undefined,
  );
  return `has waited for ${formatDuration(for_)} to be on ${inline(replicas, 5)}${what.length > 0 ? ` (${what.join(', ')})` : ''}`;
}

function caseOf(stream: Stream, { server, row }: Held<StreamRow>): Case | null {
  const { desired, replicas } = row.group;
  const silent = silentReplicas(stream).map(({ name }) => name);
  if (desired !== null) {
    const awaited = desired.status === 'quorum' ? replicas.filter(({ pending }) => pending) : [];
    const missing = [...silent, ...awaited.map(({ name }) => name)];
    const waited = Math.max(0, server.reading.now - (desired.created ?? server.reading.now));
    const limit = isCopying(desired) ? 'copying' : 'waiting';
    return { asset: stream, missing, limit, value: waited / 1_000, words: wordsOf(desired, waited) };
  }
  if (row.group.isAlone) return null;
  const has = 1 + replicas.filter(({ pending }) => !pending).length;
  const lacking = row.config.replicas - has;
  if (lacking <= 0) return null;
  const words = `has ${formatCount(has)} of ${plural(row.config.replicas, 'replica')}`;
  return { asset: stream, missing: [], limit: 'lacking', value: lacking, words };
}

type Group = {
  readonly entity: Entity;
  readonly cause: Cause | { readonly kind: 'small' };
  readonly cases: readonly Case[];
};

const membersOf = ({ asset: { leader } }: Case): number =>
  leader?.server.reading.meta_cluster?.cluster_size ?? Infinity;

/** The system that has fewer servers than replicas are wanted: all such streams have that cause. */
const tooSmall = (own: Case): string | null =>
  membersOf(own) < (own.asset.leader?.row.config.replicas ?? 0) ? (systemOf(own.asset)?.name ?? null) : null;

export default defineDiagnosis({
  id: 'JETSTREAM_109',
  title: 'Streams with fewer replicas than configured, or that wait for others',
  brief: ['streams', 'few replicas'],
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    lacking: atLeast({ warning: 1 }, { unit: 'count', of: 'replicas that a stream lacks' }),
    // The meta leader brings it about within seconds, once nothing is in its way.
    waiting: atLeast(
      { warning: 600 },
      { unit: 'seconds', of: 'time that a stream waits for other replicas (2.15)' },
    ),
    // Hundreds of gigabytes over a slow network.
    copying: atLeast(
      { warning: hours(6) / 1_000 },
      { unit: 'seconds', of: 'time that a stream copies to other replicas (2.15)' },
    ),
  },
  for: minutes(5),
  why: 'The stream has less safety than its configuration says: the next server that fails may stop it, or lose what it holds.',
  remedy:
    'Was a server removed (`nats server cluster peer-remove`)? Add another one: with fewer servers than replicas the stream stays ' +
    'so. Else set the replicas that it should have (`nats stream edit --replicas`), which makes the meta leader place them anew.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const cases = assets.streams.flatMap((stream) => {
      const found = stream.leader === null ? null : caseOf(stream, stream.leader);
      return found === null ? [] : [found];
    });
    if (cases.length === 0)
      return nothing(`${plural(assets.streams.length, 'stream')}, all with their replicas`);
    const living = takingPart(assets);
    const measurements = [...Map.groupBy(cases, ({ limit }) => limit)].flatMap(([limit, own]) => {
      const small = Map.groupBy(own, (each) => (limit === 'lacking' ? tooSmall(each) : null));
      const groups = [...small].flatMap(([name, some]): readonly Group[] =>
        name === null
          ? byCause(some, assets, living)
          : [{ entity: { kind: 'meta', name }, cause: { kind: 'small' }, cases: some }],
      );
      return groups.map(({ entity, cause, cases: theirs }) => ({
        limit,
        entity,
        value: Math.max(...theirs.map(({ value }) => value)),
        data: { cause, cases: theirs },
      }));
    });
    return measured(`${plural(cases.length, 'stream')} with other replicas than configured`, measurements);
  },
  describe({ entity, limit, data: { cause, cases } }): Description {
    const [first] = cases;
    const streams = plural(cases.length, 'stream');
    const isOne = cases.length === 1;
    const status = first?.asset.leader?.row.group.desired?.status;
    const lack = limit === 'lacking' ? 'fewer replicas than configured' : 'other replicas to come';
    const summary =
      cause.kind === 'own'
        ? `Stream ${entity.name} ${first?.words ?? ''}.`
        : cause.kind === 'servers'
          ? `${entity.name} is missing, and ${streams} ${isOne ? 'waits' : 'wait'} for other replicas: ${namesOf(cases)}.`
          : `${streams} of ${entity.name} ${isOne ? 'has' : 'have'} ${lack}: ${namesOf(cases)}.`;
    return {
      summary,
      evidence: [
        ...(cause.kind === 'small' && first !== undefined
          ? [`the meta group has ${plural(membersOf(first), 'member')}`]
          : []),
        ...cases.map(({ asset, words }) => `${asset.entity.name} ${words}, ${placement(asset)}`),
      ],
      ...(status === undefined ? {} : { remedy: waits[status] ?? `It waits: ${status}.` }),
      commands: commandsOf(cases, ofStreams),
    };
  },
});
