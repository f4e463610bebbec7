import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { NatsServer } from '../../services/nats-server.ts';
import { waitFor, waitUntil } from '../../services/wait.ts';
import { electionPatience } from '../jetstream.ts';
import { metaLeader, type Client, type Cluster } from './cluster.ts';
import { healthOf } from './health.ts';
import { blockNumbers, messagesOf } from './blocks.ts';
import { fill } from './content.ts';
import { jsz, leaderOf, leaderRow, streamIs, streamRow } from './rows.ts';

/** A follower that answers nothing any more. Resolves when the leader no longer calls it current. */
export async function followerFrozen(cluster: Cluster, client: Client, stream: string): Promise<NatsServer> {
  const follower = await followerApartFrom(cluster, client, stream);
  await cluster.freeze(follower);
  await isNotCurrent(cluster, stream, follower);
  return follower;
}

/** A follower that ended without a farewell. Resolves when the leader no longer calls it current. */
export async function followerKilled(cluster: Cluster, client: Client, stream: string): Promise<NatsServer> {
  const follower = await followerApartFrom(cluster, client, stream);
  await follower.kill();
  await isNotCurrent(cluster, stream, follower);
  return follower;
}

/** A follower that was stopped politely. Resolves when the leader calls it offline. */
export async function followerStopped(cluster: Cluster, client: Client, stream: string): Promise<NatsServer> {
  const follower = await followerApartFrom(cluster, client, stream);
  await follower.stop();
  await streamIs(cluster, stream, `to call ${follower.name} offline`, (row) =>
    (row.cluster?.replicas ?? []).some(({ name, offline }) => name === follower.name && offline === true),
  );
  return follower;
}

/** A spare follower of the stream. */
export async function followerApartFrom(
  cluster: Cluster,
  client: Client,
  stream: string,
): Promise<NatsServer> {
  return spareServer(cluster, client, (await leaderOf(cluster, stream)).followers);
}

/** Of these one that the client is not connected to and, where there is a choice, that does not lead the meta group. */
export async function spareServer(
  cluster: Cluster,
  client: Client,
  among: readonly NatsServer[],
): Promise<NatsServer> {
  const meta = await waitFor('a leader of the meta group', () => metaLeader(cluster), electionPatience);
  const at = client.connection.info?.server_name;
  const against = (server: NatsServer) => (server === meta ? 1 : 0) + (server.name === at ? 2 : 0);
  const [best] = among.toSorted((a, b) => against(a) - against(b));
  if (best === undefined) throw new Error('no server to spare');
  return best;
}

const isNotCurrent = (cluster: Cluster, stream: string, follower: NatsServer) =>
  streamIs(cluster, stream, `to miss ${follower.name}`, (row) =>
    (row.cluster?.replicas ?? []).some(({ name, current }) => name === follower.name && !current),
  );

/** Resolves when each replica has as many messages as the leader, and the leader calls each current. */
export async function replicasAgree(cluster: Cluster, stream: string, servers: readonly NatsServer[]) {
  await waitUntil(
    `replicas of ${stream} to agree`,
    async () => {
      const leader = await leaderRow(cluster, stream);
      const rows = await Promise.all(servers.map((server) => streamRow(server, stream)));
      return {
        current: (leader?.cluster?.replicas ?? []).every(({ current }) => current),
        messages: [leader, ...rows].map((row) => row?.state.messages),
      };
    },
    ({ current, messages }) =>
      current && messages.every((each) => each !== undefined && each === messages[0]),
    electionPatience,
  );
}

/** A follower misses so many messages. Gives it; it catches up once it is started. */
export async function followerMisses(
  cluster: Cluster,
  client: Client,
  stream: string,
  messages: number,
): Promise<NatsServer> {
  const follower = await followerStopped(cluster, client, stream);
  await fill(client, stream, messages, { bytes: 1_000 });
  return follower;
}

/** A follower whose messages were lost from its disk while its log of the group was not. */
export async function followerLosesMessages(
  cluster: Cluster,
  client: Client,
  stream: string,
  account = 'APP',
): Promise<NatsServer> {
  const follower = await followerStopped(cluster, client, stream);
  await restartWithout(follower, stream, [messagesOf(follower, account, stream)]);
  return follower;
}

/** Small enough that its messages lie in several blocks of 32 kB, for `followerLosesBlock`. */
export const ofSmallBlocks = { num_replicas: 3, max_bytes: 120_000 } as const;

