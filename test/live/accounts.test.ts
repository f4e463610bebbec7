import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { startOperated, type Operated } from '../scenes/operated.ts';
import { newOperator, preloaded, streamLimits, type OperatorAccount } from '../scenes/operator.ts';
import { asking } from '../scenes/jetstream.ts';
import { loopback } from '../services/loopback.ts';
import { connect } from '../services/nats-client.ts';
import { natsVersions, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const check = 'accounts';
/** What is told of one diagnosis. */
const told = (look: LiveLook | undefined, diagnosis: string): readonly string[] =>
  (look?.findings ?? []).filter((finding) => finding.diagnosis === diagnosis).map(({ summary }) => summary);
const worse = (look: LiveLook | undefined): readonly string[] =>
  (look?.found ?? []).filter((each) => !each.includes(' info '));

/** Several looks as far apart as the check's. */
async function looks(watched: ReturnType<typeof watchingLive>, count: number): Promise<readonly LiveLook[]> {
  const taken: LiveLook[] = [];
  for (let i = 0; i < count; i += 1) taken.push(await watched.look(minutes(5)));
  return taken;
}

describe.each(natsVersions)('accounts of an operator on real servers of %s', (version) => {
  let scene: Operated;
  let shop: OperatorAccount;
  let app: OperatorAccount;
  const orders = { name: 'orders', subject: 'orders.>', type: 'stream' };
  const prices = { name: 'prices', subject: 'prices.get', type: 'service' };
  const secret = { name: 'secret', subject: 'secret.>', type: 'stream', token_req: true };

  beforeAll(async () => {
    scene = await startOperated({ version });
    ({ app, shop } = scene.accounts);
    await scene.push(shop, { exports: [orders, prices, secret] });
  });
  afterAll(() => scene.stop());

  it('that have no limits, do not expire and import what is there have no finding', async () => {
    const taken = ['orders.>', 'prices.get'].map((subject, i) => ({
      ...{ name: subject, subject, account: shop.key, type: i === 0 ? 'stream' : 'service' },
    }));
    await scene.push(app, { imports: taken });
    const clients = await Promise.all(scene.servers.map((server) => scene.client(server, app)));
    const shopper = await scene.client(scene.servers[0] as NatsServer, shop);
    const watched = watchingLive(check, scene.targets, {
      cluster: { expect: { accounts: [app.key, shop.key] } },
    });
    const last = (await looks(watched, 4)).at(-1);
    expect(worse(last)).toEqual([]);
    expect(answersOf(last as LiveLook, 'ACCOUNTS_003')['cluster']?.seen).toBe(
      '3 accounts, no import known that does not work',
    );
    expect(told(last, 'ACCOUNTS_105')).toEqual([
      expect.stringMatching(/^The JWT of operator OP expires in 9 d /),
    ]);
    await Promise.all([...clients, shopper].map((client) => client.end()));
  });

  it('are told near the connections and subscriptions that their JWTs allow', async () => {
    await scene.push(app, { limits: { conn: 20, subs: 20 } });
    const [n1, n2] = scene.servers as readonly [NatsServer, NatsServer];
    const places = [...Array<NatsServer>(10).fill(n1), ...Array<NatsServer>(8).fill(n2)];
    const clients = await Promise.all(places.map((server, i) => scene.client(server, app, `worker-${i}`)));
    // Together far more than 20, but each has fewer.
    for (const client of clients.slice(1)) {
      for (let i = 0; i < 10; i += 1) client.subscribe(`some.${i}`);
      await client.flush();
    }
    const watched = watchingLive(check, scene.targets);
    const before = (await looks(watched, 2)).at(-1);
    expect(told(before, 'ACCOUNTS_001')).toEqual([
      'Account APP has 18 of the 20 connections that its JWT allows (90 %).',
    ]);
    expect(told(before, 'ACCOUNTS_006')).toEqual([]);
    const [greedy] = clients;
    for (let i = 0; i < 19; i += 1) greedy?.subscribe(`many.${i}`);
    await greedy?.flush();
    const after = (await looks(watched, 2)).at(-1);
    expect(told(after, 'ACCOUNTS_006')).toEqual([
      'Client worker-0 of account APP on n1 has 19 of the 20 subscriptions that a connection may have (95 %).',
    ]);
    await Promise.all(clients.map((client) => client.end()));
    expect(worse((await looks(watched, 3)).at(-1))).toEqual([]);
  });

  it('are told whose imports do not work, with the cause', async () => {
    const taken = ['orders.>', 'secret.>', 'gone.>'].map((subject) => ({
      ...{ name: subject, subject, account: shop.key, type: 'stream' },
    }));
    await scene.push(app, { imports: taken });
    const client = await scene.client(scene.servers[0] as NatsServer, app);
    const watched = watchingLive(check, scene.targets);
    const [first] = await looks(watched, 1);
    expect(first?.findings.filter(({ diagnosis }) => diagnosis === 'ACCOUNTS_003')).toMatchObject([
      {
        severity: 'warning',
        entity: { name: 'APP' },
        evidence: [
          'stream secret.> of SHOP: it is private, and the import has no activation token',
          'stream gone.> of SHOP: that account exports no stream that holds it',
          `account ${app.key}`,
        ],
      },
    ]);
    await scene.push(app, { imports: taken.slice(0, 1) });
    expect(told((await looks(watched, 3)).at(-1), 'ACCOUNTS_003')).toEqual([]);
    await client.end();
  });

  it('are told where nobody listens to what they import, with prefixes and on any server', async () => {
    await scene.push(app, {
      imports: [
        { name: 'orders', subject: 'orders.>', account: shop.key, type: 'stream', to: 'shop' },
        { name: 'prices', subject: 'prices.get', account: shop.key, type: 'service' },
      ],
    });
    const [n1, n2] = scene.servers as readonly [NatsServer, NatsServer];
    const [idle, worker, shopper] = await Promise.all([
      scene.client(n1, app),
      scene.client(n2, app),
      scene.client(n1, shop),
    ]);
    // Subjects of the exporting account, and clients of that, are no listeners.
    worker.subscribe('orders.>');
    shopper.subscribe('orders.>');
    await Promise.all([worker.flush(), shopper.flush()]);
    const cluster = { expect: { imports: [app.key, shop.key] } };
    const watched = watchingLive(check, scene.targets, { cluster });
    const told005 = async (count: number) => told((await looks(watched, count)).at(-1), 'ACCOUNTS_005');
    expect(await told005(1)).toEqual([
      'Nobody of account APP listens to 1 of 1 stream that it imports: shop.orders.>.',
    ]);
    worker.subscribe('shop.orders.new');
    await worker.flush();
    expect(await told005(3)).toEqual([]);
    const healthy = watchingLive(check, scene.targets, { cluster });
    expect(answersOf((await looks(healthy, 1))[0] as LiveLook, 'ACCOUNTS_005')['cluster']).toEqual({
      outcome: 'ok',
      seen: '2 accounts with 1 imported stream, somebody listens to each',
    });
    await Promise.all([idle, worker, shopper].map((client) => client.end()));
  });

  it('are told when they expire, and when they have', async () => {
    const { trial } = scene.accounts;
    await scene.push(trial, { expiresIn: 7_200 });
    const client = await scene.client(scene.servers[0] as NatsServer, trial);
    const watched = watchingLive(check, scene.targets);
    expect(told((await looks(watched, 1))[0], 'ACCOUNTS_101')).toEqual([]);
    await watched.look(minutes(105));
    const late = (await looks(watched, 1))[0];
    expect(told(late, 'ACCOUNTS_101')).toEqual([
      expect.stringMatching(/^The JWT of account TRIAL expires in 4 min /),
    ]);
    await scene.push(trial, { expiresIn: 1 });
    expect(await client.closed).toBe('Account Authentication Expired');
    const gone = (await looks(watched, 2)).at(-1);
    expect(gone?.found.filter((each) => /ACCOUNTS_10[12]/.test(each))).toEqual([
      'ACCOUNTS_102 critical TRIAL',
    ]);
    expect(told(gone, 'ACCOUNTS_102')).toEqual([
      expect.stringMatching(/^The JWT of account TRIAL expired .* 1 client or leafnode of it was cut off\.$/),
    ]);
    await scene.push(trial, { expiresIn: 400 * 86_400 });
    expect(worse((await looks(watched, 3)).at(-1))).toEqual([]);
  });

  it('are told where servers have different JWTs, with who is revoked on one of them', async () => {
    const operator = newOperator();
    const tenant = operator.account('TENANT');
    const leaver = tenant.user('leaver');
    const revoked = tenant.jwt({ revocations: { [leaver.key]: Math.floor(Date.now() / 1_000) + 60 } });
    const stale = tenant.jwt({ issuedAgo: 600 });
    const servers = await Promise.all(
      [revoked, stale].map((jwt, i) =>
        startNatsServer({
          ...{ version, name: `n${i + 1}` },
          config: () => [operator.config, preloaded({ [tenant.key]: jwt })].join('\n'),
        }),
      ),
    );
    try {
      const [n1, n2] = servers as readonly NatsServer[] as readonly [NatsServer, NatsServer];
      await connect({ port: n1.clientPort, jwt: tenant.user().jwt });
      await connect({ port: n2.clientPort, jwt: leaver.jwt });
      const look = (await looks(watchingLive(check, targetsOf(...servers)), 1))[0];
      expect(worse(look)).toEqual(['ACCOUNTS_103 warning TENANT']);
      expect(told(look, 'ACCOUNTS_103')).toEqual([
        'n2 goes by an older JWT of account TENANT than n1; 1 user revoked since may still be connected there.',
      ]);
      expect(JSON.stringify(look)).not.toContain('eyJ');
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });

  it('of which one expired with streams make a server ill that starts', async () => {
    const operator = newOperator();
    const trial = operator.account('TRIAL');
    const system = operator.account('SYS');
    const jwts = {
      [system.key]: system.jwt(),
      [trial.key]: trial.jwt({ expiresIn: 8, limits: streamLimits }),
    };
    const server = await startNatsServer({
      ...{ version, name: 'n1' },
      config: () =>
        [
          ...[operator.config, `system_account: ${system.key}`, preloaded(jwts)],
          'jetstream { store_dir: "data", max_mem: 64MB, max_file: 64MB }',
        ].join('\n'),
    });
    try {
      const client = await connect({ port: server.clientPort, jwt: trial.user().jwt });
      const stream = {
        name: 'S',
        subjects: ['s'],
        storage: 'file',
        retention: 'limits',
        num_replicas: 1,
        max_bytes: 1_000,
      };
      await asking(client)('$JS.API.STREAM.CREATE.S', JSON.stringify(stream));
      const watched = watchingLive(check, targetsOf(server));
      expect(worse(await watched.look(minutes(0)))).toEqual([]);
      await client.closed;
      const expired = (await looks(watched, 1))[0];
      expect(told(expired, 'ACCOUNTS_104')).toEqual([]);
      // Within the second in which it expires the account would be loaded once more.
      const expiresBy = Date.now() + 1_500;
      await waitUntil(
        'that second to be over',
        () => Date.now(),
        (now) => now > expiresBy,
      );
      await server.restart();
      const isIll = version !== '2.9.10';
      await waitUntil(
        'the health that a server has with such streams',
        async () => (await fetch(`${server.monitoringUrl}/healthz`)).status,
        (status) => status === (isIll ? 503 : 200),
      );
      const after = (await looks(watched, 2)).at(-1);
      expect(worse(after)).toEqual(['ACCOUNTS_102 critical TRIAL']);
      expect(told(after, 'ACCOUNTS_104')).toHaveLength(isIll ? 1 : 0);
    } finally {
      await server.stop();
    }
  });
});

describe.each(natsVersions)('accounts of a configuration on a real server of %s', (version) => {
  const lines = (more: string) => `accounts {
  SHOP { users: [{ user: shop, password: shop }], exports: [{ stream: "orders.>" }${more}] }
  APP { users: [{ user: app, password: app }], imports: [{ stream: { account: SHOP, subject: "orders.>" } }] }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`;

  it('have no finding but for what nobody imports, and for accounts that come', async () => {
    const server = await startNatsServer({ version, name: 'n1', config: () => lines('') });
    try {
      const client = await connect({ port: server.clientPort, user: 'app', pass: 'app' });
      const watched = watchingLive(check, targetsOf(server), {
        cluster: { expect: { accounts: ['APP', 'SHOP'] } },
      });
      expect((await looks(watched, 2)).flatMap(({ found }) => found)).toEqual([]);
      await server.reload(() =>
        lines(', { service: "prices" }').replace('accounts {', 'accounts {\n  NEW {}'),
      );
      const look = (await looks(watched, 1))[0];
      expect(told(look, 'CHANGE_003')).toEqual(['1 account added: NEW.']);
      const later = (await looks(watched, 13)).at(-1);
      expect(told(later, 'ACCOUNTS_004')).toEqual(['Account SHOP has 1 export that no account imports.']);
      expect(told(later, 'CHANGE_003')).toEqual([]);
      expect(worse(later)).toEqual([]);
      await client.end();
    } finally {
      await server.stop();
    }
  });

  it('that import a stream hear it through a leafnode too', async () => {
    const hub = await startNatsServer({
      ...{ version, name: 'hub' },
      config: ({ leaf }) => `${lines('')}
leafnodes { listen: "${loopback}:${leaf}", authorization { users: [{ user: leaf, password: leaf, account: APP }] } }`,
    });
    const edge = await startNatsServer({
      ...{ version, name: 'edge' },
      config: () => `leafnodes { remotes: [{ url: "nats://leaf:leaf@${loopback}:${hub.leafPort}" }] }`,
    });
    try {
      await waitUntil(
        'the leafnode',
        async () => ((await hub.get('/leafz')) as { readonly leafnodes: number }).leafnodes,
        (count) => count === 1,
      );
      const answer = async () => {
        const watched = watchingLive(check, targetsOf(hub), { cluster: { expect: { imports: ['APP'] } } });
        return answersOf(await watched.look(), 'ACCOUNTS_005')['cluster']?.outcome;
      };
      const isCounted = version !== '2.9.10';
      expect(await answer()).toBe(isCounted ? 'warning' : 'not-applicable');
      const listener = await connect({ port: edge.clientPort });
      listener.subscribe('orders.new');
      await listener.flush();
      await waitUntil(
        'the hub to know',
        answer,
        (outcome) => outcome === (isCounted ? 'ok' : 'not-applicable'),
      );
      await listener.end();
    } finally {
      await Promise.all([edge, hub].map((server) => server.stop()));
    }
  });

  it('may be the global one alone', async () => {
    const server = await startNatsServer({ version, name: 'n1' });
    try {
      const taken = await looks(watchingLive(check, targetsOf(server)), 3);
      expect(taken.flatMap(({ found }) => found)).toEqual([]);
      expect(taken.at(-1)?.outcomes).toEqual({ cluster: 'ok', n1: 'ok' });
    } finally {
      await server.stop();
    }
  });
});
