import type { JsMsg } from '@nats-io/jetstream';
import { constants } from 'node:fs';
import { open, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../services/command.ts';
import type { NatsServer } from '../../services/nats-server.ts';
import { waitFor } from '../../services/wait.ts';
import { storeOf } from '../jetstream.ts';
import { blockNumbers, messagesOf } from './blocks.ts';
import type { Client, Cluster } from './cluster.ts';
import { addConsumer, addStream, fill, take } from './content.ts';
import { allHealthy, healthOf } from './health.ts';
import { jsz, leaderOf, streamRow } from './rows.ts';
import { followerApartFrom, spareServer } from './servers.ts';

/** Publishes until the server refuses, because its store or the stream is full; gives what it says. */
export async function fillUntilRefused(
  { js }: Client,
  stream: string,
  { bytes = 10_000, most = 10_000 } = {},
): Promise<string> {
  const payload = new Uint8Array(bytes);
  for (let i = 0; i < most; i += 1) {
    try {
      await js.publish(`${stream.toLowerCase()}.${i}`, payload, { timeout: 2_000 });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error(`${stream} takes whatever comes`);
}

/** Room for streams is given away although nothing is in them; gives what who asks for more is told. */
export async function reservedOut(
  { servers }: Cluster,
  { jsm }: Client,
  { bytes = 1_000_000, most = 100 } = {},
): Promise<string> {
  for (let i = 0; i < most; i += 1) {
    const name = `RESERVED-${i}`;
    try {
      await jsm.streams.add({
        name,
        subjects: [`reserved-${i}.>`],
        max_bytes: bytes,
        num_replicas: servers.length,
      });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error('JetStream gives away whatever is asked for');
}

/**
 * The disk is full for one stream: the next file of its messages is one that takes no byte, as of a disk without space.
 * Gives what publishers are told. A stream of few `max_bytes` soon has a next file.
 */
export async function diskFull(
  cluster: Cluster,
  client: Client,
  stream: string,
  account = 'APP',
): Promise<string> {
  const { leader } = await leaderOf(cluster, stream);
  await noRoom(messagesOf(leader, account, stream));
  return fillUntilRefused(client, stream);
}

/**
 * The same under a follower, of a stream of which so many messages fill the block that it has. Gives it, and what makes room and
 * starts it again.
 */
export async function followerDiskFull(
  cluster: Cluster,
  client: Client,
  {
    stream,
    messages,
    account = 'APP',
  }: { readonly stream: string; readonly messages: number; readonly account?: string },
) {
  const server = await followerApartFrom(cluster, client, stream);
  const folder = messagesOf(server, account, stream);
  const full = await noRoom(folder);
  await fill(client, stream, messages, { bytes: 1_000 });
  return {
    server,
    mend: async (): Promise<void> => {
      await server.stop();
      for (const file of full) await rm(file, { force: true });
      await server.restart();
    },
  };
}

/** The next files of messages in this folder are ones that take no byte; gives them. */
async function noRoom(folder: string): Promise<readonly string[]> {
  const next = ((await blockNumbers(folder)).at(-1) ?? 0) + 1;
  const full = Array.from({ length: 20 }, (_, i) => path.join(folder, `${next + i}.blk`));
  for (const file of full) await symlink('/dev/full', file);
  return full;
}

/** So many operations on disk a server lets run at once, when it is configured so: the least that nats-server 2.15 takes. */
export const fewDiskOperations = {
  jetStream: 'max_mem: 64MB, max_file: 256MB, max_concurrent_io: 4',
  count: 4,
};

/**
 * The disk of a lone server of `fewDiskOperations` hangs: consumers' states are written to pipes that nobody reads, so that each
 * write holds its place for good. Resolves when others wait behind them and none of these goes on; what it gives mends the disk.
 */
export async function diskHung(
  cluster: Cluster,
  client: Client,
  stream: string,
): Promise<() => Promise<void>> {
  const server = cluster.server('n1');
  const hanging = Array.from({ length: fewDiskOperations.count }, (_, i) => `hanging-${i}`);
  await addStream(cluster, client, stream);
  await fill(client, stream, 100);
  const given = new Map<string, JsMsg[]>();
  for (const name of [...hanging, 'waiting']) {
    const own: JsMsg[] = [];
    given.set(name, own);
    await addConsumer(cluster, client, stream, name);
    await take(client, stream, name, 100, (message) => own.push(message));
  }
  const acknowledge = (name: string): void => given.get(name)?.shift()?.ack();
  const pipes = hanging.map((name) =>
    path.join(storeOf(server), 'APP/streams', stream, 'obs', name, 'o.dat.tmp'),
  );
  // The server may be about to write the very file.
  for (const pipe of pipes)
    await waitFor(`a pipe in place of ${pipe}`, () => run('mkfifo', [pipe]).then(() => true));
  let [inVain, ended] = [0, -1];
  await waitFor('operations to wait for the disk in vain', async () => {
    for (const name of given.keys()) acknowledge(name);
    const { disk_io_wait_stats: stats } = (await server.get('/varz')) as {
      readonly disk_io_wait_stats: { readonly waiters: number; readonly waits: number };
    };
    inVain = stats.waiters > 0 && stats.waits === ended ? inVain + 1 : 0;
    ended = stats.waits;
    return inVain >= 10;
  });
  return async () => {
    for (const pipe of pipes) {
      const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
      await rm(pipe, { force: true });
      await reader.close();
    }
  };
}

/**
 * So many requests pile up at a lone server whose disk hangs: some that have to write hold all who work on requests. Resolves when they
 * wait.
 */
export async function requestsPileUp(
  cluster: Cluster,
  { connection }: Client,
  stream: string,
  count: number,
): Promise<void> {
  const body = (name: string) =>
    JSON.stringify({ stream_name: stream, config: { durable_name: name, ack_policy: 'explicit' } });
  const reply = '_INBOX.nobody';
  // So many work on them at most.
  for (let i = 0; i < 16; i += 1)
    connection.publish(`$JS.API.CONSUMER.DURABLE.CREATE.${stream}.late-${i}`, body(`late-${i}`), { reply });
  for (let i = 0; i < count; i += 1) connection.publish('$JS.API.INFO', '', { reply });
  await connection.flush();
  await waitFor(
    'requests to wait',
    async () => ((await jsz(cluster.server('n1'))).api.inflight ?? 0) >= count,
  );
}

/**
 * The disk of a follower is full where its log's state is kept: at the next election the server shuts its JetStream down.
 * Resolves when it has, and the others are well; what it gives makes room and starts the server again.
 */
export async function jetStreamGivenUp(cluster: Cluster, client: Client, stream: string) {
  const server = await spareServer(cluster, client, (await leaderOf(cluster, stream)).followers);
  const group = (await streamRow(server, stream))?.cluster?.raft_group ?? '';
  // 2.15 writes beside the file and renames, 2.10 writes into it.
  const file = path.join(storeOf(server), 'SYS/_js_', group, 'tav.idx');
  const full = server.version.startsWith('2.10.') ? file : `${file}.tmp`;
  await rm(full, { force: true });
  await symlink('/dev/full', full);
  await client.ask(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`);
  await waitFor(`${server.name} to shut its JetStream down`, async () => (await jsz(server)).disabled);
  await allHealthy(() => cluster.answering().filter((other) => other !== server));
  return {
    server,
    mend: async (): Promise<void> => {
      await rm(full, { force: true });
      await server.restart();
    },
  };
}

/** A file stands where a follower keeps its log, so that the raft node of its replica does not start; resolves when it says so. */
export async function raftNodeFails(cluster: Cluster, stream: string): Promise<NatsServer> {
  const { followers } = await leaderOf(cluster, stream);
  const [server] = followers;
  if (server === undefined) throw new Error(`${stream} has no follower`);
  const group = (await streamRow(server, stream))?.cluster?.raft_group ?? '';
  const folder = path.join(storeOf(server), 'SYS/_js_', group);
  await server.stop();
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
  await server.restart();
  await waitFor(`${server.name} to miss a raft node of ${stream}`, async () =>
    /group node missing|assignment error/.test((await healthOf(server)).body),
  );
  return server;
}
