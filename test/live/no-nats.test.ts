import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closedRows } from '../scenes/observed.ts';
import { gone, strangers } from '../scenes/strangers.ts';
import { loopback } from '../services/loopback.ts';
import { connect, refusal } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

let server: NatsServer;
afterEach(() => server.stop());

const users = (pass: string, ...more: readonly string[]) =>
  `accounts { APP { users: [{ user: app, password: ${pass} }, ${more.join(', ')}] } }`;
const limits = { CONN_101: { failures: { warning: 3 } } };

async function start(version: NatsVersion, config: string) {
  server = await startNatsServer({ version, name: 'n1', config: () => config });
  const watch = watchingLive('connection-stopped', targetsOf(server), { limits });
  await watch.look();
  return watch;
}
const ringHolds = (count: number) =>
  waitFor(`${count} closed rows`, async () => (await closedRows(server)).length >= count);
const evidenceOf = ({ findings }: LiveLook, id: string) =>
  findings.find(({ diagnosis }) => diagnosis === id)?.evidence;

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)('on nats-server %s', (version) => {
  it.each(strangers)('%s on a port with authorization is reported as no login', async (_, speak) => {
    const watch = await start(version, users('app'));
    for (let i = 0; i < 3; i += 1) await speak(server.clientPort);
    await ringHolds(3);
    const look = await watch.look();
    const [finding] = look.findings.filter(({ diagnosis }) => diagnosis === 'CONN_101');
    expect([finding?.entity, finding?.summary]).toEqual([
      { kind: 'address', name: '127.0.0.1' },
      'Address 127.0.0.1 was refused 3 times within 1 h (limit 3): it does not speak NATS, such as a health probe over HTTP or a client that begins with TLS.',
    ]);
    expect(finding?.remedy).toMatch(
      /no credentials are wrong.*`\/healthz` of the monitoring port.*take TLS out/,
    );
    expect(finding?.remedy).not.toContain('old credentials');
    expect(evidenceOf(look, 'CONN_003')).toEqual([
      '3 × Authentication Failure (it began with HTTP, TLS or other bytes that are not NATS): (unnamed); from 127.0.0.1',
    ]);
  });

  it.each(strangers)('%s on a port without authorization is named where it closed', async (_, speak) => {
    const watch = await start(version, '');
    for (let i = 0; i < 3; i += 1) await speak(server.clientPort);
    await ringHolds(3);
    const look = await watch.look();
    expect(look.found).toEqual(['CONN_003 info n1']);
    expect(evidenceOf(look, 'CONN_003')).toEqual([
      '3 × Protocol Violation (it began with HTTP, TLS or other bytes that are not NATS): (unnamed); from 127.0.0.1',
    ]);
  });

  it('a client that says neither name nor language, with a wrong password, is a refused login', async () => {
    const watch = await start(version, users('app'));
    for (let i = 0; i < 3; i += 1) {
      const socket = dial({ host: loopback, port: server.clientPort });
      socket.on('error', () => undefined);
      await once(socket, 'data');
      socket.resume().write('CONNECT {"user":"app","pass":"old"}\r\nPING\r\n');
      await gone(socket);
    }
    await ringHolds(3);
    const [finding] = (await watch.look()).findings.filter(({ diagnosis }) => diagnosis === 'CONN_101');
    expect(finding?.summary).toBe('Address 127.0.0.1 was refused 3 times within 1 h (limit 3).');
    expect(finding?.remedy).toContain('old credentials');
  });

  it('a reload that removes one user and changes the password of another is told of both', async () => {
    const watch = await start(version, users('app', '{ user: gone, password: gone }'));
    const port = server.clientPort;
    const billing = await connect({ port, name: 'billing', user: 'app', pass: 'app' });
    const web = await connect({ port, name: 'web', user: 'gone', pass: 'gone' });
    await server.reload(() => users('changed'));
    await Promise.all([billing.closed, web.closed]);
    for (let i = 0; i < 3; i += 1) await refusal({ port, name: 'billing', user: 'app', pass: 'app' });
    await ringHolds(5);
    const look = await watch.look();
    expect(evidenceOf(look, 'CONN_003')).toEqual([
      '3 × Authentication Failure (its credentials were refused): billing; from 127.0.0.1',
      '1 × Authentication Failure (a reload changed its credentials): billing; account APP; from 127.0.0.1',
      '1 × Client Closed (a reload cut it off, or it hung up just then): web; account APP; from 127.0.0.1',
    ]);
    expect(evidenceOf(look, 'CONN_101')?.[0]).toMatch(
      /^before, at .* UTC: a reload changed its credentials$/,
    );
  });
});