/** A follower of a stream that is `ofSmallBlocks` lost the second block of it from its disk. Resolves when it has answered with the rest. */
export async function followerLosesBlock(
  cluster: Cluster,
  client: Client,
  stream: string,
  account = 'APP',
): Promise<NatsServer> {
  const follower = await followerApartFrom(cluster, client, stream);
  await follower.stop();
  const folder = messagesOf(follower, account, stream);
  const [, second] = await blockNumbers(folder);
  const lost = [`${second}.blk`, 'index.db'].map((file) => path.join(folder, file));
  await restartWithout(follower, stream, lost);
  return follower;
}

/** A server that was stopped lost these of its files of a stream. Resolves when it has answered with the rest. */
async function restartWithout(server: NatsServer, stream: string, lost: readonly string[]): Promise<void> {
  for (const file of lost) await rm(file, { recursive: true });
  await server.restart();
  await waitFor(`${server.name} to have its ${stream}`, () => streamRow(server, stream), electionPatience);
}

/** The leader ends without a farewell. Resolves when another leads. */
export async function leaderKilled(cluster: Cluster, stream: string): Promise<NatsServer> {
  const { leader } = await leaderOf(cluster, stream);
  await leader.kill();
  await leaderOf(cluster, stream);
  return leader;
}

/** All but one end without a farewell. Resolves when that one has no leader of the meta group and the streams. */
export async function quorumLost(
  cluster: Cluster,
  streams: readonly string[],
  left = cluster.server('n1'),
): Promise<NatsServer> {
  await Promise.all(cluster.servers.filter((server) => server !== left).map((server) => server.kill()));
  await waitUntil(
    `${left.name} to know no leader`,
    async () => [
      (await jsz(left)).meta_cluster?.leader,
      ...(await Promise.all(streams.map(async (stream) => (await streamRow(left, stream))?.cluster?.leader))),
    ],
    (leaders) => leaders.every((leader) => leader === undefined),
    electionPatience,
  );
  return left;
}

/** All that do not run do again. Resolves when all are healthy. */
export async function allBack(cluster: Cluster): Promise<void> {
  await Promise.all(
    cluster.servers.filter((server) => !server.isRunning()).map((server) => server.restart()),
  );
  await cluster.healthy();
}

/** The server of a stream with one replica ends without a farewell, and its stream is in no reply any more. */
export async function onlyReplicaKilled(cluster: Cluster, stream: string): Promise<NatsServer> {
  const { leader } = await leaderOf(cluster, stream);
  await leader.kill();
  return leader;
}

/** A server is gone for good and the meta group goes on counting it: a scale-down without `nats server cluster peer-remove`. */
export async function phantomPeer(cluster: Cluster, client: Client): Promise<NatsServer> {
  const meta = await waitFor('a leader of the meta group', () => metaLeader(cluster), electionPatience);
  const gone = await spareServer(
    cluster,
    client,
    cluster.servers.filter((server) => server !== meta),
  );
  await gone.stop();
  await waitUntil(
    `the meta group to call ${gone.name} offline`,
    async () => (await jsz(meta)).meta_cluster?.replicas ?? [],
    (replicas) => replicas.some(({ name, offline }) => name === gone.name && offline === true),
    electionPatience,
  );
  return gone;
}

/** What `nats server cluster peer-remove` does. Resolves when the meta group counts one less. */
export async function peerRemoved(cluster: Cluster, system: Client, gone: NatsServer): Promise<void> {
  const meta = await waitFor('a leader of the meta group', () => metaLeader(cluster), electionPatience);
  const before = (await jsz(meta)).meta_cluster?.cluster_size ?? 0;
  await system.ask('$JS.API.SERVER.REMOVE', { peer: gone.name });
  await waitUntil(
    `the meta group to forget ${gone.name}`,
    async () => (await jsz(meta)).meta_cluster?.cluster_size,
    (size) => size === before - 1,
  );
}

/** Another leads, because it was asked for. */
export async function stepDown(cluster: Cluster, client: Client, stream: string): Promise<void> {
  const { leader } = await leaderOf(cluster, stream);
  await client.ask(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`);
  await streamIs(cluster, stream, 'to have another leader', (row) => row.cluster?.leader !== leader.name);
}

/** One server after the other is stopped and started, while `meanwhile` goes on; each waits until all are healthy. */
export async function rollingRestart(
  cluster: Cluster,
  meanwhile: (server: NatsServer, state: 'down' | 'up') => Promise<void>,
): Promise<void> {
  for (const server of cluster.servers) {
    await server.stop();
    await meanwhile(server, 'down');
    await server.restart();
    await cluster.healthy();
    await meanwhile(server, 'up');
  }
}

/** Resolves when the server says that it is ill, with what it says. */
export const illHealth = (server: NatsServer) =>
  waitUntil(
    `${server.name} to be ill`,
    () => healthOf(server),
    ({ status }) => status !== 200,
    electionPatience,
  );
