import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { closesOf } from '../../lambdas/readings/closed-ring/quiet.ts';
import { decodeVarz } from '../../lambdas/readings/decoders/varz.ts';
import { ringReaches } from '../scenes/observed.ts';
import { connect, refusal } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

let server: NatsServer;
afterEach(() => server.stop());

const start = async (version: NatsVersion) => {
  const config = () => 'accounts { APP { users: [{ user: app, password: app }] } }';
  server = await startNatsServer({ version, name: 'n1', config });
  return watchingLive('connection-stopped', targetsOf(server));
};

const client = (name: string) => connect({ port: server.clientPort, name, user: 'app', pass: 'app' });

async function leave(count: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: count }, (_, i) => client(`job-${i}`)));
  await Promise.all(clients.map((each) => each.end()));
}
async function beRefused(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await refusal({ port: server.clientPort, name: `old-${i}`, user: 'app', pass: 'outdated' });
  }
}

/** What `/varz` tells of them: clients are counted out a moment after their rows are in the ring. */
const closes = async (): Promise<number | null> => {
  const varz = decodeVarz(await server.get('/varz'));
  return varz.ok ? closesOf(varz.value) : null;
};

/** The datapoints of `nats_connections_closed` that are not 0. */
const counted = ({ datapoints }: LiveLook): Readonly<Record<string, number>> =>
  Object.fromEntries(
    datapoints
      .filter(({ series, value }) => series === 'nats_connections_closed' && value !== 0)
      .map(({ labels, value }) => [labels['reason_class'] ?? '', value] as const),
  );
const total = (look: LiveLook) => Object.values(counted(look)).reduce((sum, value) => sum + value, 0);
/** How many CONN_003 says there were. */
const reported = ({ findings }: LiveLook) =>
  findings.find(({ diagnosis }) => diagnosis === 'CONN_003')?.observed ?? 0;

describe.each(['2.15.1', '2.10.27'] as const)('closed connections on nats-server %s', (version) => {
  it('are each counted once, over several runs, more than a page of them, and a restart', async () => {
    const watch = await start(version);
    const looks = [await watch.look()];
    await leave(3);
    await beRefused(2);
    await ringReaches(server, 5);
    looks.push(await watch.look(), await watch.look());
    await leave(300);
    await ringReaches(server, 305);
    looks.push(await watch.look());
    await leave(1);
    await ringReaches(server, 306);
    await expect.poll(closes, { timeout: minutes(2) }).toBe(306);
    looks.push(await watch.look());
    await server.restart();
    looks.push(await watch.look());
    await leave(7);
    await beRefused(1);
    await ringReaches(server, 8);
    looks.push(await watch.look(), await watch.look());
    expect(looks.map(counted)).toEqual([
      {},
      { planned: 3, auth: 2 },
      {},
      { planned: 300 },
      { planned: 1 },
      {},
      { planned: 7, auth: 1 },
      {},
    ]);
    expect(looks.map(reported)).toEqual(looks.map(total));
    expect(looks.flatMap(({ messages }) => messages)).toEqual([]);
  });

  it('are each counted once while further ones close during the runs', async () => {
    const watch = await start(version);
    const looks = [await watch.look()];
    const haveSeenSome = () => looks.filter((look) => total(look) > 0).length > 2;
    let left = 0;
    const churning = (async () => {
      for (; left < 400 || !haveSeenSome(); left += 10) await leave(10);
    })();
    while (!haveSeenSome()) looks.push(await watch.look());
    await churning;
    await ringReaches(server, left);
    looks.push(await watch.look());
    expect(looks.reduce((sum, look) => sum + total(look), 0)).toBe(left);
  });
});
