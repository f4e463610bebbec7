import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type Client, type Cluster } from '../scenes/jetstream/cluster.ts';
import { addStream, fill } from '../scenes/jetstream/content.ts';
import {
  copyOfShop,
  deliveriesCut,
  deliveriesMended,
  hasAll,
  sharingAccounts,
} from '../scenes/jetstream/mirrors.ts';
import { upForLong } from './up-for-long.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

describe.each(['2.10.27', '2.15.1'] as const)('a stream of nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  beforeAll(async () => {
    cluster = await startCluster({ version, accounts: sharingAccounts() });
    client = await cluster.client();
    await upForLong(cluster.servers);
  });
  afterAll(() => cluster.stop());

  const watching = () => watchingLive('jetstream-streams', targetsOf(...cluster.servers));
  const of = (looks: readonly LiveLook[], id: string): readonly string[] =>
    looks.flatMap(({ reported }) => reported).filter((each) => each.includes(id));

  it('that copies nothing while its origin goes on is told within five minutes, and not while it does', async () => {
    const shop = await cluster.client('shop');
    const copy = { origin: 'SALES', copy: 'SALES-COPY', kind: 'mirror' } as const;
    await addStream(cluster, shop, copy.origin, { num_replicas: 3 });
    await fill(shop, copy.origin, 10);
    await copyOfShop(cluster, client, copy);
    await hasAll(cluster, copy);
    const watch = watching();
    const well: LiveLook[] = [];
    for (let i = 0; i < 6; i += 1) {
      await fill(shop, copy.origin, 5);
      await hasAll(cluster, copy);
      well.push(await watch.look());
    }
    expect(of(well, 'JETSTREAM_110')).toEqual([]);
    await deliveriesCut(cluster, shop, copy);
    await fill(shop, copy.origin, 10);
    const looks = await watch.looks(6);
    expect(of(looks, 'JETSTREAM_110')).toEqual(['opened JETSTREAM_110 warning SALES-COPY (APP)']);
    await deliveriesMended(cluster, copy);
    await hasAll(cluster, copy);
    expect(of(await watch.looks(7), 'JETSTREAM_110')).toEqual([
      'resolved JETSTREAM_110 warning SALES-COPY (APP)',
    ]);
  });
});
