import { afterEach, describe, expect, it } from 'vitest';
import { connect, refusal } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

let server: NatsServer;
afterEach(() => server.stop());

const config = 'authorization { users: [{ user: app, password: app }] }';
const login = { user: 'app', pass: 'app' } as const;
const times = (count: number, visit: () => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, visit));

const stay = 40;
const allHaveLeft = () =>
  waitUntil(
    'those who came to have left',
    async () => ((await server.get('/varz')) as { readonly connections: number }).connections,
    (connections) => connections === stay,
  );

/** A server with forty clients, watched for an hour in which nobody came. Looks are a minute apart, however long they take. */
async function watched(version: '2.15.1' | '2.9.10') {
  server = await startNatsServer({ version, name: 'n1', config: () => config });
  await times(stay, () => connect({ port: server.clientPort, name: 'web', ...login }));
  const start = Date.now();
  const limits = { CONN_115: { churn: { warning: 50 } } };
  const watch = watchingLive('connection-count', targetsOf(server), { limits, clock: () => start });
  await watch.looks(62);
  return watch;
}

describe.each(['2.15.1', '2.9.10'] as const)('clients of nats-server %s that come and go', (version) => {
  it('are told after five minutes, with who they are', async () => {
    const watch = await watched(version);
    const comeAndGo = async () => {
      const client = await connect({ port: server.clientPort, name: 'crashing', ...login });
      await client.end();
    };
    const reported: (readonly string[])[] = [];
    for (let i = 0; i < 6; i += 1) {
      await times(60, comeAndGo);
      await allHaveLeft();
      reported.push((await watch.look()).reported);
    }
    expect(reported).toEqual([[], [], [], [], [], ['opened CONN_115 warning live']]);
    await times(60, comeAndGo);
    await allHaveLeft();
    const { findings } = await watch.look();
    expect(findings[0]?.summary).toMatch(
      /^60 clients a minute connect to cluster live and as many leave, while it holds 40; usual are \d\.$/,
    );
    expect(findings[0]?.evidence[0]).toMatch(/^who left: crashing \d+$/);
  });

  it('for they are refused are left to the check of closed connections', async () => {
    const watch = await watched(version);
    for (let i = 0; i < 7; i += 1) {
      await times(60, () => refusal({ port: server.clientPort, name: 'old', user: 'app', pass: 'old' }));
      expect((await watch.look()).found).toEqual([]);
    }
  });
});
