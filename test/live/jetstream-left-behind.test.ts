import { RetentionPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../lambdas/durations.ts';
import { startCluster, type Client, type Cluster } from '../scenes/jetstream/cluster.ts';
import { addConsumer, addStream, fill, take } from '../scenes/jetstream/content.ts';
import { attended } from '../scenes/jetstream/stalled.ts';
import { deleted, manyConsumers, stranded, unreadDropped } from '../scenes/jetstream/streams.ts';
import { natsVersions } from '../services/nats-server.ts';
import { upForLong } from './up-for-long.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

describe.each(natsVersions)('on nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  beforeAll(async () => {
    cluster = await startCluster({ version, size: 1 });
    client = await cluster.client();
    await upForLong(cluster.servers);
  });
  afterAll(() => cluster.stop());

  const watching = (limits: Readonly<Record<string, unknown>> = {}) =>
    watchingLive('jetstream-consumers', targetsOf(...cluster.servers), { limits, serversAge: true });
  const reported = (looks: readonly LiveLook[], id: string): readonly string[] =>
    looks.flatMap((look) => look.reported).filter((each) => each.includes(id));
  const summary = (looks: readonly LiveLook[], id: string): string | undefined =>
    looks.at(-1)?.findings.find(({ diagnosis }) => diagnosis === id)?.summary;

  it('messages that were dropped unread are told, until the consumer has come past them', async () => {
    await unreadDropped(cluster, client, 'DROPPING', 'reader');
    // Its twin: as many were dropped, all of them read.
    await addStream(cluster, client, 'KEEPING', { max_msgs: 10 });
    await addConsumer(cluster, client, 'KEEPING', 'reader');
    for (let i = 0; i < 2; i += 1) {
      await fill(client, 'KEEPING', 10);
      await take(client, 'KEEPING', 'reader', 10);
    }
    const watch = watching();
    const told = await watch.looks(3);
    expect(reported(told, 'CONSUMER_004')).toEqual(['opened CONSUMER_004 warning DROPPING > reader (APP)']);
    expect(summary(told, 'CONSUMER_004')).toBe(
      'Consumer DROPPING > reader (APP) has lost up to 5 messages unread: it came to sequence 3, and the stream begins at 9.',
    );
    await take(client, 'DROPPING', 'reader', 10);
    expect(reported(await watch.looks(7), 'CONSUMER_004')).toEqual([
      'resolved CONSUMER_004 warning DROPPING > reader (APP)',
    ]);
  });

  it('messages that no consumer of a work queue wants are told, until one takes them', async () => {
    await stranded(cluster, client, 'JOBS', 'worker');
    // Its twin: as many wait as long, and a worker is to take them.
    const watch = watching();
    await addStream(cluster, client, 'BACKLOG', { retention: RetentionPolicy.Workqueue });
    await addConsumer(cluster, client, 'BACKLOG', 'worker');
    await fill(client, 'BACKLOG', 4);
    await watch.look();
    await watch.look(hours(26));
    const told = await watch.looks(3);
    expect(reported(told, 'JETSTREAM_113')).toEqual(['opened JETSTREAM_113 warning JOBS (APP)']);
    expect(summary(told, 'JETSTREAM_113')).toMatch(
      /^Work queue JOBS \(APP\) holds 4 messages that no consumer wants: the oldest has been there for 1 d/,
    );
    await Promise.all(
      [1, 2, 3, 4].map((kind) =>
        addConsumer(cluster, client, 'JOBS', `worker${kind}`, { filter_subject: `jobs.${kind}` }),
      ),
    );
    for (const kind of [1, 2, 3, 4]) await take(client, 'JOBS', `worker${kind}`, 1);
    expect(reported(await watch.looks(6), 'JETSTREAM_113')).toEqual([
      'resolved JETSTREAM_113 warning JOBS (APP)',
    ]);
    await deleted(cluster, client, 'BACKLOG');
  });

  it('a consumer that nobody has used for a day is told, until somebody does, and one at which a client waits is not', async () => {
    await addStream(cluster, client, 'REPORTS');
    const [left, waited] = ['left', 'waited'];
    for (const name of [left, waited]) await addConsumer(cluster, client, 'REPORTS', name);
    await addConsumer(cluster, client, 'REPORTS', 'passing', { inactive_threshold: nanos(hours(48)) });
    await fill(client, 'REPORTS', 2);
    for (const name of [left, waited, 'passing']) await take(client, 'REPORTS', name, 2);
    const waiting = await attended(cluster, client, { stream: 'REPORTS', consumer: waited });
    const watch = watching();
    const unused = ({ found }: LiveLook) => found.filter((each) => /^CONSUMER_105 .* REPORTS /.test(each));
    expect((await watch.looks(2)).flatMap(unused)).toEqual([]);
    // Not used in any look of a day, the first of which came a day after its last message.
    expect(unused(await watch.look(hours(25)))).toEqual([]);
    const told = [await watch.look(hours(24)), await watch.look()];
    expect(told.map(unused).at(-1)).toEqual(['CONSUMER_105 info REPORTS > left (APP)']);
    const { findings = [] } = told.at(-1) ?? {};
    expect(findings.find(({ entity }) => entity.name.startsWith('REPORTS'))?.summary).toBe(
      'Nobody has used consumer REPORTS > left (APP) for 1 d: no client asked in any look, nothing was delivered or acknowledged.',
    );
    const back = await attended(cluster, client, { stream: 'REPORTS', consumer: left });
    expect(unused((await watch.looks(7)).at(-1) ?? (await watch.look()))).toEqual([]);
    for (const each of [waiting, back]) await each.end();
    await deleted(cluster, client, 'REPORTS');
  });

  it('consumers that become more and more are told, and not those that were there', async () => {
    await addStream(cluster, client, 'OLD');
    await manyConsumers(cluster, client, 'OLD', 300);
    await addStream(cluster, client, 'CROWDED');
    const watch = watching({ JETSTREAM_115: { growth: { warning: 100 } } });
    for (let half = 0; half < 6; half += 1) await watch.look(minutes(30));
    await manyConsumers(cluster, client, 'CROWDED', 300);
    expect(reported(await watch.looks(3), 'JETSTREAM_115')).toEqual([
      'opened JETSTREAM_115 warning CROWDED (APP)',
    ]);
    await deleted(cluster, client, 'CROWDED');
    expect(reported(await watch.looks(7), 'JETSTREAM_115')).toEqual([
      'resolved JETSTREAM_115 warning CROWDED (APP)',
    ]);
  });
});
