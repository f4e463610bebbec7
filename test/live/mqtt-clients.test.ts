import { afterEach, describe, expect, it } from 'vitest';
import { closedRows } from '../scenes/observed.ts';
import { loopback } from '../services/loopback.ts';
import { connectMqtt, type MqttClient, type MqttOptions } from '../services/mqtt-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

const account = 'accounts { APP { jetstream: enabled, users: [{ user: dev, password: dev }] } }';

/** A server with an MQTT listener, and its port. */
async function start(version: NatsVersion, config: string) {
  const server = await startNatsServer({
    version,
    name: 'n1',
    config: () => `jetstream { store_dir: data }\nmqtt { listen: "${loopback}:-1" }\n${config}`,
  });
  stopping.push(() => server.stop());
  const { mqtt } = (await server.get('/varz')) as { readonly mqtt: { readonly port: number } };
  return { server, port: mqtt.port };
}
const ringHolds = (server: NatsServer, count: number) =>
  waitFor(`${count} closed rows`, async () => (await closedRows(server)).length >= count);
const reported = ({ findings }: LiveLook, id: string) =>
  findings.filter(({ diagnosis }) => diagnosis === id).map(({ summary, evidence }) => [summary, ...evidence]);

async function letIn(options: MqttOptions): Promise<MqttClient> {
  const client = await connectMqtt(options);
  if (client === null) throw new Error(`MQTT client ${options.id} was refused`);
  return client;
}

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)('MQTT clients on nats-server %s', (version) => {
  it('are told by their ids where the server refuses them', async () => {
    const { server, port } = await start(version, account);
    const limits = { CONN_101: { failures: { warning: 3 } } };
    const watch = watchingLive('connection-stopped', targetsOf(server), { limits });
    await watch.look();
    for (let i = 0; i < 3; i += 1) {
      expect(await connectMqtt({ port, id: 'pump-8', user: 'dev', pass: 'wrong-4711' })).toBe(null);
    }
    await ringHolds(server, 3);
    const look = await watch.look();
    expect(look.found).toEqual(['CONN_003 info n1', 'CONN_101 warning pump-8']);
    expect(reported(look, 'CONN_101')).toEqual([
      [
        'Client pump-8 was refused 3 times within 1 h (limit 3).',
        'reason: Authentication Failure',
        'address: 127.0.0.1',
        'server: n1',
      ],
    ]);
    expect(JSON.stringify([look.report, look.messages, look.saved])).not.toContain('wrong-4711');
  });

  it.each([
    ['of an account', account, { user: 'dev', pass: 'dev' }],
    ['without one', '', {}],
  ])('%s that break by a reset are no health probes, however soon they do', async (_, config, login) => {
    const { server, port } = await start(version, config);
    const watch = watchingLive('connection-stopped', targetsOf(server));
    await watch.look();
    for (const [i, id] of ['dev2', 'dev1', 'dev0'].entries()) {
      await (await letIn({ port, id, ...login })).destroy();
      await ringHolds(server, i + 1);
    }
    expect(reported(await watch.look(), 'CONN_003')[0]?.slice(0, 2)).toEqual([
      'n1 closed 3 connections since the last run: 0 as planned, 3 unexpectedly (3 Read Error).',
      `3 × Read Error (its connection was reset): dev0, dev1, dev2;${config === '' ? '' : ' account APP;'} from 127.0.0.1`,
    ]);
  });

  it('that miss their keepalive are lost clients, though the server never calls them stale', async () => {
    const { server, port } = await start(version, '');
    const watch = watchingLive('stale-connections', targetsOf(server));
    await watch.look();
    const ids = Array.from({ length: 5 }, (_, i) => `dev${i}`);
    const devices = await Promise.all(ids.map((id) => letIn({ port, id, keepAlive: 1 })));
    await Promise.all(devices.map((device) => device.subscribe('cmd/all')));
    await Promise.all(devices.map(({ closed }) => closed));
    await ringHolds(server, 5);
    const look = await watch.look();
    expect(look.found).toEqual(['SERVER_012 warning MQTT clients of n1']);
    expect(reported(look, 'SERVER_012')[0]?.[0]).toBe(
      'n1 lost 5 MQTT connections within 10 min (limit 5): the clients missed their keepalive, or were reset.',
    );
  });

  it('that hang up are no lost clients', async () => {
    const { server, port } = await start(version, '');
    const watch = watchingLive('stale-connections', targetsOf(server));
    await watch.look();
    const ids = Array.from({ length: 5 }, (_, i) => `dev${i}`);
    const devices = await Promise.all(ids.map((id) => letIn({ port, id })));
    await Promise.all(devices.map((device) => device.end()));
    await ringHolds(server, 5);
    expect((await watch.look()).found).toEqual([]);
  });

  it('are told by their ids among those who hold the connections', async () => {
    const { server, port } = await start(version, '');
    const limits = { SERVER_103: { connections: { warning: 0 } } };
    const watch = watchingLive('connection-count', targetsOf(server), { limits });
    const device = await letIn({ port, id: 'pump-8' });
    const look = await watch.look();
    await device.end();
    expect(reported(look, 'SERVER_103')[0]).toContain('client names: pump-8 1 (100 %)');
  });
});
