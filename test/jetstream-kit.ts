import { readFileSync } from 'node:fs';
import type { TargetReadings } from '../lambdas/engine/judgement/views.ts';
import {
  decodeAssets,
  consumerAt,
  type Assets,
  type ConsumerRow,
  type Consumers,
  type Group,
  type Replica,
  type StreamRow,
} from '../lambdas/readings/decoders/assets.ts';
import { decodeJsz, type Jsz, type MetaCluster } from '../lambdas/readings/decoders/jsz.ts';
import type { Varz } from '../lambdas/readings/decoders/varz.ts';
import { server, varz, type Look } from './kit.ts';

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`recorded/2.15.1/streams/east1/${name}.json`, import.meta.url), 'utf8'));

/** The real `/jsz` of a server of cluster `east` that holds replicas of ORDERS, with changes. */
export function jsz({ meta, ...changes }: Partial<Jsz> & { readonly meta?: Partial<MetaCluster> } = {}): Jsz {
  const decoded = decodeJsz(recorded('jsz'));
  if (!decoded.ok) throw new Error(decoded.problem);
  const { meta_cluster: own } = decoded.value;
  return {
    ...decoded.value,
    ...(own === undefined ? {} : { meta_cluster: { ...own, ...meta } }),
    ...changes,
  };
}

const real = decodeAssets(recorded('jsz'));
if (!real.ok) throw new Error(real.problem);
const realStream = real.value.streams.find(({ name }) => name === 'ORDERS');
const realConsumer = realStream && rowsOf(realStream.consumers).find(({ name }) => name === 'shipping');
if (realStream === undefined || realConsumer === undefined)
  throw new Error('ORDERS > shipping was not recorded');

type Changed<Row, Part extends keyof Row> = Partial<Omit<Row, Part>> & {
  readonly [P in Part]?: Partial<Row[P]>;
};

/** The rows of consumers as objects. */
export function rowsOf({ columns, from, count }: Consumers): readonly ConsumerRow[] {
  return Array.from({ length: count }, (_, i) => consumerAt(columns, from + i)).filter(
    (row) => row !== undefined,
  );
}

/** Rows as a reply that is decoded holds them. */
export function consumersOf(rows: readonly ConsumerRow[]): Consumers {
  const numbers = (of: (row: ConsumerRow) => number) => Float64Array.from(rows, of);
  const flags = (of: (row: ConsumerRow) => boolean) => Uint8Array.from(rows, (row) => Number(of(row)));
  const sequences = (of: (row: ConsumerRow) => ConsumerRow['delivered']) => ({
    consumerSeq: numbers((row) => of(row).consumerSeq),
    streamSeq: numbers((row) => of(row).streamSeq),
    at: numbers((row) => of(row).at ?? NaN),
  });
  const columns = {
    name: rows.map(({ name }) => name),
    created: numbers(({ created }) => created),
    group: rows.map(({ group }) => group),
    config: rows.map(({ config }) => config),
    delivered: sequences(({ delivered }) => delivered),
    ackFloor: sequences(({ ackFloor }) => ackFloor),
    ackPending: numbers(({ ackPending }) => ackPending),
    redelivered: numbers(({ redelivered }) => redelivered),
    waiting: numbers(({ waiting }) => waiting),
    pending: numbers(({ pending }) => pending),
    pushBound: flags(({ pushBound }) => pushBound),
    paused: flags(({ paused }) => paused),
  };
  return { columns, from: 0, count: rows.length };
}

/** ORDERS of account APP as it was recorded (ten messages, three replicas, discard old), with changes, and its consumers if any. */
export const stream = ({
  group,
  config,
  state,
  consumers = [],
  ...changes
}: Changed<Omit<StreamRow, 'consumers'>, 'group' | 'config' | 'state'> & {
  readonly consumers?: readonly ConsumerRow[];
} = {}): StreamRow => ({
  ...realStream,
  ...changes,
  consumers: consumersOf(consumers),
  group: { ...realStream.group, ...group },
  config: { ...realStream.config, ...config },
  state: { ...realStream.state, ...state },
});

