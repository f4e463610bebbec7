import { notApplicable, type ClusterFacts, type Target } from '../../define.ts';
import type { StreamRow } from '../../readings/decoders/assets.ts';
import type { Assets, Varz } from '../../readings/endpoints.ts';
import { means } from '../../engine/asset-patterns.ts';
import { consumersOf } from './consumers.ts';
import { replicated, type Consumer, type Server, type Stream } from './replicated.ts';
import { jetStreamServers } from './systems.ts';

export type { Consumer, Held, Placed, Replicated, Stream, StreamConsumers } from './replicated.ts';

/** The streams and consumers of a cluster, joined over its servers. */
export type ClusterAssets = {
  readonly servers: readonly Server[];
  readonly streams: readonly Stream[];
  readonly consumers: {
    readonly count: number;
    readonly all: () => readonly Consumer[];
    /** Those whose leader's row was not read. */
    readonly unled: () => readonly Consumer[];
  };
};

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
    const isIgnored = (consumer: string): boolean =>
      ignore.some((pattern) => means(pattern, { ...names, consumer }));
    const stream: Stream = {
      ...replicated(held),
      ...{ key, account, accountName, name },
      entity: { kind: 'stream', name: `${name}${place}`, asset: names },
      consumers: consumersOf(
        () => stream,
        held,
        (consumer) => ({
          key: `${key}${consumer}`,
          entity: {
            kind: 'consumer',
            name: `${name} > ${consumer}${place}`,
            asset: { ...names, consumer },
          },
        }),
        ignore.length === 0 ? null : isIgnored,
      ),
    };
    return [stream];
  });
  return { servers, streams, consumers: consumersIn(streams) };
}

function consumersIn(streams: readonly Stream[]): ClusterAssets['consumers'] {
  const unled = ({ consumers }: Stream): readonly Consumer[] => {
    const found: Consumer[] = [];
    for (let i = 0; i < consumers.count; i += 1) if (consumers.led(i) === null) found.push(consumers.at(i));
    return found;
  };
  return {
    count: streams.reduce((sum, { consumers }) => sum + consumers.count, 0),
    all: () => streams.flatMap(({ consumers }) => consumers.all()),
    unled: () => streams.flatMap(unled),
  };
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

/** Messages that wait for consumers, by their leaders' rows. */
export function pendingIn({ streams }: ClusterAssets): number {
  let sum = 0;
  for (const { consumers } of streams)
    for (let i = 0; i < consumers.count; i += 1) {
      const led = consumers.led(i);
      sum += led?.columns.pending[led.place] ?? 0;
    }
  return sum;
}
