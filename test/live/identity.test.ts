import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../lambdas/durations.ts';
import { ruleSeries } from '../../lambdas/rules/plan.ts';
import { startLink, type Link } from '../scenes/link.ts';
import { closedRows, varz } from '../scenes/observed.ts';
import { loopback } from '../services/loopback.ts';
import { refusal } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { ruledLive } from './ruled.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const version = '2.15.1';
const login = { user: 'app', pass: 'app' };
const config = () => `accounts { APP { users: [{user: ${login.user}, password: ${login.pass}}] } }`;
const start = (name: string) => startNatsServer({ version, name, config });

/** Each new connection goes to the next server, as through a balancer of TCP or a ClusterIP service. */
async function startBalancer(servers: readonly NatsServer[]) {
  let turn = 0;
  const balancer = net.createServer((client) => {
    const chosen = servers[turn++ % servers.length];
    const server = net.connect(chosen?.ports.monitoring ?? 0, loopback);
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const { port } = balancer.address() as net.AddressInfo;
  return {
    name: 'hub',
    url: `http://127.0.0.1:${port}`,
    /** The next connection goes to the server in that place, the one after it to the next. */
    goOnWith: (place: number) => void (turn = place),
    stop: () => void balancer.close(),
  };
}

/** Moments apart by the clock of the run, as they are by the servers' own. */
const soon = seconds(0.001);

/** How many refused logins a look counted; null where it could not see them. */
function failuresIn(look: LiveLook): number | null {
  const seen = answersOf(look, 'CONN_101')['cluster']?.seen ?? '';
  const counted = /^(\d+) authentication failure/.exec(seen)?.[1];
  return counted === undefined ? null : Number(counted);
}

describe('a URL that leads to two servers in turn', () => {
  let servers: readonly NatsServer[] = [];
  let balancer: Awaited<ReturnType<typeof startBalancer>>;
  let ids: readonly string[];
  let looks: Readonly<Record<'server-up' | 'connection-stopped', readonly LiveLook[]>>;
  beforeAll(async () => {
    servers = [await start('nats-0'), await start('nats-1')];
    const [first] = servers;
    if (first === undefined) throw new Error('no server');
    balancer = await startBalancer(servers);
    ids = await Promise.all(servers.map(async (server) => (await varz(server)).server_id));
    for (let i = 0; i < 12; i += 1) await refusal({ port: first.clientPort, ...login, pass: 'old' });
    await waitFor('12 closed rows', async () => (await closedRows(first)).length === 12 || undefined);
    /** Looks until one shows what is awaited, as which server answers first is chance on a busy machine, and three more. */
    const watch = async (check: string, shows: (look: LiveLook) => boolean) => {
      const watching = watchingLive(check, [balancer]);
      const taken: LiveLook[] = [];
      for (let left = 60; left > 0; left -= 1) {
        balancer.goOnWith(left);
        const look = await watching.look(soon);
        taken.push(look);
        if (shows(look)) left = Math.min(left, 4);
      }
      return taken;
    };
    looks = {
      'server-up': await watch('server-up', ({ reported }) => reported.length > 0),
      'connection-stopped': await watch('connection-stopped', (look) => failuresIn(look) === 12),
    };
  });
  afterAll(async () => {
    balancer.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it('is reported once, with the URL and both ids', () => {
    expect(looks['server-up'].flatMap(({ reported }) => reported)).toEqual(['opened SERVER_111 warning hub']);
    const summary = looks['server-up'].at(-1)?.findings[0]?.summary ?? '';
    expect([balancer.url, ...ids].filter((part) => !summary.includes(part))).toEqual([]);
  });

  it('is never ok once both were met: half of it is unseen', () => {
    const outcomes = looks['connection-stopped'].map((look) =>
      [...Object.values(answersOf(look, 'CONN_101')), ...Object.values(answersOf(look, 'CONN_104'))].map(
        ({ outcome }) => outcome,
      ),
    );
    // A look whose requests all came over one connection has met one.
    const met = outcomes.findIndex((each) => each.includes('unknown'));
    expect(met).toBeGreaterThanOrEqual(0);
    expect(new Set(outcomes.slice(met).flat())).toEqual(new Set(['unknown']));
  });

  it('is met by the first look, wherever the balancer is and though as many connections are made each time', async () => {
    const reported = [];
    for (const place of [0, 1]) {
      balancer.goOnWith(place);
      const look = await watchingLive('server-up', [balancer]).look(soon);
      reported.push(look.reported);
    }
    expect(reported).toEqual([['opened SERVER_111 warning hub'], ['opened SERVER_111 warning hub']]);
  });

  it('has each refused login counted once, however the connections fall', () => {
    // A look at which no connection came through to the server of its /varz counts nothing.
    const counts = looks['connection-stopped'].map(failuresIn).filter((count) => count !== null);
    expect([counts.at(-1), Math.max(...counts)]).toEqual([12, 12]);
  });
});

describe('rules over a URL that leads to two servers in turn', () => {
  let servers: readonly NatsServer[] = [];
  let balancer: Awaited<ReturnType<typeof startBalancer>>;
  beforeAll(async () => {
    servers = [await start('nats-0'), await start('nats-1')];
    balancer = await startBalancer(servers);
  });
  afterAll(async () => {
    balancer.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it('are unknown from the first other server on, which moves no alarm, and make no increase of two totals', async () => {
    const rules = `
groups:
  - name: servers
    rules:
      - alert: NewConnections
        expr: increase(gnatsd_varz_total_connections[5m]) > 0
        labels: { severity: warning }
`;
    const [first] = servers;
    for (let i = 0; i < 3; i += 1) await refusal({ port: first?.clientPort ?? 0, ...login, pass: 'old' });
    const { plan } = ruledLive([{ name: balancer.name, url: balancer.url }], rules).translated;
    const watch = watchingLive('rule-series', [balancer], { plan });
    const outcomes: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      balancer.goOnWith(i);
      const { outcomes: of, datapoints } = await watch.look(soon);
      const compared = datapoints.filter(({ series }) => series === ruleSeries.rule);
      outcomes.push([of['hub'], ...compared.map(({ value }) => value)]);
    }
    expect(outcomes).toEqual([['ok', 0], ['unknown'], ['unknown'], ['unknown']]);
  });
});

describe('one server under two URLs', () => {
  let server: NatsServer;
  let link: Link;
  let targets: readonly { readonly name: string; readonly url: string }[];
  beforeAll(async () => {
    server = await start('nats-0');
    link = await startLink(server.ports.monitoring);
    targets = [...targetsOf(server), { name: 'other', url: `http://${loopback}:${link.port}` }];
  });
  afterAll(async () => {
    await server.stop();
    await link.stop();
  });

  it('is reported as a mistake in settings that names both', async () => {
    const { reported, findings } = await watchingLive('server-up', targets).look();
    expect(reported).toEqual(['opened SERVER_112 warning other']);
    expect(findings[0]?.summary).toContain(
      `other (${targets[1]?.url ?? ''}) and nats-0 (${targets[0]?.url ?? ''}) are one server`,
    );
  });

  it('is counted once', async () => {
    for (let i = 0; i < 3; i += 1) await refusal({ port: server.clientPort, ...login, pass: 'old' });
    await waitFor('3 closed rows', async () => (await closedRows(server)).length === 3 || undefined);
    const look = await watchingLive('connection-stopped', targets).look();
    expect(answersOf(look, 'CONN_101')['cluster']?.seen).toMatch(/^3 authentication failures/);
    expect(answersOf(look, 'CONN_003')['other']).toEqual({
      outcome: 'not-applicable',
      seen: 'the same server as nats-0, where it counts',
    });
  });

  it('is counted once by rules as well, which do not take the other for one that is gone', async () => {
    const rules = `
groups:
  - name: servers
    rules:
      - alert: Allowed
        expr: sum(gnatsd_varz_max_connections) > 1000000
        labels: { severity: warning }
      - alert: Gone
        expr: absent(gnatsd_varz_max_connections{server_id="other"})
        labels: { severity: warning }
`;
    const { points, rules: look } = await ruledLive(targets, rules).look();
    expect([look.found, points['nats_rule Allowed']]).toEqual([[], '65536']);
    expect(answersOf(look, 'Gone')['other']?.outcome).toBe('not-applicable');
  });
});

describe('a server that restarts behind its URL', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await start('nats-0');
  });
  afterAll(() => server.stop());

  it('is one server, and what closed since its start is counted', async () => {
    const watch = watchingLive('connection-stopped', targetsOf(server));
    const up = watchingLive('server-up', targetsOf(server));
    await watch.look(soon);
    await up.look(soon);
    await server.restart();
    await refusal({ port: server.clientPort, ...login, pass: 'old' });
    await waitFor('a closed row', async () => (await closedRows(server)).length === 1 || undefined);
    const look = await watch.look(soon);
    expect(answersOf(look, 'CONN_101')['cluster']?.seen).toMatch(/^1 authentication failure /);
    expect((await up.look(soon)).found).toEqual(['SERVER_008 info nats-0']);
  });
});
