import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { seconds } from '../../lambdas/durations.ts';
import { endpoints, readEndpoint } from '../../lambdas/readings/endpoints.ts';
import { startCluster, type Cluster } from '../scenes/jetstream/cluster.ts';
import { addStream, fill } from '../scenes/jetstream/content.ts';
import { raftRefusals } from '../scenes/jetstream/raft-refusals.ts';
import { leaderOf, leaderRow, streamRow } from '../scenes/jetstream/rows.ts';
import { raftNodeFails } from '../scenes/jetstream/storage.ts';
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
      findings.flatMap(({ diagnosis, summary }) => (diagnosis === 'JETSTREAM_105' ? [summary] : []));
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
