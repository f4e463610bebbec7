import { afterEach, describe, expect, it } from 'vitest';
import { natsVersions, type NatsServer, type NatsVersion } from '../../services/nats-server.ts';
import { waitFor } from '../../services/wait.ts';
import { metaLeader, startCluster, type Client, type Cluster } from './cluster.ts';
import { healthOf } from './health.ts';
import { addConsumer, addStream, fill } from './content.ts';
import { consumerRow, jsz, leaderOf, leaderRow, streamIs, streamRow, streamRows } from './rows.ts';
import {
  allBack,
  followerFrozen,
  followerLosesMessages,
  followerMisses,
  leaderKilled,
  onlyReplicaKilled,
  peerRemoved,
  phantomPeer,
  quorumLost,
  replicasAgree,
  rollingRestart,
  stepDown,
} from './servers.ts';

const stream = 'ORDERS';
let cluster: Cluster;
let client: Client;
afterEach(() => cluster.stop());

async function start(version: NatsVersion): Promise<void> {
  cluster = await startCluster({ version });
  client = await cluster.client();
  await addStream(cluster, client, stream, { num_replicas: 3 });
  await addConsumer(cluster, client, stream, 'shipping');
  await fill(client, stream, 10);
  await replicasAgree(cluster, stream, cluster.servers);
}

/** What the leader says of one replica. */
const replica = async ({ name }: NatsServer) =>
  (await leaderRow(cluster, stream))?.cluster?.replicas?.find((each) => each.name === name);

describe.each(natsVersions)('a stream of three replicas of nats-server %s', (version) => {
  // A consumer of 2.9.10 may stay "not current" for ever after its server was killed.
  const comesBack = version !== '2.9.10';

  it('whose follower is frozen says so on its leader, while every other server is healthy', async () => {
    await start(version);
    const follower = await followerFrozen(cluster, client, stream);
    await expect.poll(() => replica(follower)).toMatchObject({ current: false });
    expect((await replica(follower))?.offline).toBeUndefined();
    expect((await Promise.all(cluster.answering().map(healthOf))).map(({ status }) => status)).toEqual([
      200, 200,
    ]);
    await fill(client, stream, 5);
    await expect
      .poll(() => replica(follower))
      .toMatchObject({ current: false, lag: expect.any(Number) as number });
    cluster.thaw(follower);
    await replicasAgree(cluster, stream, cluster.servers);
  });

  it('whose follower catches up shows in its messages how far it is', async () => {
    await start(version);
    const follower = await followerMisses(cluster, client, stream, 5_000);
    await expect.poll(() => replica(follower)).toMatchObject({ current: false, offline: true });
    await follower.restart();
    await replicasAgree(cluster, stream, cluster.servers);
    expect((await streamRow(follower, stream))?.state).toMatchObject({ messages: 5_010, last_seq: 5_010 });
    await cluster.healthy();
  });

  it.skipIf(version === '2.9.10')(
    'whose follower lost its messages from disk has it called current by its leader, until the next message',
    async () => {
      await start(version);
      const follower = await followerLosesMessages(cluster, client, stream);
      await waitFor('the leader to call it current', async () => (await replica(follower))?.current);
      const held = (await streamRow(follower, stream))?.state.messages;
      // Now and then 2.10.27 copies them again by itself.
      if (version !== '2.10.27') expect(held).toBe(0);
      await fill(client, stream, 1);
      // 2.10.27 goes on calling it not current, now and then for minutes, though it has them all.
      const all = async () => Object.values(await streamRows(cluster, stream));
      await expect.poll(async () => (await all()).map(({ state }) => state.messages)).toEqual([11, 11, 11]);
    },
  );

  it.skipIf(!comesBack)(
    'whose leader is killed has another; one that was asked to step down, too',
    async () => {
      await start(version);
      const killed = await leaderKilled(cluster, stream);
      const { leader } = await leaderOf(cluster, stream);
      expect(leader.name).not.toBe(killed.name);
      await allBack(cluster);
      const before = await leaderOf(cluster, stream);
      await stepDown(cluster, client, stream);
      expect((await leaderOf(cluster, stream)).leader.name).not.toBe(before.leader.name);
    },
  );

  it('of which one server is left has no leader there, nor has the meta group, until others are back', async () => {
    await start(version);
    const left = await quorumLost(cluster, [stream]);
    const row = await streamRow(left, stream);
    expect(row?.cluster).not.toHaveProperty('leader');
    expect(row?.cluster?.replicas).toHaveLength(3);
    expect((await jsz(left)).meta_cluster).toMatchObject({ cluster_size: 3 });
    expect((await healthOf(left)).status).toBe(503);
    if (!comesBack) return;
    await allBack(cluster);
    const led = await waitFor('ORDERS to be led again', () => leaderRow(cluster, stream));
    expect(led.state.messages).toBe(10);
  });

  it.skipIf(!comesBack)(
    'of one replica on a dead server is in no reply, and its consumers neither',
    async () => {
      await start(version);
      await addStream(cluster, client, 'NOTES', { num_replicas: 1 });
      await addConsumer(cluster, client, 'NOTES', 'reader');
      await onlyReplicaKilled(cluster, 'NOTES');
      await waitFor('a meta leader', () => metaLeader(cluster));
      await expect.poll(() => streamRows(cluster, 'NOTES')).toEqual({});
      await cluster.healthy();
      await allBack(cluster);
      await expect.poll(async () => Object.keys(await streamRows(cluster, 'NOTES'))).toHaveLength(1);
      await expect.poll(() => consumerRow(cluster, 'NOTES', 'reader')).toMatchObject({ num_pending: 0 });
    },
  );

  it('counts a server that was taken away until it is removed as a peer', async () => {
    await start(version);
    const gone = await phantomPeer(cluster, client);
    const meta = await waitFor('a meta leader', () => metaLeader(cluster));
    expect((await jsz(meta)).meta_cluster).toMatchObject({ cluster_size: 3 });
    await peerRemoved(cluster, await cluster.client('sys'), gone);
    expect((await jsz(meta)).meta_cluster?.replicas?.map(({ name }) => name)).not.toContain(gone.name);
    const row = await streamIs(
      cluster,
      stream,
      'to have one replica less',
      (seen) => seen.cluster?.replicas?.every(({ name }) => name !== gone.name) ?? false,
    );
    expect(row.config).toMatchObject({ num_replicas: 3 });
    expect(row.cluster?.replicas).toHaveLength(1);
  });
});

it('a rolling restart under load loses no message', async () => {
  await start('2.15.1');
  await rollingRestart(cluster, () => fill(client, stream, 50));
  await replicasAgree(cluster, stream, cluster.servers);
  expect((await leaderRow(cluster, stream))?.state.messages).toBeGreaterThanOrEqual(10 + 6 * 50);
});
