import { once } from 'node:events';
import { loopback } from '../services/loopback.ts';
import { connectMqtt } from '../services/mqtt-client.ts';
import { connect, type NatsClient } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import type { Servers } from './alone.ts';
import { stoppingOnFailure } from './stopping.ts';

const config = `jetstream { store_dir: data }
mqtt { listen: "${loopback}:-1" }
websocket { listen: "${loopback}:-1", no_tls: true }
max_subscriptions: 1500
accounts {
  APP { jetstream: enabled, users: [{ user: app, password: app }] }
  WEB { jetstream: enabled, users: [{ user: web, password: web }] }
}
no_auth_user: web`;

export type ClientsScene = Servers & {
  readonly server: NatsServer;
  readonly port: number;
  /** Of the client that subscribes to one subject again and again. */
  readonly gateway: number;
};

/** What an instance of a micro service subscribes to. */
export function serve(client: NatsClient, name: string, id: string): void {
  for (const verb of ['PING', 'INFO', 'STATS'])
    for (const subject of [`$SRV.${verb}`, `$SRV.${verb}.${name}`, `$SRV.${verb}.${name}.${id}`])
      client.subscribe(subject);
}

/** A websocket client, once the server has let it in. */
export async function connectWebSocket(port: number, options: object): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${loopback}:${port}`);
  await once(socket, 'message');
  socket.send(
    `CONNECT ${JSON.stringify({ lang: 'nats.ws', version: '1.30.3', protocol: 1, ...options })}\r\nPING\r\n`,
  );
  await once(socket, 'message');
  return socket;
}

const app = { user: 'app', pass: 'app' } as const;

/** One server with clients of every kind: by name and without, of old libraries, MQTT, websocket, services, too many subscriptions. */
export async function startClients({ version }: { readonly version: NatsVersion }): Promise<ClientsScene> {
  const server = await startNatsServer({ version, name: 'n1', config: () => config });
  return stoppingOnFailure(
    () => server.stop(),
    async () => {
      const port = server.clientPort;
      const { mqtt, websocket } = (await server.get('/varz')) as {
        readonly mqtt: { readonly port: number };
        readonly websocket: { readonly port: number };
      };
      for (const id of ['a', 'b', 'c']) {
        const orders = await connect({ port, name: 'orders', lang: 'go', version: '1.36.0', ...app });
        serve(orders, 'orders', id);
        await orders.flush();
      }
      await connect({ port, lang: 'python3', version: '2.9.0', ...app });
      await connect({ port, name: 'anonymous', lang: 'go', version: '1.48.0' });
      const watcher = await connect({ port, name: 'watcher', lang: 'go', version: '1.48.0', ...app });
      watcher.subscribe('>');
      await watcher.flush();
      const gateway = await connect({ port, name: 'gateway', lang: 'nats.js', version: '3.4.0', ...app });
      for (let i = 0; i < 600; i += 1) gateway.subscribe(`replies.${i}`);
      for (let i = 0; i < 600; i += 1) gateway.subscribe('orders.new');
      await gateway.flush();
      // Its password would be in the field `jwt` before 2.11.
      await connectMqtt({ port: mqtt.port, id: 'pump-8' });
      await connectWebSocket(websocket.port, { name: 'dashboard', ...app });
      await waitUntil(
        'the round trips of its clients to be known',
        async () => (await rttsOf(server)).length,
        (known) => known === 8,
      );
      return { server, servers: [server], port, gateway: gateway.cid, stop: () => server.stop() };
    },
  );
}

/** Round trips that are known; a look makes the server measure those that are not. */
async function rttsOf(server: NatsServer): Promise<readonly string[]> {
  const { connections } = (await server.get('/connz')) as {
    readonly connections: readonly { rtt: string }[];
  };
  return connections.map(({ rtt }) => rtt).filter((rtt) => rtt !== '0s');
}
