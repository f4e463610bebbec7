import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type Client, type Cluster } from '../scenes/jetstream/cluster.ts';
import { addStream, fill } from '../scenes/jetstream/content.ts';
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
  type Incident,
} from '../scenes/jetstream/stalled.ts';
import { consumerIs } from '../scenes/jetstream/rows.ts';
import { natsVersions, type NatsVersion } from '../services/nats-server.ts';
import { minutes } from '../../lambdas/durations.ts';
import { upForLong } from './up-for-long.ts';
import { targetsOf, watchingLive } from './watching.ts';

const stream = 'ORDERS';

/** By diagnosis and cause, whatever the figures. */
const byText = (a: string, b: string): number =>
  a.replaceAll(/\d+ m/g, 'm').localeCompare(b.replaceAll(/\d+ m/g, 'm'));

/** Until it has delivered so often more. */
async function deliversOn(cluster: Cluster, consumer: string, times: number): Promise<void> {
  const { delivered } = await consumerIs(cluster, stream, consumer, 'to be there', () => true);
  await consumerIs(
    cluster,
    stream,
    consumer,
    'to deliver on',
    (row) => row.delivered.consumer_seq > delivered.consumer_seq + times,
  );
}

describe.each(natsVersions)('consumers of nats-server %s', (version: NatsVersion) => {
  let cluster: Cluster;
  let client: Client;
  beforeAll(async () => {
    cluster = await startCluster({ version });
    client = await cluster.client();
    await addStream(cluster, client, stream, { num_replicas: 3 });
    await fill(client, stream, 10);
    await upForLong(cluster.servers);
  });
  afterAll(() => cluster.stop());

  const named = (consumer: string) => ({ stream, consumer });
  const watching = () => watchingLive('jetstream-consumers', targetsOf(...cluster.servers));

  it('that stand are told within three minutes with their cause, those in good health are not, and all end', async () => {
    const incidents: Incident[] = [
      await noPullWaiting(cluster, client, named('abandoned')),
      await pushUnbound(cluster, client, named('unbound')),
      await allAckPending(cluster, client, named('hanging')),
      await allAckPending(cluster, client, named('crashing'), { redeliverAfterMs: 500 }),
      ...(version === '2.15.1' ? [await paused(cluster, client, named('resting'))] : []),
    ];
    await idle(cluster, client, named('idle'));
    const slow = await slowButMoving(cluster, client, named('slow'));
    const { look } = watching();
    await look();
    await slow.step();
    await recreated(cluster, client, named('idle'));
    await deliversOn(cluster, 'crashing', 5);
    const second = await look();
    await slow.step();
    await recreated(cluster, client, named('idle'));
    const third = await look();
    expect(second.reported).toEqual([]);
    const told = third.findings.map(
      ({ diagnosis, summary }) => `${diagnosis} ${summary.replace(/.*unacknowledged and |.* with /, '')}`,
    );
    // The fourth may be on its way when the subscriber leaves.
    expect(told.toSorted(byText)).toEqual([
      'CONSUMER_101 7 messages pending: no client asks for them.',
      expect.stringMatching(/^CONSUMER_101 [67] messages pending: nobody is subscribed\.$/),
      expect.stringMatching(
        /^CONSUMER_102 5 messages pending: clients get the same messages again and again/,
      ),
      'CONSUMER_102 5 messages pending: clients keep them without acknowledging.',
    ]);
    for (const { end } of incidents) await end();
    await slow.end();
    await look(minutes(5));
    const { reported } = await look();
    expect(reported.map((each) => each.split(' ').slice(0, 2).join(' ')).toSorted()).toEqual([
      'resolved CONSUMER_101',
      'resolved CONSUMER_101',
      'resolved CONSUMER_102',
      'resolved CONSUMER_102',
    ]);
  });

  it('that deliver the same again and again are told, and what they gave up apart', async () => {
    const { look } = watching();
    await look();
    await poisoned(cluster, client, named('poisoned'));
    const storm = await redeliveryStorm(cluster, client, named('storm'));
    await look();
    await deliversOn(cluster, 'storm', 300);
    await look();
    await deliversOn(cluster, 'storm', 300);
    const { found, findings } = await look();
    expect(found.filter((each) => each.startsWith('CONSUMER_104')).toSorted()).toEqual([
      'CONSUMER_104 warning ORDERS > poisoned (APP)',
      'CONSUMER_104 warning ORDERS > storm (APP)',
    ]);
    expect(findings.find(({ entity }) => entity.name.includes('poisoned'))?.summary).toBe(
      'Consumer ORDERS > poisoned (APP) gave up 3 messages in the last hour: delivered 2 times and never acknowledged.',
    );
    await storm.end();
  });
});
