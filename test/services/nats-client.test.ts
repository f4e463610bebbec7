import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frozenClient } from './client-process.ts';
import { connect, refusal } from './nats-client.ts';
import type { ClientOptions, NatsClient } from './nats-client.ts';
import { startNatsServer } from './nats-server.ts';
import type { NatsServer } from './nats-server.ts';
import { protocolReader } from './protocol-reader.ts';
import { waitFor, waitUntil } from './wait.ts';

let server: NatsServer;
/** Finds a client stale that leaves one PING unanswered: a slow machine's clients may. */
let impatient: NatsServer;
beforeAll(async () => {
  const start = (name: string, more: string): Promise<NatsServer> =>
    startNatsServer({
      version: '2.15.1',
      name,
      config: () => `${more}\nauthorization { users: [{ user: app, password: app }], timeout: 300 }`,
    });
  [server, impatient] = await Promise.all([
    start('n1', 'max_pending: 1MB'),
    start('n2', 'ping_interval: "1s"\nping_max: 1'),
  ]);
});
afterAll(() => Promise.all([server.stop(), impatient.stop()]));

const app = (more: Partial<ClientOptions> = {}): Promise<NatsClient> =>
  connect({ port: server.clientPort, user: 'app', pass: 'app', ...more });

type Row = { readonly cid: number; readonly name?: string; readonly reason: string };
async function closedReasons(at = server): Promise<ReadonlyMap<number, string>> {
  const ring = (await at.get('/connz?state=closed&sort=stop')) as { readonly connections: readonly Row[] };
  return new Map(ring.connections.map(({ cid, reason }) => [cid, reason]));
}
const closeReason = (cid: number, at = server): Promise<string> =>
  waitFor(`client ${cid} to be closed`, async () => (await closedReasons(at)).get(cid));

describe('a client', () => {
  it('is known to the server by what it says of itself', async () => {
    const client = await app({ name: 'orders', lang: 'go', version: '1.2.3', localAddress: '127.0.0.5' });
    const open = (await server.get(`/connz?cid=${client.cid}`)) as { readonly connections: unknown[] };
    expect(open.connections).toMatchObject([
      { name: 'orders', lang: 'go', version: '1.2.3', ip: '127.0.0.5' },
    ]);
    await client.end();
  });

  it('receives what others publish, as one of a queue only its share', async () => {
    const [publisher, all, one, two] = await Promise.all([app(), app(), app(), app()]);
    all.subscribe('jobs.*');
    one.subscribe('jobs.*', 'workers');
    two.subscribe('jobs.*', 'workers');
    await Promise.all([all, one, two].map((client) => client.flush()));
    for (let size = 0; size < 100; size += 1) publisher.publish(`jobs.${size}`, Buffer.alloc(size * 100));
    await waitUntil('all messages', all.messagesReceived, (count) => count === 100);
    await waitUntil(
      'the queue',
      () => one.messagesReceived() + two.messagesReceived(),
      (count) => count === 100,
    );
    await Promise.all([publisher, all, one, two].map((client) => client.end()));
  });

  it('that is not let in learns why', async () => {
    expect(await refusal({ port: server.clientPort, user: 'app', pass: 'wrong' })).toBe(
      'Authorization Violation',
    );
  });

  it('that ends is closed as planned, one that drops the connection is a read error', async () => {
    const [polite, rude] = [await app(), await app()];
    await polite.end();
    rude.destroy();
    expect([await closeReason(polite.cid), await closeReason(rude.cid)]).toEqual([
      'Client Closed',
      'Read Error',
    ]);
  });

  it('that stops reading is evicted as a slow consumer', async () => {
    const [slow, publisher] = [await app(), await app()];
    slow.subscribe('big');
    await slow.flush();
    slow.stopReading();
    // Loopback sockets take several megabytes before anything is pending in the server.
    const reason = waitFor('the slow client to be closed', async () => {
      for (let sent = 0; sent < 50; sent += 1) publisher.publish('big', Buffer.alloc(65_536));
      await publisher.flush();
      return (await closedReasons()).get(slow.cid);
    });
    expect(await reason).toBe('Slow Consumer (Pending Bytes)');
    slow.destroy();
    await publisher.end();
  });

  it('that leaves PINGs unanswered is told that it is stale', async () => {
    const client = await app({ port: impatient.clientPort, answersPings: false });
    expect(await client.closed).toBe('Stale Connection');
  });

  it('that is frozen is found stale', async () => {
    const client = await frozenClient({ port: impatient.clientPort, user: 'app', pass: 'app', name: 'hung' });
    expect(await closeReason(client.cid, impatient)).toBe('Stale Connection');
    await client.kill();
  });

  it('is cheap enough for 1,100 at once', async () => {
    const clients = await Promise.all(Array.from({ length: 1_100 }, () => app()));
    expect(await server.get('/varz')).toMatchObject({ connections: 1_100 });
    await Promise.all(clients.map((client) => client.end()));
  });
});

describe('the protocol', () => {
  const bytes = Buffer.from(
    `INFO {"client_id":7,"server_name":"n1"}\r\nMSG a 1 4\r\nPING\r\nMSG b 2 reply 0\r\n\r\nMSG c 1 20000\r\n${'PING\r\n    '.repeat(2_000)}\r\nPONG\r\n-ERR 'Stale Connection'\r\n+OK\r\n`,
  );
  const read = (chunks: readonly Buffer[]): readonly string[] => {
    const seen: string[] = [];
    const reader = protocolReader({
      info: (info) => seen.push(`info ${info.client_id}`),
      ping: () => seen.push('ping'),
      pong: () => seen.push('pong'),
      error: (text) => seen.push(`error ${text}`),
      message: (payload) => seen.push(`message ${payload}`),
    });
    for (const chunk of chunks) reader(chunk);
    return seen;
  };

  const whole = ['info 7', 'message PING', 'message ', 'message ', 'pong', 'error Stale Connection'];

  it('reads the same wherever the bytes are cut, and no PING inside a payload', () => {
    const cuts = Array.from(bytes, (_, cut) => read([bytes.subarray(0, cut), bytes.subarray(cut)]));
    expect(cuts).toEqual(cuts.map(() => whole));
  });

  it('reads the same byte by byte', () => {
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
  });
});
