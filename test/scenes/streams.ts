import { connect } from '../services/nats-client.ts';
import type { NatsClient } from '../services/nats-client.ts';
import { loopback } from '../services/loopback.ts';
import { startNatsServer } from '../services/nats-server.ts';
import type { NatsServer, NatsVersion, ServerPorts } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import type { Servers } from './alone.ts';
import { clusterConfig } from './configs.ts';
import { asking, creation } from './jetstream.ts';
import { restartWhole } from './jetstream/meta-group.ts';
import { stoppingOnFailure } from './stopping.ts';

const accounts = (jetStream: boolean) => `accounts {
  APP { ${jetStream ? 'jetstream: enabled,' : ''} users: [{ user: app, password: app }] }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`;

// Replies show this folder, so it is a relative one.
const jetStream = 'jetstream { store_dir: "data", max_mem: 64MB, max_file: 256MB, domain: east }';
const anyPort = `${loopback}:-1`;

const orders = { name: 'ORDERS', subjects: ['orders.*'], num_replicas: 3, max_bytes: 1_000_000 };
const durable = (name: string, more: object = {}) => ({
  stream_name: 'ORDERS',
  config: { durable_name: name, ack_policy: 'explicit', ...more },
});
/** What JetStream is asked for, one after the other. */
const creations: readonly (readonly [string, object])[] = [
  ['STREAM.CREATE.ORDERS', { ...orders, metadata: { team: 'shop' } }],
  ['STREAM.CREATE.INVOICES', { name: 'INVOICES', sources: [{ name: 'ORDERS' }] }],
  ['STREAM.CREATE.ORDERS-COPY', { name: 'ORDERS-COPY', storage: 'memory', mirror: { name: 'ORDERS' } }],
  ['CONSUMER.DURABLE.CREATE.ORDERS.shipping', durable('shipping', { description: 'parcels' })],
  ['CONSUMER.DURABLE.CREATE.ORDERS.billing', durable('billing')],
];

/**
 * Cluster `east` of three servers with JetStream, and a gateway to `west1`, which has none. Stream ORDERS has ten
 * messages in three replicas, a mirror and a stream that sources it. Of its consumers, `shipping` was given three and
 * acknowledged the first, `billing` was never used. Client `orders` of account APP stays connected to `east1`.
 */
export async function startStreams({ version }: { readonly version: NatsVersion }): Promise<Servers> {
  const servers: NatsServer[] = [];
  const clients: NatsClient[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    await Promise.all(servers.map((server) => server.stop()));
  };
  const start = async (name: string, config: (ports: ServerPorts) => string): Promise<NatsServer> => {
    const server = await startNatsServer({ version, name, config });
    servers.push(server);
    return server;
  };

  return stoppingOnFailure(stop, async () => {
    // JetStream wants all routes from the start, so the servers start once without it to learn their ports.
    let known: readonly NatsServer[] = [];
    const eastConfig = ({ cluster }: ServerPorts): string =>
      [
        accounts(known.length > 0),
        clusterConfig('east', cluster, known),
        `gateway { name: east, listen: "${anyPort}" }`,
        known.length > 0 ? jetStream : '',
      ].join('\n');
    const east1 = await start('east1', eastConfig);
    const east = [east1, await start('east2', eastConfig), await start('east3', eastConfig)];
    known = east;
    await restartWhole(east);

    const ports = await Promise.all(east.map(gatewayPort));
    await start('west1', () =>
      [
        accounts(false),
        `gateway { name: west, listen: "${anyPort}", gateways: [{ name: east, urls: [${urls(ports)}] }] }`,
      ].join('\n'),
    );
    await waitUntil(
      'a gateway out of each server',
      () => Promise.all(servers.map(hasGateway)),
      (have) => have.every(Boolean),
    );
    const app = { port: east1.clientPort, user: 'app', pass: 'app', name: 'orders' };
    for (const [what, body] of creations) await creation(app, `$JS.API.${what}`, body);
    const client = await connect(app);
    clients.push(client);
    await populate(client);
    await waitUntil(
      'replicas, mirror and source to catch up',
      async () => (await Promise.all(east.map(jsz))).map(({ messages }) => messages),
      (messages) => messages.reduce((sum, each) => sum + each, 0) === 10 * 5,
    );
    return { servers, stop };
  });
}

const urls = (ports: readonly number[]): string =>
  ports.map((port) => `"nats://${loopback}:${port}"`).join(', ');

type Jsz = { readonly messages: number };
const jsz = async (server: NatsServer): Promise<Jsz> => (await server.get('/jsz')) as Jsz;

async function gatewayPort(server: NatsServer): Promise<number> {
  return ((await server.get('/varz')) as { readonly gateway: { readonly port: number } }).gateway.port;
}

async function hasGateway(server: NatsServer): Promise<boolean> {
  const reply = (await server.get('/gatewayz')) as { readonly outbound_gateways: object };
  return Object.keys(reply.outbound_gateways).length > 0;
}

async function populate(client: NatsClient): Promise<void> {
  const ask = asking(client);
  for (let order = 0; order < 10; order += 1) await ask(`orders.${order}`, '{"parcels":1}');
  await ask('$JS.API.CONSUMER.MSG.NEXT.ORDERS.shipping', '{"batch":3}', 3);
  // Stream, consumer, deliveries, both sequences of the message; its time and what is pending are not looked at.
  await ask('$JS.ACK.ORDERS.shipping.1.1.1.0.0', '+ACK');
}