/** ORDERS > shipping as it was recorded (three delivered, the first acknowledged, seven pending), with changes. */
export const consumer = ({
  group,
  config,
  delivered,
  ackFloor,
  ...changes
}: Changed<ConsumerRow, 'group' | 'config' | 'delivered' | 'ackFloor'> = {}): ConsumerRow => ({
  ...realConsumer,
  ...changes,
  group: { ...realConsumer.group, ...group },
  config: { ...realConsumer.config, ...config },
  delivered: { ...realConsumer.delivered, ...delivered },
  ackFloor: { ...realConsumer.ackFloor, ...ackFloor },
});

/** A reading of streams, with or without consumers. */
export const assets = (...streams: readonly StreamRow[]): Assets => ({ ...real.value, streams });

/** The same of a server that sees such a meta group. */
export function assetsIn(meta: Partial<MetaCluster>, ...streams: readonly StreamRow[]): Assets {
  const { meta_cluster: own } = jsz({ meta });
  return { ...assets(...streams), ...(own === undefined ? {} : { meta_cluster: own }) };
}

export const replica = (name: string, changes: Partial<Replica> = {}): Replica => ({
  ...{ name, current: true, offline: false, active: 1_000_000, lag: 0, peer: `peer-${name}`, pending: false },
  ...changes,
});

/** A group of three as this server sees it, which `leader` leads. */
export const ledBy = (
  leader: string | null,
  self: string,
  members: readonly string[] = ['n1', 'n2', 'n3'],
): Partial<Group> => ({
  leader,
  replicas: members.filter((name) => name !== self).map((name) => replica(name)),
});

/** A server of cluster `east`, named as its target and up for a day, with these readings. */
export const member = (
  name: string,
  readings: {
    readonly jsz?: Jsz;
    readonly streams?: Assets;
    readonly consumers?: Assets;
    readonly varz?: Partial<Varz>;
  } = {},
): TargetReadings => {
  const { varz: changes, ...given } = readings;
  const own = {
    server_id: `id-${name}`,
    server_name: name,
    uptime: 86_400,
    cluster: { name: 'east', cluster_port: 6222 },
  };
  return server(name, { varz: varz({ ...own, ...changes }), ...given });
};

/** Three servers n1 to n3, of which n1 leads the stream that each holds a replica of, unless said otherwise. */
export const holding = (
  changes: Parameters<typeof stream>[0] = {},
  { leader = 'n1', varz: own = {} }: { readonly leader?: string | null; readonly varz?: Partial<Varz> } = {},
): readonly TargetReadings[] =>
  ['n1', 'n2', 'n3'].map((name) => {
    const { group, ...rest } = changes;
    const row = stream({ ...rest, group: { ...ledBy(leader, name), ...(name === leader ? group : {}) } });
    return member(name, { streams: assets(row), consumers: assets(row), varz: own });
  });

/** The same of a stream with one consumer, which n1 leads too. */
export const consuming = (changes: Parameters<typeof consumer>[0] = {}): readonly TargetReadings[] =>
  ['n1', 'n2', 'n3'].map((name) => {
    const { group, ...rest } = changes;
    const own = consumer({ ...rest, group: { ...ledBy('n1', name), ...(name === 'n1' ? group : {}) } });
    return member(name, { consumers: assets(stream({ group: ledBy('n1', name), consumers: [own] })) });
  });

/** What the last of so many looks says, a minute apart, at servers that stay as they are. */
export function lookingOn(
  watch: { readonly look: (servers: readonly TargetReadings[]) => Look },
  servers: readonly TargetReadings[],
  looks: number,
): Look {
  for (let i = 1; i < looks; i += 1) watch.look(servers);
  return watch.look(servers);
}
