import type { JsMsg } from '@nats-io/jetstream';
import { constants } from 'node:fs';
import { open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../services/command.ts';
import type { NatsServer } from '../../services/nats-server.ts';
import { waitFor } from '../../services/wait.ts';
import { storeOf } from '../jetstream.ts';
import type { Client, Cluster } from './cluster.ts';
import { addConsumer, addStream, fill, take } from './content.ts';
import { allHealthy, healthOf } from './health.ts';
import { jsz, leaderOf, streamRow } from './rows.ts';
import { spareServer } from './servers.ts';

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
  const folder = path.join(storeOf(leader), account, 'streams', stream, 'msgs');
  const blocks = (await readdir(folder)).flatMap((file) => /^(\d+)\.blk$/.exec(file)?.[1] ?? []).map(Number);
  const next = Math.max(...blocks) + 1;
  for (let block = next; block < next + 20; block += 1)
    await symlink('/dev/full', path.join(folder, `${block}.blk`));
  return fillUntilRefused(client, stream);
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
