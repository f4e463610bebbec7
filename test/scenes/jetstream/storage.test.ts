import { afterEach, describe, expect, it } from 'vitest';
import { natsVersions } from '../../services/nats-server.ts';
import { waitFor, waitUntil } from '../../services/wait.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { healthOf } from './health.ts';
import { addStream, fill } from './content.ts';
import { jsz, leaderOf, streamRow } from './rows.ts';
import { illHealth } from './servers.ts';
import { diskFull, fillUntilRefused, reservedOut } from './storage.ts';

let cluster: Cluster;
afterEach(() => cluster.stop());

describe.each(natsVersions)('a store of nats-server %s', (version) => {
  it('that is full refuses each message, stands about its limit, and counts no error', async () => {
    cluster = await startCluster({ version, size: 1, jetStream: 'max_mem: 1MB, max_file: 1MB' });
    const client = await cluster.client();
    await addStream(cluster, client, 'ORDERS');
    expect(await fillUntilRefused(client, 'ORDERS')).toMatch(/resource limits exceeded|insufficient/);
    const server = cluster.server('n1');
    const { storage, config, api, disabled } = await jsz(server);
    expect(storage / config.max_storage).toBeGreaterThan(0.95);
    expect([api.errors, disabled, (await healthOf(server)).status]).toEqual([0, undefined, 200]);
  });

  it.skipIf(version === '2.9.10')(
    'that is full makes the leader resign, whom the others go on naming',
    async () => {
      cluster = await startCluster({ version, jetStream: 'max_mem: 1MB, max_file: 1MB' });
      const client = await cluster.client();
      await addStream(cluster, client, 'ORDERS', { num_replicas: 3 });
      const { leader, followers } = await leaderOf(cluster, 'ORDERS');
      expect(await fillUntilRefused(client, 'ORDERS')).toBe('insufficient resources');
      await waitFor(
        'the leader to resign',
        async () => (await streamRow(leader, 'ORDERS'))?.cluster?.leader === undefined,
      );
      const named = await Promise.all(
        followers.map(async (server) => (await streamRow(server, 'ORDERS'))?.cluster?.leader),
      );
      expect(named).toEqual([leader.name, leader.name]);
    },
  );

  it('that is reserved out refuses another stream although it is empty', async () => {
    cluster = await startCluster({ version, size: 1, jetStream: 'max_mem: 1MB, max_file: 5MB' });
    const client = await cluster.client();
    expect(await reservedOut(cluster, client)).toMatch(/insufficient storage resources|no suitable peers/);
    const [server] = cluster.servers;
    const { storage, reserved_storage: reserved, config, api } = await jsz(server ?? cluster.server('n1'));
    expect({ storage, reserved, limit: config.max_storage, errors: api.errors }).toEqual({
      storage: 0,
      reserved: 5_000_000,
      limit: 5 * 1_048_576,
      errors: 1,
    });
  });
});

it('a disk without space under a stream of nats-server 2.15.1 freezes it there, and health says so', async () => {
  cluster = await startCluster({ version: '2.15.1' });
  const client = await cluster.client();
  await addStream(cluster, client, 'ORDERS', { num_replicas: 3, max_bytes: 1_000_000 });
  await fill(client, 'ORDERS', 10);
  const { leader } = await leaderOf(cluster, 'ORDERS');
  await diskFull(cluster, client, 'ORDERS');
  expect((await illHealth(leader)).body).toContain('write error');
  // Another leads, and on the server with that disk the stream stands without a leader.
  const next = await waitUntil(
    'another to lead',
    () => leaderOf(cluster, 'ORDERS'),
    (now) => now.leader !== leader,
  );
  expect(next.leader.name).not.toBe(leader.name);
  expect((await streamRow(leader, 'ORDERS'))?.cluster?.leader).toBeUndefined();
});

it('a disk without space under a stream of nats-server 2.10.27 is told to publishers alone', async () => {
  cluster = await startCluster({ version: '2.10.27', size: 1 });
  const client = await cluster.client();
  await addStream(cluster, client, 'ORDERS', { max_bytes: 1_000_000 });
  await fill(client, 'ORDERS', 10);
  const { leader } = await leaderOf(cluster, 'ORDERS');
  expect(await diskFull(cluster, client, 'ORDERS')).toContain('no space left on device');
  expect([(await healthOf(leader)).status, (await jsz(leader)).disabled]).toEqual([200, undefined]);
});
