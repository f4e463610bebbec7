import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsVersions } from '../../services/nats-server.ts';
import { startCluster, type Client, type Cluster } from './cluster.ts';
import { addConsumer, addStream, fill, take } from './content.ts';
import { consumerRow, jsz, leaderRow, streamRows } from './rows.ts';
import { replicasAgree } from './servers.ts';
import {
  deleted,
  fullAndRefusing,
  grownOntoFrozen,
  manyConsumers,
  purged,
  recreated,
  scaled,
  stranded,
  unreadDropped,
} from './streams.ts';

describe.each(natsVersions)('a stream of nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  beforeAll(async () => {
    cluster = await startCluster({ version });
    client = await cluster.client();
  });
  afterAll(() => cluster.stop());

  const state = async (stream: string) => (await leaderRow(cluster, stream))?.state;

  it('that is full and discards what is new refuses, and nothing but its count of messages tells', async () => {
    const errors = async () =>
      (await Promise.all(cluster.servers.map((server) => jsz(server)))).map(({ api }) => api.errors);
    const before = await errors();
    expect(await fullAndRefusing(cluster, client, 'FULL')).toBe('maximum messages exceeded');
    const row = await leaderRow(cluster, 'FULL');
    expect(row?.state).toMatchObject({ messages: 10, first_seq: 1, last_seq: 10 });
    expect(row?.config).toMatchObject({ max_msgs: 10, discard: 'new' });
    await expect.poll(() => errors()).toEqual(before);
  });

  it('that is full and discards what is old has passed the floor of a consumer that did not read it', async () => {
    await unreadDropped(cluster, client, 'DROPPING', 'reader');
    await expect.poll(() => state('DROPPING')).toMatchObject({ messages: 10, first_seq: 9, last_seq: 18 });
    // The consumer of some versions learns of it only when it is next asked for.
    await expect
      .poll(async () => {
        const { ack_floor, delivered } = (await consumerRow(cluster, 'DROPPING', 'reader')) ?? {};
        return { floor: ack_floor?.stream_seq, delivered: delivered?.consumer_seq };
      })
      .toEqual({ floor: expect.toBeOneOf([3, 8]) as number, delivered: 3 });
  });

  it('of a work queue with messages that no consumer wants has them though nothing is pending', async () => {
    await stranded(cluster, client, 'JOBS', 'worker');
    await expect.poll(() => state('JOBS')).toMatchObject({ messages: 4, first_seq: 2, last_seq: 5 });
    await expect
      .poll(() => consumerRow(cluster, 'JOBS', 'worker'))
      .toMatchObject({
        num_pending: 0,
        num_ack_pending: 0,
      });
  });

  it('that is purged keeps its sequence, and its consumer has nothing pending', async () => {
    await addStream(cluster, client, 'PURGED', { num_replicas: 3 });
    await addConsumer(cluster, client, 'PURGED', 'reader');
    await fill(client, 'PURGED', 10);
    await take(client, 'PURGED', 'reader', 3);
    await purged(cluster, client, 'PURGED');
    await expect.poll(() => state('PURGED')).toMatchObject({ messages: 0, first_seq: 11, last_seq: 10 });
    await expect.poll(() => consumerRow(cluster, 'PURGED', 'reader')).toMatchObject({ num_pending: 0 });
  });

  it('that was made anew begins at its first sequence again, has another date, and no consumers', async () => {
    await addStream(cluster, client, 'AGAIN', { num_replicas: 3 });
    await addConsumer(cluster, client, 'AGAIN', 'reader');
    await fill(client, 'AGAIN', 10);
    const before = await leaderRow(cluster, 'AGAIN');
    await recreated(cluster, client, 'AGAIN');
    const after = await leaderRow(cluster, 'AGAIN');
    expect(after?.state).toMatchObject({ messages: 0, last_seq: 0, consumer_count: 0 });
    expect(Date.parse(after?.created ?? '')).toBeGreaterThan(Date.parse(before?.created ?? ''));
    await deleted(cluster, client, 'AGAIN');
    await expect.poll(() => leaderRow(cluster, 'AGAIN')).toBeUndefined();
  });

  it('that grows from one replica to three is on each server with all its messages', async () => {
    await addStream(cluster, client, 'GROWING');
    await fill(client, 'GROWING', 100);
    await scaled(cluster, client, 'GROWING', 3);
    await expect
      .poll(async () =>
        Object.values(await streamRows(cluster, 'GROWING')).map((row) => row.config['num_replicas']),
      )
      .toEqual([3, 3, 3]);
    expect((await leaderRow(cluster, 'GROWING'))?.cluster?.desired).toBeUndefined();
  });

  // On 2.10.27 the cluster may refuse all requests for minutes afterwards.
  it.runIf(version === '2.15.1')('that grows onto a frozen server counts it in, not current', async () => {
    await addStream(cluster, client, 'WAITING');
    await fill(client, 'WAITING', 10);
    const frozen = await grownOntoFrozen(cluster, client, 'WAITING');
    const row = await leaderRow(cluster, 'WAITING');
    expect(row?.config).toMatchObject({ num_replicas: 3 });
    expect(row?.cluster?.replicas?.find(({ name }) => name === frozen.name)).toMatchObject({
      current: false,
    });
    expect(row?.cluster?.desired).toBeUndefined();
    cluster.thaw(frozen);
    await replicasAgree(cluster, 'WAITING', cluster.servers);
  });

  it('with a subject for each message counts its subjects', async () => {
    await addStream(cluster, client, 'MANIFOLD');
    await fill(client, 'MANIFOLD', 2_000);
    await expect.poll(() => state('MANIFOLD')).toMatchObject({ messages: 2_000, num_subjects: 2_000 });
  });

  it('with hundreds of consumers counts them', async () => {
    await addStream(cluster, client, 'CROWDED');
    await manyConsumers(cluster, client, 'CROWDED', 300);
    await expect.poll(() => state('CROWDED')).toMatchObject({ consumer_count: 300 });
  });

  it.skipIf(version === '2.9.10')('and its consumer have the metadata that they were given', async () => {
    const metadata = { 'io.nats.monitor.enabled': '1', 'io.nats.monitor.peer-expect': '3' };
    await addStream(cluster, client, 'WATCHED', { metadata });
    await addConsumer(cluster, client, 'WATCHED', 'reader', { metadata });
    const shown = [
      (await leaderRow(cluster, 'WATCHED'))?.config['metadata'],
      (await consumerRow(cluster, 'WATCHED', 'reader'))?.config['metadata'],
    ];
    expect(shown).toMatchObject([metadata, metadata]);
  });
});
