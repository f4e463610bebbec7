import { afterEach, describe, expect, it } from 'vitest';
import { clusterConfig } from '../scenes/configs.ts';
import { frozenClient } from '../services/client-process.ts';
import { startNatsServer, type NatsServer, type ServerPorts } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { closedRows, ringReaches } from '../scenes/observed.ts';
import { watchingLive } from './watching.ts';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

const impatient = 'ping_interval: "1s"\nping_max: 1';
const seen = (look: Awaited<ReturnType<ReturnType<typeof watchingLive>['look']>>) =>
  look.report.entries.find(({ target }) => target === 'n1')?.diagnoses[0]?.seen;

/** Freezes clients of this name and resolves when the server has found them stale. */
async function freeze(server: NatsServer, count: number, name: string): Promise<void> {
  const before = (await closedRows(server)).length;
  const frozen = await Promise.all(
    Array.from({ length: count }, () => frozenClient({ port: server.clientPort, name })),
  );
  stopping.push(async () => {
    await Promise.all(frozen.map((client) => client.kill()));
  });
  await ringReaches(server, before + count);
}

describe.each(['2.15.1', '2.10.27'] as const)('stale-connections on nats-server %s', (version) => {
  it('warns at the fifth client that was frozen, whatever the server counts itself', async () => {
    const server = await startNatsServer({ version, name: 'n1', config: () => impatient });
    stopping.push(() => server.stop());
    const watch = watchingLive('stale-connections', [{ name: 'n1', url: server.monitoringUrl }]);
    expect((await watch.look()).found).toEqual([]);
    await freeze(server, 4, 'thumbnailer');
    const four = await watch.look();
    expect([four.found, seen(four)?.split(';')[0]]).toEqual([[], 'stale connections: clients 4 in 10 min']);
    await freeze(server, 1, 'thumbnailer');
    const five = await watch.look();
    expect(five.found).toEqual(['SERVER_012 warning clients of n1']);
    expect(five.findings[0]?.summary).toBe(
      'n1 found 5 client connections stale within 10 min (limit 5): 1 s of silence is enough to be dropped.',
    );
    expect(five.findings[0]?.evidence).toContain('who: thumbnailer');
  });

  it('shows on a first run what went stale just before', async () => {
    const server = await startNatsServer({ version, name: 'n1', config: () => impatient });
    stopping.push(() => server.stop());
    await freeze(server, 5, 'thumbnailer');
    const watch = watchingLive('stale-connections', [{ name: 'n1', url: server.monitoringUrl }]);
    expect((await watch.look()).found).toEqual(['SERVER_012 warning clients of n1']);
    expect((await watch.look()).messages).toEqual([]);
  });
});

describe('stale routes, which nats-server counts from 2.12 on', () => {
  it('are critical when a peer hangs: it has several', async () => {
    const version = '2.15.1';
    const cluster = (ports: ServerPorts, peers: readonly NatsServer[]) =>
      clusterConfig('c', ports.cluster, peers, 'ping_interval: "1s", ping_max: 1');
    const n1 = await startNatsServer({ version, name: 'n1', config: (ports) => cluster(ports, []) });
    const n2 = await startNatsServer({
      version,
      name: 'n2',
      config: (ports) => cluster(ports, [n1]),
    });
    stopping.push(
      () => n1.stop(),
      async () => {
        n2.resume();
        await n2.stop();
      },
    );
    const routes = async () => ((await n1.get('/varz')) as { readonly routes: number }).routes;
    await waitUntil('four routes', routes, (count) => count === 4);
    const watch = watchingLive('stale-connections', [{ name: 'n1', url: n1.monitoringUrl }]);
    await watch.look();
    await n2.pause();
    await waitUntil('no route', routes, (count) => count === 0);
    const look = await watch.look();
    expect(look.found).toEqual(['SERVER_012 critical routes of n1']);
    expect(look.findings[0]?.evidence).toContain(
      'a peer holds 3 pooled routes and one for each pinned account: 4 may be one server that hung',
    );
  });
});
