import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { connect } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { watchingLive } from './watching.ts';

let server: NatsServer;
afterEach(() => server.stop());

const target = () => ({ name: 'n1', url: server.monitoringUrl });
const connectMany = (count: number, name: string) =>
  Promise.all(Array.from({ length: count }, () => connect({ port: server.clientPort, name })));

describe.each(['2.15.1', '2.10.27'] as const)('connection-count on nats-server %s', (version) => {
  it('counts 1,100 connections, beyond a page of 1,024, and names who holds them', async () => {
    server = await startNatsServer({ version, name: 'n1' });
    await connectMany(800, 'ingest');
    await connectMany(300, 'web');
    const look = await watchingLive('connection-count', [target()]).look();
    expect(look.reported).toEqual(['opened SERVER_103 warning n1']);
    expect(look.datapoints.find(({ series }) => series === 'gnatsd_connz_num_connections')?.value).toBe(
      1_100,
    );
    expect(look.findings[0]?.evidence.slice(0, 3)).toEqual([
      'client names: ingest 800 (72.7 %), web 300 (27.3 %)',
      'accounts: $G 1,100 (100 %)',
      'addresses: 127.0.0.1 1,100 (100 %)',
    ]);
  });

  it('warns at 80 % of max_connections', async () => {
    server = await startNatsServer({ version, name: 'n1', config: () => 'max_connections: 10' });
    await connectMany(8, 'web');
    const look = await watchingLive('connection-count', [target()]).look();
    expect(look.found).toEqual(['SERVER_011 warning n1']);
  });

  it('tells that more than 500 clients left at once, across a restart of the server', async () => {
    server = await startNatsServer({ version, name: 'n1' });
    await connectMany(501, 'web');
    const now = Date.now();
    const watch = watchingLive('connection-count', [target()], { clock: () => now });
    expect((await watch.look()).found).toEqual([]);
    await server.restart();
    expect((await watch.look(minutes(1))).findings.map(({ summary }) => summary)).toEqual([
      'n1 went from 501 to 0 clients within 1 min: 501 fewer, limit 500.',
    ]);
  });
});
