import { afterEach, describe, expect, it } from 'vitest';
import { newOperator, preloaded, type AccountClaims, type OperatorUser } from '../scenes/operator.ts';
import { closedRows, ringReaches } from '../scenes/observed.ts';
import { beSlow } from '../scenes/slow-consumer.ts';
import { connect, refusal } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor, waitUntil } from '../services/wait.ts';
import { openWire } from '../services/wire.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

async function start(version: NatsVersion, config: string): Promise<NatsServer> {
  const server = await startNatsServer({ version, name: 'n1', config: () => config });
  stopping.push(() => server.stop());
  return server;
}
const watching = (server: NatsServer) =>
  watchingLive('connection-stopped', [{ name: 'n1', url: server.monitoringUrl }]);
const warned = ({ found }: LiveLook) => found.filter((each) => !each.includes(' info '));
const classes = ({ datapoints }: LiveLook) =>
  Object.fromEntries(
    datapoints
      .filter(({ series, value }) => series === 'nats_connections_closed' && value > 0)
      .map(({ labels, value }) => [labels['reason_class'] ?? '', value]),
  );

it('tells why a client of an operator is refused: its JWT expired, or was revoked, while it was connected', async () => {
  const operator = newOperator();
  const app = operator.account('APP');
  const leaver = app.user('leaver');
  const config = (claims: AccountClaims) =>
    `${operator.config}\n${preloaded({ [app.key]: app.jwt(claims) })}`;
  const server = await start('2.15.1', config({}));
  const watch = watchingLive('connection-stopped', targetsOf(server), {
    limits: { CONN_101: { failures: { warning: 3 } } },
  });
  await watch.look();
  const options = (name: string, { jwt }: OperatorUser) => ({ port: server.clientPort, name, jwt });
  const expiring = app.user('expiring', 10);
  const clients = await Promise.all([connect(options('web', expiring)), connect(options('old', leaver))]);
  await server.reload(() => config({ revocations: { [leaver.key]: Math.floor(Date.now() / 1_000) + 60 } }));
  expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([
    'User Authentication Expired',
    'User Authentication Revoked',
  ]);
  // Within the second in which it expires it would be taken once more.
  const expiresBy = Date.now() + 1_500;
  await waitUntil(
    'that second to be over',
    () => Date.now(),
    (now) => now > expiresBy,
  );
  for (let i = 0; i < 3; i += 1) {
    await refusal({ ...options('web', expiring), localAddress: '127.0.0.4' });
    await refusal({ ...options('old', leaver), localAddress: '127.0.0.5' });
  }
  await ringReaches(server, 8);
  const { findings } = await watch.look();
  const told = findings.filter(({ diagnosis }) => diagnosis === 'CONN_101');
  expect(Object.fromEntries(told.map(({ entity, evidence }) => [entity.name, evidence[0]]))).toEqual({
    web: expect.stringMatching(/^before, at .* ran out$/) as string,
    old: expect.stringMatching(/^before, at .*revoked/) as string,
  });
});

describe.each(['2.15.1', '2.10.27'] as const)('connection-stopped on nats-server %s', (version) => {
  it('tells of a slow consumer that was evicted', async () => {
    const server = await start(version, `max_pending: 1MB`);
    const watch = watching(server);
    await watch.look();
    const client = (name: string) => connect({ port: server.clientPort, name });
    await beSlow(server, { reader: await client('report-writer'), writer: await client('source') });
    await ringReaches(server, 1);
    const look = await watch.look();
    expect(warned(look)).toEqual(['CONN_102 warning n1']);
    expect(look.findings.find(({ diagnosis }) => diagnosis === 'CONN_102')?.summary).toBe(
      'n1 evicted 1 slow consumer within 10 min: report-writer.',
    );
  });

  it('tells each limit that closed a connection, with its value', async () => {
    const server = await start(version, `max_connections: 2\nmax_payload: 1KB\nmax_control_line: 512`);
    const watch = watching(server);
    await watch.look();
    const [big, long] = await Promise.all(
      ['uploader', 'babbler'].map((name) => connect({ port: server.clientPort, name })),
    );
    await refusal({ port: server.clientPort, name: 'third' });
    big?.publish('images', 'x'.repeat(2_000));
    long?.subscribe(`${'a.'.repeat(600)}b`);
    await Promise.all([big?.closed, long?.closed]);
    await ringReaches(server, 3);
    const look = await watch.look();
    expect(warned(look).sort()).toEqual([
      'CONN_103 warning max_connections of n1',
      'CONN_103 warning max_control_line of n1',
      'CONN_103 warning max_payload of n1',
    ]);
    expect(
      look.findings.flatMap(({ diagnosis, summary }) => (diagnosis === 'CONN_103' ? [summary] : [])).sort(),
    ).toEqual([
      'n1 closed 1 connection within 10 min for max_connections (2).',
      'n1 closed 1 connection within 10 min for max_control_line (512 B).',
      'n1 closed 1 connection within 10 min for max_payload (1 KiB).',
    ]);
    expect(classes(look)).toEqual({ limit: 3 });
  });

  it('recognises TCP health probes, by FIN and by RST, and counts them as planned', async () => {
    const server = await start(version, '');
    const watch = watching(server);
    await watch.look();
    for (const leave of ['end', 'destroy'] as const) {
      const probe = openWire({ port: server.clientPort });
      await probe.connected;
      void probe[leave]();
      await probe.closed;
    }
    await ringReaches(server, 2);
    const look = await watch.look();
    expect([classes(look), look.findings]).toEqual([{ planned: 2 }, []]);
  });

  it('says that evidence was lost when the ring turned over, and counts rows once across a restart', async () => {
    const server = await start(version, 'max_closed_clients: 20');
    const watch = watching(server);
    // The server records a close a moment after it, and two that are near each other in either order.
    const comeAndGo = async (count: number) => {
      for (let left = count; left > 0; left -= 1) {
        const client = await connect({ port: server.clientPort, name: 'cron' });
        await client.end();
        await waitFor(
          `the close of cid ${client.cid} in the ring`,
          async () => (await closedRows(server)).some(({ cid }) => cid === client.cid),
          { everyMs: 5 },
        );
      }
    };
    await comeAndGo(3);
    expect(classes(await watch.look())).toEqual({ planned: 3 });
    await comeAndGo(30);
    const lost = await watch.look();
    expect(warned(lost)).toEqual(['CONN_105 warning n1']);
    expect(lost.findings.find(({ diagnosis }) => diagnosis === 'CONN_105')?.summary).toMatch(
      /than its ring of 20 holds: 20 were read, about 10 are lost\.$/,
    );
    await server.restart();
    await comeAndGo(2);
    expect(classes(await watch.look())).toEqual({ planned: 2 });
  });
});
