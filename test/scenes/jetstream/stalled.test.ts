import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsVersions } from '../../services/nats-server.ts';
import { startCluster, type Client, type Cluster } from './cluster.ts';
import { addStream, fill } from './content.ts';
import { consumerIs, consumerRow, streamRows, type ConsumerRow } from './rows.ts';
import {
  allAckPending,
  idle,
  noPullWaiting,
  paused,
  poisoned,
  pushUnbound,
  recreated,
  redeliveryStorm,
  slowButMoving,
} from './stalled.ts';

const stream = 'ORDERS';

/** What tells why a consumer stands, with sequences of the stream. */
const shown = (row: ConsumerRow | undefined) => ({
  delivered: row?.delivered.stream_seq,
  floor: row?.ack_floor.stream_seq,
  unacknowledged: row?.num_ack_pending,
  redelivered: row?.num_redelivered,
  asking: row?.num_waiting,
  pending: row?.num_pending,
  bound: row?.push_bound,
});

describe.each(natsVersions)('a consumer of nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  beforeAll(async () => {
    cluster = await startCluster({ version });
    client = await cluster.client();
    await addStream(cluster, client, stream, { num_replicas: 3 });
    await fill(client, stream, 10);
  });
  afterAll(() => cluster.stop());

  const look = async (consumer: string) => shown(await consumerRow(cluster, stream, consumer));

  it('for which nobody asks has messages pending, none unacknowledged and no pull waiting', async () => {
    const consumer = 'abandoned';
    const { end } = await noPullWaiting(cluster, client, { stream, consumer });
    const standing = {
      delivered: 3,
      floor: 3,
      unacknowledged: 0,
      redelivered: 0,
      asking: 0,
      bound: undefined,
    };
    await expect.poll(() => look(consumer)).toEqual({ ...standing, pending: 7 });
    await end();
    await expect.poll(() => look(consumer)).toEqual({ ...standing, delivered: 10, floor: 10, pending: 0 });
  });

  it('whose subscriber is gone is no longer bound', async () => {
    const consumer = 'unbound';
    const { end } = await pushUnbound(cluster, client, { stream, consumer });
    await expect.poll(() => look(consumer)).toMatchObject({ floor: 3, asking: 0, bound: undefined });
    await end();
    await expect
      .poll(() => look(consumer))
      .toMatchObject({ delivered: 10, floor: 10, unacknowledged: 0, pending: 0 });
  });

  it('whose client hangs has all its room unacknowledged while that client goes on asking', async () => {
    const consumer = 'hanging';
    const { end } = await allAckPending(cluster, client, { stream, consumer });
    await expect
      .poll(() => look(consumer))
      .toMatchObject({
        delivered: 5,
        floor: 0,
        unacknowledged: 5,
        redelivered: 0,
        pending: 5,
      });
    await end();
    await expect
      .poll(() => look(consumer))
      .toMatchObject({ delivered: 10, floor: 10, unacknowledged: 0, pending: 0 });
  });

  it('whose client hangs is given the same messages again: its own sequence grows, that of the stream does not', async () => {
    const consumer = 'crashing';
    const { end } = await allAckPending(cluster, client, { stream, consumer }, { redeliverAfterMs: 500 });
    const before = await consumerIs(
      cluster,
      stream,
      consumer,
      'to deliver again',
      (row) => row.num_redelivered === 5,
    );
    const after = await consumerIs(
      cluster,
      stream,
      consumer,
      'to deliver again and again',
      ({ delivered }) => delivered.consumer_seq > before.delivered.consumer_seq,
    );
    expect(shown(after)).toMatchObject({
      delivered: 5,
      floor: 0,
      unacknowledged: 5,
      redelivered: 5,
      pending: 5,
    });
    await end();
    await expect
      .poll(() => look(consumer))
      .toMatchObject({ floor: 10, unacknowledged: 0, redelivered: 0, pending: 0 });
  });

  it.runIf(version === '2.15.1')('that is paused says so on each replica', async () => {
    const consumer = 'resting';
    const { end } = await paused(cluster, client, { stream, consumer });
    const rows = Object.values(await streamRows(cluster, stream)).map((row) =>
      row.consumer_detail?.find(({ name }) => name === consumer),
    );
    expect(rows.map((row) => [row?.paused, Number(row?.pause_remaining) > 3_500e9])).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    await end();
    expect((await consumerRow(cluster, stream, consumer))?.pause_remaining).toBeUndefined();
  });

  it('that gave messages up for their number of deliveries shows them as redelivered for good', async () => {
    const consumer = 'poisoned';
    await poisoned(cluster, client, { stream, consumer });
    await expect.poll(() => look(consumer)).toMatchObject({ unacknowledged: 0, redelivered: 3 });
  });

  it('in a redelivery storm has an own sequence far beyond that of the stream', async () => {
    const consumer = 'storm';
    const { end } = await redeliveryStorm(cluster, client, { stream, consumer });
    await expect
      .poll(() => look(consumer))
      .toMatchObject({ delivered: 10, floor: 0, unacknowledged: 10, pending: 0 });
    await end();
    await expect.poll(() => look(consumer)).toMatchObject({ floor: 10, unacknowledged: 0, redelivered: 0 });
  });

  it('in good health that is idle has nothing pending; that is slow moves; made anew it begins again', async () => {
    await idle(cluster, client, { stream, consumer: 'idle' });
    await expect
      .poll(() => look('idle'))
      .toMatchObject({
        delivered: 10,
        floor: 0,
        unacknowledged: 0,
        asking: 0,
        pending: 0,
      });

    const consumer = 'slow';
    const { step, end } = await slowButMoving(cluster, client, { stream, consumer });
    await step();
    const first = await look(consumer);
    await step();
    expect([first, await look(consumer)]).toMatchObject([
      { floor: 1, pending: 9 },
      { floor: 2, pending: 8 },
    ]);
    await end();
    await recreated(cluster, client, { stream, consumer });
    await expect.poll(() => look(consumer)).toMatchObject({ delivered: 0, floor: 0, pending: 10 });
  });
});
