import type { NatsServer } from '../../services/nats-server.ts';
import { waitFor, waitUntil } from '../../services/wait.ts';
import { electionPatience } from '../jetstream.ts';
import type { Cluster } from './cluster.ts';

export type Replica = {
  readonly name: string;
  readonly current: boolean;
  readonly active: number;
  readonly offline?: boolean;
  readonly lag?: number;
  readonly pending?: boolean;
};

export type Group = {
  readonly leader?: string;
  readonly replicas?: readonly Replica[];
  readonly raft_group?: string;
  /** From 2.15 on, while a group moves. */
  readonly desired?: {
    readonly created: string;
    readonly status?: { readonly type: string; readonly description?: string; readonly err?: string };
  };
};

export type Origin = {
  readonly name: string;
  readonly lag: number;
  /** Nanoseconds; -1: never. */
  readonly active: number;
  /** From 2.15 on. */
  readonly seq?: number;
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
};

export type ConsumerRow = {
  readonly name: string;
  readonly created: string;
  readonly cluster?: Group;
  readonly config: Readonly<Record<string, unknown>>;
  readonly delivered: { readonly consumer_seq: number; readonly stream_seq: number };
  readonly ack_floor: { readonly consumer_seq: number; readonly stream_seq: number };
  readonly num_ack_pending: number;
  readonly num_redelivered: number;
  readonly num_waiting: number;
  readonly num_pending: number;
  readonly push_bound?: boolean;
  readonly paused?: boolean;
  readonly pause_remaining?: number;
};

export type StreamRow = {
  readonly name: string;
  readonly created: string;
  readonly cluster?: Group;
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: {
    readonly messages: number;
    readonly bytes: number;
    readonly first_seq: number;
    readonly last_seq: number;
    readonly consumer_count: number;
    readonly num_subjects?: number;
    readonly num_deleted?: number;
  };
  readonly mirror?: Origin;
  readonly sources?: readonly Origin[];
  readonly consumer_detail?: readonly ConsumerRow[];
};

export type Jsz = {
  readonly disabled?: boolean;
  readonly streams: number;
  readonly consumers: number;
  readonly storage: number;
  readonly reserved_storage: number;
  readonly config: { readonly max_storage: number; readonly max_memory: number };
  readonly api: { readonly total: number; readonly errors: number; readonly inflight?: number };
  readonly meta_cluster?: Group & {
    readonly cluster_size: number;
    readonly quorum_needed?: number;
    readonly pending?: number;
  };
  readonly account_details?: readonly {
    readonly name: string;
    readonly stream_detail?: readonly StreamRow[];
  }[];
};

export const jsz = async (server: NatsServer, query = ''): Promise<Jsz> =>
  (await server.get(`/jsz${query}`)) as Jsz;

const everything = '?consumers=true&config=true&raft=true';

/** A server's row of a stream of any account. */
export async function streamRow(server: NatsServer, stream: string): Promise<StreamRow | undefined> {
  const { account_details: accounts = [] } = await jsz(server, everything);
  return accounts.flatMap((account) => account.stream_detail ?? []).find(({ name }) => name === stream);
}

/** Every answering server's row of it, by server. */
export async function streamRows(
  { answering }: Cluster,
  stream: string,
): Promise<Readonly<Record<string, StreamRow>>> {
  const rows = await Promise.all(
    answering().map(async (server) => [server.name, await streamRow(server, stream)] as const),
  );
  return Object.fromEntries(rows.flatMap(([name, row]) => (row === undefined ? [] : [[name, row] as const])));
}

/** The row of the server that calls itself the stream's leader. */
export async function leaderRow(cluster: Cluster, stream: string): Promise<StreamRow | undefined> {
  const rows = await streamRows(cluster, stream);
  return Object.entries(rows).find(([server, row]) => leads(server, row))?.[1];
}

const leads = (server: string, { cluster }: { readonly cluster?: Group }): boolean =>
  cluster === undefined || cluster.leader === server;

/** The row of a consumer on the server that calls itself its leader. */
export async function consumerRow(
  cluster: Cluster,
  stream: string,
  consumer: string,
): Promise<ConsumerRow | undefined> {
  const rows = await streamRows(cluster, stream);
  return Object.entries(rows).flatMap(([server, row]) =>
    (row.consumer_detail ?? []).filter((each) => each.name === consumer && leads(server, each)),
  )[0];
}

/** Who leads a stream, once one does, and the others that hold it and answer. */
export async function leaderOf(
  cluster: Cluster,
  stream: string,
): Promise<{ readonly leader: NatsServer; readonly followers: readonly NatsServer[] }> {
  return waitFor(
    `a leader of ${stream}`,
    async () => {
      const rows = Object.entries(await streamRows(cluster, stream));
      const leading = rows.find(([server, row]) => leads(server, row))?.[0];
      if (leading === undefined) return undefined;
      const followers = rows.flatMap(([server]) => (server === leading ? [] : [cluster.server(server)]));
      return { leader: cluster.server(leading), followers };
    },
    electionPatience,
  );
}

/** Of three: the leader hears both others, and calls them current, which it may not yet where it was elected just now. */
export const isFollowed = ({ cluster }: { readonly cluster?: Group }): boolean =>
  cluster?.replicas?.map(({ current }) => current).join() === 'true,true';

/** Resolves with the leader's row once it is so. */
export const streamIs = (
  cluster: Cluster,
  stream: string,
  what: string,
  isSo: (row: StreamRow) => boolean,
): Promise<StreamRow> => awaited(`${stream} ${what}`, () => leaderRow(cluster, stream), isSo);

/** Resolves with the leader's row once it is so. */
export const consumerIs = (
  cluster: Cluster,
  stream: string,
  consumer: string,
  what: string,
  isSo: (row: ConsumerRow) => boolean,
): Promise<ConsumerRow> =>
  awaited(`${consumer} of ${stream} ${what}`, () => consumerRow(cluster, stream, consumer), isSo);

async function awaited<T>(
  what: string,
  look: () => Promise<T | undefined>,
  isSo: (row: T) => boolean,
): Promise<T> {
  const found = await waitUntil(what, look, (row) => row !== undefined && isSo(row), electionPatience);
  return found as T;
}
