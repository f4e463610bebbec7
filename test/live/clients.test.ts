import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { serve, startClients } from '../scenes/clients.ts';
import { connect, type NatsClient } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

const every = minutes(5);
/** What is told to anybody: round trips on a busy machine are for information. */
const toldIn = ({ found }: LiveLook) => found.filter((each) => !each.includes(' info ')).toSorted();
const of = (look: LiveLook, id: string) =>
  look.findings
    .filter(({ diagnosis }) => diagnosis === id)
    .map(({ summary, evidence }) => [summary, ...evidence]);
const starting = async (...options: Parameters<typeof startNatsServer>): Promise<NatsServer> => {
  const server = await startNatsServer(...options);
  stopping.push(() => server.stop());
  return server;
};

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)('clients of nats-server %s', (version) => {
  it('are told by what they are: libraries, names, subscriptions, services; MQTT and websocket among them', async () => {
    const scene = await startClients({ version });
    stopping.push(scene.stop);
    const services = [{ name: 'orders', account: 'APP', instances: 3 }, 'billing'];
    const watch = watchingLive('clients', targetsOf(scene.server), {
      cluster: { expect: { services } },
      limits: { CONN_111: { faulty: { warning: 1 } }, USER_002: { connections: { warning: 6 } } },
    });
    await watch.look(every);
    const look = await watch.look(every);
    expect(toldIn(look)).toEqual([
      'CONN_111 warning nats-py before 2.10.0',
      'CONN_111 warning nats.go before 1.37.0',
      'CONN_122 warning n1',
      'CONN_123 warning n1',
      'SERVICE_002 critical billing',
      ...(version === '2.15.1' ? ['USER_002 warning app (APP)'] : ['USER_002 warning user of orders (APP)']),
    ]);
    expect(of(look, 'CONN_122')[0]?.slice(0, 3)).toEqual([
      expect.stringMatching(/^A client of n1 subscribes to orders\.new 600 times: gateway \(APP\) from /),
      '1,200 subscriptions to 601 subjects',
      '600 × orders.new',
    ]);
    expect(answersOf(look, 'SERVICE_002')).toMatchObject({ cluster: { seen: 'orders (APP) 3, billing 0' } });
    expect(answersOf(look, 'CONN_112')).toEqual({
      cluster: { outcome: 'ok', seen: '1 of 9 clients without a name' },
    });
    expect(answersOf(look, 'CONN_001')).toMatchObject({
      n1: { seen: 'no client of 1 h 10 min or longer whose round trip is known' },
    });
  });

  it('that are services are missed when the last instance goes, and no longer when it is back', async () => {
    const server = await starting({ version, name: 'n1' });
    const instance = async (id: string): Promise<NatsClient> => {
      const client = await connect({ port: server.clientPort, name: 'orders' });
      serve(client, 'orders', id);
      await client.flush();
      return client;
    };
    const [first, second] = [await instance('a'), await instance('b')];
    const watch = watchingLive('clients', targetsOf(server), {
      cluster: { expect: { services: ['orders'] } },
    });
    expect(toldIn(await watch.look(every))).toEqual([]);
    await first.end();
    expect(toldIn(await watch.look(every))).toEqual([]);
    await second.end();
    await waitFor('it to be gone', async () => (await openOn(server)) === 0);
    expect(toldIn(await watch.look(every))).toEqual([]);
    expect((await watch.look(every)).reported).toEqual(['opened SERVICE_002 critical orders']);
    await instance('c');
    await watch.look(every);
    expect((await watch.look(every)).reported).toEqual(['resolved SERVICE_002 critical orders']);
  });

  it('that read nothing are told while what waits for them grows, and no longer once they read', async () => {
    const server = await starting({ version, name: 'n1', config: () => 'write_deadline: 60s' });
    const slow = await connect({ port: server.clientPort, name: 'slow' });
    slow.subscribe('load');
    await slow.flush();
    slow.stopReading();
    const publisher = await connect({ port: server.clientPort, name: 'publisher' });
    const payload = new Uint8Array(512 * 1_024);
    const watch = watchingLive('clients', targetsOf(server));
    for (let i = 0; i < 40; i += 1) publisher.publish('load', payload);
    await waitFor('more than 4 MiB to wait', async () => (await pendingOn(server)) > 4 * 1_048_576);
    expect(toldIn(await watch.look(every))).toEqual([]);
    const look = await watch.look(every);
    expect(look.reported).toEqual(['opened CONN_002 warning n1']);
    expect(of(look, 'CONN_002')[0]?.[1]).toMatch(
      / of max_pending, [^)]+\): slow \(\$G\) from 127\.0\.0\.\d+:\d+, cid \d+$/,
    );
    slow.destroy();
    await waitFor('it to be gone', async () => (await openOn(server)) === 1);
    await watch.look(every);
    expect((await watch.look(every)).reported).toEqual(['resolved CONN_002 warning n1']);
  });
});

type Open = { readonly total: number; readonly connections: readonly { readonly pending_bytes: number }[] };
const openOn = async (server: NatsServer): Promise<number> => ((await server.get('/connz')) as Open).total;
const pendingOn = async (server: NatsServer): Promise<number> =>
  Math.max(0, ...((await server.get('/connz')) as Open).connections.map(({ pending_bytes: n }) => n));

describe('5,000 connections of a few names on one server', () => {
  it('are counted page by page, and what one address holds too many of is told', async () => {
    const server = await starting({ version: '2.15.1', name: 'n1' });
    const port = server.clientPort;
    const batch = async (count: number, options: Parameters<typeof connect>[0]) => {
      for (let done = 0; done < count; done += 250)
        await Promise.all(Array.from({ length: Math.min(250, count - done) }, () => connect(options)));
    };
    await batch(3_000, { port, name: 'leaky', localAddress: '127.0.0.2' });
    for (let i = 0; i < 200; i += 1)
      await batch(10, { port, name: 'fleet', localAddress: `127.0.1.${i + 1}` });
    await connect({ port, localAddress: '127.0.0.3' });

    const watch = watchingLive('clients', targetsOf(server));
    const first = await watch.look(every);
    expect(answersOf(first, 'CONN_113')).toMatchObject({ cluster: { outcome: 'unknown' } });
    const looks = [await watch.look(every), await watch.look(every), await watch.look(every)];
    expect(toldIn(looks.at(-1) ?? first)).toEqual(['CONN_113 warning leaky ($G)']);
    expect(of(looks.at(-1) ?? first, 'CONN_113')[0]?.slice(0, 2)).toEqual([
      'Client leaky ($G) holds 3,000 connections from 127.0.0.2 alone, limit 1,000.',
      'in all: 3,000 connections from 1 address',
    ]);
    expect(answersOf(looks.at(-1) ?? first, 'CONN_112')).toEqual({
      cluster: { outcome: 'ok', seen: '1 of 5,001 clients without a name' },
    });
  });
});
