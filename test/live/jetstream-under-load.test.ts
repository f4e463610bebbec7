import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { startCluster, type Client, type Cluster } from '../scenes/jetstream/cluster.ts';
import { healthOf } from '../scenes/jetstream/health.ts';
import { addStream, fill, taken } from '../scenes/jetstream/content.ts';
import { startLoad, type Load } from '../scenes/jetstream/load.ts';
import { rollingRestart, stepDown } from '../scenes/jetstream/servers.ts';
import { purged, scaled } from '../scenes/jetstream/streams.ts';
import { waitUntil } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

const watchedBy = checks.filter(({ id }) => id === 'server-up' || id.startsWith('jetstream-'));

describe.each(['2.15.1', '2.10.27'] as const)('a busy cluster of nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  let load: Load;
  let watches: readonly ReturnType<typeof watchingLive>[];
  beforeAll(async () => {
    cluster = await startCluster({ version });
    load = await startLoad(cluster);
    client = await cluster.client();
    watches = watchedBy.map(({ id }) => watchingLive(id, targetsOf(...cluster.servers)));
  });
  afterAll(async () => {
    await load.stop();
    await cluster.stop();
  });

  /** What is told above info of others than this server. */
  const told = async (down?: string): Promise<readonly string[]> => {
    const looks = await Promise.all(watches.map(({ look }) => look()));
    return looks
      .flatMap(({ findings }) => findings)
      .filter(({ severity, entity }) => severity !== 'info' && entity.name !== down)
      .map(({ diagnosis, severity, summary }) => `${diagnosis} ${severity}: ${summary}`);
  };
  /** What a minute is at least: the load has gone on, and what passes within seconds has passed. */
  const aMinute = async (): Promise<void> => {
    await load.moved();
    const from = performance.now();
    await waitUntil(
      'servers to be well, or ill for longer than a change of leader takes',
      async () => ({
        ill: (await Promise.all(cluster.answering().map(healthOf))).filter(({ status }) => status !== 200),
        ms: performance.now() - from,
      }),
      ({ ill, ms }) => ill.length === 0 || ms > 10_000,
    );
  };
  /** At once, in the middle of it, and then so often, a minute apart. */
  const toldOver = async (minutes: number, down?: string): Promise<readonly string[]> => {
    const all = [...(await told(down))];
    for (let minute = 0; minute < minutes; minute += 1) {
      await aMinute();
      all.push(...(await told(down)));
    }
    return all;
  };

  it('is nothing to tell of while it works', async () => {
    expect(await toldOver(6)).toEqual([]);
  });

  it('is restarted server by server, and only the one that is down is told of', async () => {
    const all: string[] = [];
    await rollingRestart(cluster, async ({ name }, state) => {
      all.push(...(state === 'down' ? await toldOver(3, name) : await toldOver(5)));
    });
    expect(all).toEqual([]);
  });

  it('changes leaders', async () => {
    await stepDown(cluster, client, 'ORDERS');
    await stepDown(cluster, client, 'JOBS');
    expect(await toldOver(6)).toEqual([]);
  });

  it('has a stream of one replica grown to three', async () => {
    await addStream(cluster, client, 'NOTES');
    await fill(client, 'NOTES', 5_000, { bytes: 1_000 });
    expect(await toldOver(2)).toEqual([]);
    const growing = scaled(cluster, client, 'NOTES', 3);
    expect(await toldOver(3)).toEqual([]);
    await growing;
    expect(await toldOver(5)).toEqual([]);
  });

  it('is purged', async () => {
    await purged(cluster, client, 'NOTES');
    await taken('the purge of ORDERS', () => client.jsm.streams.purge('ORDERS'));
    expect(await toldOver(6)).toEqual([]);
  });
});
