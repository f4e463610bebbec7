import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type NatsClient } from '../services/nats-client.ts';
import { natsVersions, startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { varz } from '../scenes/observed.ts';
import { mirrors } from '../../infra/settings/mirrors.ts';
import { alarming, firing } from './built-in-firing.ts';
import { lookAt, type Phase } from './built-in-looks.ts';

const tenant = (index: number) =>
  `T${index} { jetstream: enabled, users: [{ user: t${index}, password: t${index} }] }`;

type Overload = {
  readonly server: NatsServer;
  /** Fifteen minutes each: before; with a client that does not read; after the server has closed that client. */
  readonly phases: readonly Phase[];
};

/** Null where the server closed the client before it was looked at, on a machine that is slower than the deadline. */
async function overload(version: NatsVersion, writeDeadlineSeconds: number): Promise<Overload | null> {
  const server = await startNatsServer({
    version,
    name: 'n1',
    config: () => `accounts { ${Array.from({ length: 101 }, (_each, index) => tenant(index)).join('\n')} }
authorization { timeout: 120 }
jetstream { store_dir: "data", max_mem: 256MB, max_file: 1MB }
write_deadline: "${writeDeadlineSeconds}s"`,
  });
  const phases: Phase[] = [];
  const client = (name: string) => connect({ port: server.clientPort, user: 't0', pass: 't0', name });
  const look = async () => phases.push({ look: await lookAt([server]), minutes: 15 });
  const slowConsumers = async () => (await varz(server)).slow_consumers;
  await look();
  const app = await client('app');
  await ask(app, 'STREAM.CREATE.CACHE', { name: 'CACHE', subjects: ['cache'], storage: 'memory' });
  await ask(app, 'STREAM.CREATE.LOG', { name: 'LOG', subjects: ['log'] });
  for (let refused = 0; refused < 6; refused += 1) await ask(app, 'STREAM.INFO.NOBODY', {});
  await publish(app, 'cache', 230, 1_000_000);
  await publish(app, 'log', 9, 100_000);
  await Promise.all(Array.from({ length: 1_000 }, () => client('web')));
  for (let topic = 0; topic < 1_000; topic += 1) app.subscribe(`topics.${topic}`);
  await app.flush();

  const reader = await client('reader');
  reader.subscribe('reports');
  await reader.flush();
  reader.stopReading();
  // Loopback sockets take several megabytes before anything is pending in the server.
  await publish(app, 'reports', 400, 65_536);
  await look();
  if ((await slowConsumers()) > 0) {
    await server.stop();
    return null;
  }
  await waitUntil('a slow consumer', slowConsumers, (found) => found > 0);
  await look();
  return { server, phases };
}

describe.each(natsVersions)('a nats-server %s with too much of everything from minute 15 on', (version) => {
  let server: NatsServer | undefined;
  let phases: readonly Phase[] = [];
  beforeAll(async () => {
    const overloaded =
      (await overload(version, 4)) ?? (await overload(version, 20)) ?? (await overload(version, 100));
    if (overloaded === null) throw new Error('a look at the server takes longer than 100 s');
    ({ server, phases } = overloaded);
  });
  afterAll(() => server?.stop());

  it('fires each rule for as long as its trouble lasts', async () => {
    expect(await firing(phases, { mirror: 'intended' })).toEqual({
      'NatsHighJetstreamMemoryUsage warning n1': '20-44',
      'NatsHighJetstreamStoreUsage warning n1': '20-44',
      'NatsHighMemoryUsage warning n1': '20-44',
      'NatsHighNumberOfConnections warning n1': '20-44',
      'NatsHighNumberOfSubscriptions warning n1': '20-44',
      'NatsHighPendingBytes warning n1': '20-29',
      // Accounts are configured from the start.
      'NatsJetstreamAccountsExceeded warning n1': '5-44',
      'NatsSlowConsumers critical n1': '30-39',
      'NatsTooManyErrors warning n1': '15-19',
    });
  });

  it('by the literal rules never ceases to have a slow consumer, and never had too many errors', async () => {
    expect(await firing(phases, { mirror: 'literal' })).toEqual({
      'NatsHighJetstreamMemoryUsage warning n1': '20-44',
      'NatsHighJetstreamStoreUsage warning n1': '20-44',
      'NatsHighMemoryUsage warning n1': '20-44',
      'NatsHighNumberOfConnections warning n1': '20-44',
      'NatsHighNumberOfSubscriptions warning n1': '20-44',
      'NatsHighPendingBytes warning n1': '20-29',
      'NatsJetstreamAccountsExceeded warning': '5-44',
      'NatsLeafNodeConnectionIssue critical n1': '6-44',
      'NatsLeafNodeConnectionIssue warning n1': '5-44',
      'NatsSlowConsumers critical n1': '33-44',
    });
  });

  it.each(mirrors)('has alarms in ALARM whenever Prometheus fires, in %s form', async (mirror) => {
    expect(alarming(phases, { mirror })).toEqual(await firing(phases, { mirror }));
  });
});

/** Asks JetStream and waits for its answer, whatever it is. */
async function ask(client: NatsClient, what: string, body: object): Promise<void> {
  const inbox = `_INBOX.${what.replaceAll('.', '-')}`;
  const sid = client.subscribe(inbox);
  const before = client.messagesReceived();
  client.publish(`$JS.API.${what} ${inbox}`, JSON.stringify(body));
  await waitUntil(`JetStream to answer ${what}`, client.messagesReceived, (all) => all > before);
  client.unsubscribe(sid);
}

async function publish(client: NatsClient, subject: string, times: number, bytes: number): Promise<void> {
  for (let sent = 1; sent <= times; sent += 1) {
    client.publish(subject, Buffer.alloc(bytes));
    if (sent % 20 === 0) await client.flush();
  }
  await client.flush();
}
