import { afterEach, describe, expect, it } from 'vitest';
import { closedRows } from '../scenes/observed.ts';
import { loopback } from '../services/loopback.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

let server: NatsServer;
afterEach(() => server.stop());

const config = `websocket { listen: "${loopback}:-1", no_tls: true }
accounts { APP { users: [{ user: app, password: app }] } }`;

async function start(version: NatsVersion) {
  server = await startNatsServer({ version, name: 'n1', config: () => config });
  const { websocket } = (await server.get('/varz')) as { readonly websocket: { readonly port: number } };
  const limits = { CONN_101: { failures: { warning: 2 } } };
  const watch = watchingLive('connection-stopped', targetsOf(server), { limits });
  await watch.look();
  return { watch, url: `ws://${loopback}:${websocket.port}` };
}

/** Opens a websocket, says this, and hangs up at the server's answer, or at once where it says nothing. */
async function visit(url: string, connect: object | null): Promise<void> {
  const before = (await closedRows(server)).length;
  const socket = new WebSocket(url);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve, { once: true }));
  // The first message is INFO, the second answers.
  let messages = 0;
  socket.addEventListener('message', () => {
    messages += 1;
    if (messages === 1 && connect !== null) socket.send(`CONNECT ${JSON.stringify(connect)}\r\nPING\r\n`);
    else socket.close();
  });
  await closed;
  await waitFor('its closed row', async () => (await closedRows(server)).length > before);
}

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)('websocket clients on nats-server %s', (version) => {
  it('are told by their names, refused or not, and are no health probes', async () => {
    const { watch, url } = await start(version);
    const client = { name: 'dashboard', lang: 'js', version: '1.0', user: 'app', protocol: 1 };
    await visit(url, { ...client, pass: 'old' });
    await visit(url, { ...client, pass: 'old' });
    await visit(url, { ...client, pass: 'app' });
    await visit(url, null);
    const { found, findings } = await watch.look();
    expect(found).toEqual(['CONN_003 info n1', 'CONN_101 warning dashboard']);
    expect(findings.find(({ diagnosis }) => diagnosis === 'CONN_003')?.evidence).toEqual([
      '2 × Authentication Failure (its credentials were refused): dashboard; from 127.0.0.1',
      '1 × Client Closed (it hung up): (unnamed); from 127.0.0.1',
      '1 × Client Closed (it hung up): dashboard; account APP; from 127.0.0.1',
    ]);
  });
});
