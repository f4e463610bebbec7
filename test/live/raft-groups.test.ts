import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { seconds } from '../../lambdas/durations.ts';
import { endpoints, readEndpoint } from '../../lambdas/readings/endpoints.ts';
import { startCluster, type Cluster } from '../scenes/jetstream/cluster.ts';
import { addStream, fill } from '../scenes/jetstream/content.ts';
import { raftRefusals } from '../scenes/jetstream/raft-refusals.ts';
import {
  consumerIs,
  consumerRow,
  isFollowed,
  leaderOf,
  leaderRow,
  streamIs,
  streamRow,
  streamRows,
} from '../scenes/jetstream/rows.ts';
import { idle } from '../scenes/jetstream/stalled.ts';
import { raftNodeFails } from '../scenes/jetstream/storage.ts';
import { deleted } from '../scenes/jetstream/streams.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

describe.each(['2.10.27', '2.15.1'] as const)('a raft group of nats-server %s', (version) => {
  const refusals = raftRefusals();
  let cluster: Cluster;
  let leader: NatsServer;
  let followers: readonly NatsServer[];
  let group: string;
  beforeAll(async () => {
    cluster = await startCluster({ version, routes: refusals.routes });
    const client = await cluster.client();
    await addStream(cluster, client, 'ORDERS', { num_replicas: 3 });
    await fill(client, 'ORDERS', 10);
    ({ leader, followers } = await leaderOf(cluster, 'ORDERS'));
    group = (await leaderRow(cluster, 'ORDERS'))?.cluster?.raft_group ?? '';
  });
  afterAll(() => cluster.stop());

  const look = async (server: NatsServer, name = group) => {
    const target = { name: server.name, url: server.monitoringUrl };
    const source = httpSource({ timeoutMs: seconds(5) });
    const reading = await readEndpoint(source, target, endpoints.raftz({ account: 'APP', group: name }));
    return reading.ok ? reading.value.groups : reading.failure.code;
  };

  it('is asked for alone, by the name that the stream shows, and has committed all', async () => {
    await waitUntil(
      'the leader to have committed all',
      () => look(leader),
      (groups) => typeof groups !== 'string' && groups[0]?.pindex === groups[0]?.committed,
    );
    expect(await look(leader)).toMatchObject([{ account: 'APP', name: group, state: 'LEADER' }]);
    expect(await look(followers[0] ?? leader)).toMatchObject([{ state: 'FOLLOWER', overrun: false }]);
    expect(await look(leader, 'S-R3F-nothing')).toEqual([]);
  });

  it('that commits nothing while all say that it is well is told within five minutes, and until it does', async () => {
    const client = await cluster.client('app', leader);
    const watched = watchingLive('jetstream-streams', targetsOf(...cluster.servers), { serversAge: true });
    const told = ({ findings }: LiveLook) =>
      // The run's minutes have what the looks took beside.
      findings.flatMap(({ diagnosis, summary }) =>
        diagnosis === 'JETSTREAM_105' ? [summary.replace(/(?<= min) \d+ s/, '')] : [],
      );
    // Its messages went the same way, and it is as quiet.
    expect((await watched.looks(5)).flatMap(told)).toEqual([]);
    refusals.refuse(group);
    client.connection.publish('orders.stuck');
    await client.connection.flush();
    await waitUntil(
      'the leader to hold an entry that is not committed',
      () => look(leader),
      (groups) => typeof groups !== 'string' && (groups[0]?.pindex ?? 0) > (groups[0]?.committed ?? 0),
    );
    const wedged = await watched.looks(5);
    expect(wedged.map(told)).toEqual([
      ...[[], [], []],
      ...['3 min', '4 min'].map((time) => [
        `Stream ORDERS (APP) takes no message: its leader ${leader.name} has committed nothing for ${time}, with 1 entry waiting.`,
      ]),
    ]);
    await expect
      .poll(async () => [
        ((await leaderRow(cluster, 'ORDERS'))?.cluster?.replicas ?? []).map(({ current }) => current),
        (await fetch(`${leader.monitoringUrl}/healthz`)).status,
      ])
      .toEqual([[true, true], 200]);
    refusals.accept();
    await waitUntil(
      'the leader to have committed all',
      () => look(leader),
      (groups) => typeof groups !== 'string' && groups[0]?.pindex === groups[0]?.committed,
    );
    expect((await watched.looks(4)).at(-1)?.reported).toContain(
      'resolved JETSTREAM_105 warning ORDERS (APP)',
    );
  });

  // A consumer of 2.10.27 names its former leader for half a minute more.
  it.runIf(version === '2.15.1')(
    'that elects no leader is told in the second look, of a stream and of a consumer, and until it has one',
    async () => {
      const client = await cluster.client('app', leader);
      await idle(cluster, client, { stream: 'ORDERS', consumer: 'shipping' });
      await addStream(cluster, client, 'BILLS', { num_replicas: 3 });
      await idle(cluster, client, { stream: 'BILLS', consumer: 'booking' });
      const followed = async () => {
        await streamIs(cluster, 'BILLS', 'to be led and followed', isFollowed);
        await consumerIs(cluster, 'BILLS', 'booking', 'to be led and followed', isFollowed);
        await consumerIs(cluster, 'ORDERS', 'shipping', 'to be led and followed', isFollowed);
      };
      await followed();
      const watches = ['jetstream-streams', 'jetstream-consumers'].map((check) =>
        watchingLive(check, targetsOf(...cluster.servers), { serversAge: true }),
      );
      const reported = async () =>
        (await Promise.all(watches.map((watch) => watch.look()))).flatMap((each) => each.reported);
      const overLooks = async (count: number) => {
        const all: (readonly string[])[] = [];
        for (let i = 0; i < count; i += 1) all.push(await reported());
        return all;
      };
      expect((await overLooks(3)).flat()).toEqual([]);
      const [stream, consumer] = await Promise.all([
        leaderRow(cluster, 'BILLS'),
        consumerRow(cluster, 'ORDERS', 'shipping'),
      ]);
      refusals.refuseVotes([stream, consumer].map((row) => row?.cluster?.raft_group ?? ''));
      await client.ask('$JS.API.STREAM.LEADER.STEPDOWN.BILLS');
      await client.ask('$JS.API.CONSUMER.LEADER.STEPDOWN.ORDERS.shipping');
      await waitUntil(
        'nobody to be named as their leader',
        async () => {
          const [bills, orders] = await Promise.all(
            ['BILLS', 'ORDERS'].map(async (name) => Object.values(await streamRows(cluster, name))),
          );
          const consumers = orders?.flatMap((row) => row.consumer_detail ?? []) ?? [];
          return [...(bills ?? []), ...consumers].map((row) => row.cluster?.leader);
        },
        (leaders) => leaders.length === 6 && leaders.every((name) => name === undefined),
      );
      expect(await overLooks(2)).toEqual([
        [],
        ['opened JETSTREAM_107 critical BILLS (APP)', 'opened CONSUMER_103 critical ORDERS > shipping (APP)'],
      ]);
      refusals.accept();
      await followed();
      expect((await overLooks(7)).flat()).toEqual([
        'resolved JETSTREAM_107 critical BILLS (APP)',
        'resolved CONSUMER_103 critical ORDERS > shipping (APP)',
      ]);
      await deleted(cluster, client, 'BILLS');
    },
  );

  it('of which a server has no node is told in the words of its /healthz, and has the leader it had', async () => {
    const server = await raftNodeFails(cluster, 'ORDERS');
    const watched = watchingLive('server-up', targetsOf(...cluster.servers));
    const told = (await watched.looks(2))
      .at(-1)
      ?.findings.filter(({ diagnosis }) => diagnosis === 'SERVER_015');
    const stopped =
      'info: 1 stream of n is in no raft group, though configured with replicas: alone, or stopped here.';
    const refused = 'critical: 1 stream of n is not there or not current: refused by this server.';
    const said = told?.map(({ severity, summary }) => `${severity}: ${summary.replace(server.name, 'n')}`);
    // 2.15.1 says now this, now that.
    expect([[stopped], ...(version === '2.10.27' ? [] : [[refused]])]).toContainEqual(said);
    // It takes itself for the leader.
    expect((await streamRow(server, 'ORDERS'))?.cluster?.leader).toBe(server.name);
    const streams = watchingLive('jetstream-streams', targetsOf(...cluster.servers), { serversAge: true });
    expect(answersOf(await streams.look(), 'JETSTREAM_105')['cluster']?.seen).toMatch(/^1 quiet stream/);
  });

  it('holds what its followers do not take, not committed', async () => {
    const client = await cluster.client('app', leader);
    for (const follower of followers) await cluster.freeze(follower);
    client.connection.publish('orders.lost');
    await client.connection.flush();
    const wedged = await waitUntil(
      'the leader to hold an entry that is not committed',
      () => look(leader),
      (groups) => typeof groups !== 'string' && (groups[0]?.pindex ?? 0) > (groups[0]?.committed ?? 0),
    );
    expect(wedged).toMatchObject([{ name: group, state: 'LEADER' }]);
    for (const follower of followers) cluster.thaw(follower);
  });
});
