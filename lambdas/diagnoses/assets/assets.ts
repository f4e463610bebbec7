import { notApplicable, type ClusterFacts, type Entity, type Target } from '../../define.ts';
import type { ConsumerRow, Group, StreamRow } from '../../readings/decoders/assets.ts';
import type { Assets, Varz } from '../../readings/endpoints.ts';
import { means } from '../../engine/asset-patterns.ts';
import { jetStreamServers, type JetStreamServer } from './systems.ts';

type Server = JetStreamServer<Assets>;

/** A replica, and the server that showed it. */
export type Held<Row> = { readonly server: Server; readonly row: Row };

/** What the watched servers show of a stream or consumer together. */
export type Replicated<Row> = {
  readonly name: string;
  /** What tells it from all others, the same in every run: of a lone server's streams after its restart too. */
  readonly key: string;
  /** Every replica on a server that was read. */
  readonly replicas: readonly Held<Row>[];
  /** The replica whose server says that it leads: `pending`, `lag` and such count there alone. Null where none was read. */
  readonly leader: Held<Row> | null;
  /** Whom the replicas name as leader, read or not; null where none of them has one, or only one that was read and does not lead. */
  readonly leaderName: string | null;
  /** False while a server that holds a replica has only just started. */
  readonly isSettled: boolean;
  readonly entity: Entity;
};

export type Stream = Replicated<StreamRow> & {
  readonly account: string;
  readonly accountName: string;
  readonly consumers: readonly Consumer[];
};

export type Consumer = Replicated<ConsumerRow> & { readonly stream: Stream };

/** The streams and consumers of a cluster, joined over its servers. */
export type ClusterAssets = {
  readonly servers: readonly Server[];
  readonly streams: readonly Stream[];
  readonly consumers: readonly Consumer[];
};

const isLedBy = ({ isAlone, leader }: Group, { name, isSettled }: Server): boolean =>
  isAlone || (isSettled && leader === name);

type Groups = { readonly group: Group };

/**
 * A server whose raft node of it did not start takes itself for its leader, and knows no replica; the others do, and name another one
 * or none.
 */
const isContradicted = <Row extends Groups>(replicas: readonly Held<Row>[], { server, row }: Held<Row>) =>
  row.group.replicas.length === 0 &&
  replicas.some(
    (other) =>
      other.server.isSettled && other.row.group.replicas.length > 0 && other.row.group.leader !== server.name,
  );

/** Of its replicas, who leads. After a cut two servers may say that they do: the one that was elected last does. */
function replicated<Row extends Groups>(replicas: readonly Held<Row>[]) {
  let leader: Held<Row> | null = null;
  let isSettled = true;
  for (const held of replicas) {
    const { server, row } = held;
    if (!server.isSettled) isSettled = false;
    if (!isLedBy(row.group, server) || isContradicted(replicas, held)) continue;
    if (leader === null || since(held) > since(leader)) leader = held;
  }
  return { replicas, leader, leaderName: leader?.server.name ?? namedBy(replicas), isSettled };
}

/** Whom they name while none of them leads: one of themselves that was read gave up, and the others have not noticed. */
function namedBy(replicas: readonly Held<Groups>[]): string | null {
  const settled = replicas.filter(({ server }) => server.isSettled);
  const own = new Set(settled.map(({ server }) => server.name));
  return (
    settled.find(({ row }) => row.group.leader !== null && !own.has(row.group.leader))?.row.group.leader ??
    null
  );
}

const since = ({ row }: Held<Groups>): number => row.group.leaderSince ?? 0;

/** `APP`, `APP, domain hub`: what tells assets of one name apart. The global account goes without saying. */
function placeOf(
  { accountName }: Pick<StreamRow, 'accountName'>,
  { system }: Server,
  isOneSystem: boolean,
): string {
  const parts = [...(accountName === '$G' ? [] : [accountName]), ...(isOneSystem ? [] : [system.name])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function join(servers: readonly Server[], { ignore }: ClusterFacts['jetstream']): ClusterAssets {
  const isOneSystem = new Set(servers.map(({ system }) => system.id)).size <= 1;
  const rows = servers.flatMap((server) => server.reading.streams.map((row) => ({ server, row })));
  const byStream = Map.groupBy(rows, ({ server, row }) =>
    JSON.stringify([server.system.id, row.account, row.name]),
  );
  const streams = [...byStream].flatMap(([key, held]): Stream[] => {
    const [first] = held;
    if (first === undefined) return [];
    const { account, accountName, name } = first.row;
    const names = { account, accountName, stream: name };
    if (ignore.some((pattern) => means(pattern, names))) return [];
    const place = placeOf(first.row, first.server, isOneSystem);
    const consumers: Consumer[] = [];
    const stream: Stream = {
      ...replicated(held),
      ...{ key, account, accountName, name, consumers },
      entity: { kind: 'stream', name: `${name}${place}`, asset: names },
    };
    for (const [consumer, replicas] of byName(held)) {
      const asset = { account, accountName, stream: name, consumer };
      if (ignore.length > 0 && ignore.some((pattern) => means(pattern, asset))) continue;
      const { leader, leaderName, isSettled } = replicated(replicas);
      // Written out: there may be tens of thousands.
      consumers.push({
        name: consumer,
        key: `${key}${consumer}`,
        stream,
        replicas,
        leader,
        leaderName,
        isSettled,
        entity: { kind: 'consumer', name: `${name} > ${consumer}${place}`, asset },
      });
    }
    return [stream];
  });
  return { servers, streams, consumers: streams.flatMap(({ consumers }) => consumers) };
}

/** The consumers of a stream's replicas, by name. */
function byName(held: readonly Held<StreamRow>[]): ReadonlyMap<string, readonly Held<ConsumerRow>[]> {
  const all = new Map<string, Held<ConsumerRow>[]>();
  for (const { server, row: stream } of held) {
    for (const row of stream.consumers) {
      const replicas = all.get(row.name);
      if (replicas === undefined) all.set(row.name, [{ server, row }]);
      else replicas.push({ server, row });
    }
  }
  return all;
}

type Joined = {
  readonly of: readonly Assets[];
  readonly facts: ClusterFacts;
  readonly assets: ClusterAssets;
};

const joined = new WeakMap<Assets, Joined>();

type Seen = { readonly target: Target; readonly varz: Varz };

/**
 * Streams and consumers joined over servers that were read, once a run however many diagnoses ask.
 * @param readingOf `streams` or `consumers` of a server
 */
export function assetsOf<S extends Seen>(
  servers: readonly S[],
  readingOf: (server: S) => Assets,
  facts: ClusterFacts,
): ClusterAssets {
  const of = servers.map(readingOf);
  const [first] = of;
  if (first === undefined) return join([], facts.jetstream);
  const before = joined.get(first);
  if (
    before?.facts === facts &&
    before.of.length === of.length &&
    before.of.every((each, i) => each === of[i])
  )
    return before.assets;
  const assets = join(jetStreamServers(servers, readingOf), facts.jetstream);
  joined.set(first, { of, facts, assets });
  return assets;
}

/** The row that tells most of a stream: its leader's, else the one of the replica that has come furthest. */
export const tellingRow = ({ leader, replicas }: Pick<Stream, 'leader' | 'replicas'>): StreamRow | null =>
  leader?.row ??
  replicas.map(({ row }) => row).toSorted((a, b) => b.state.lastSeq - a.state.lastSeq)[0] ??
  null;

/** The answer where no server that was read runs JetStream. */
export const jetStreamIsOff = notApplicable('no server runs JetStream');
