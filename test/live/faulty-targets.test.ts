import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes, seconds } from '../../lambdas/durations.ts';
import type { FailureCode } from '../../lambdas/readings/reading.ts';
import { emptyPlan } from '../../lambdas/rules/plan.ts';
import { listen, serve, serveTcp } from '../adapters/http/servers.ts';
import { closedRows, ringReaches, varz } from '../scenes/observed.ts';
import { startTwoHubs, type TwoHubs } from '../scenes/two-hubs.ts';
import { alertOf, planOf } from '../rules/planned.ts';
import { refusal } from '../services/nats-client.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

let scene: TwoHubs;
beforeAll(async () => {
  scene = await startTwoHubs({ version: '2.15.1', hubConfig: { hub2: 'max_connections: 10' } });
  const { connections } = await varz(scene.hub2);
  const room = Array.from({ length: 10 - connections }, () => scene.client(scene.hub2, { name: 'web' }));
  await Promise.all(room);
});
afterAll(() => scene.stop());

/** Something to find on both hubs: a client that leaves hub1, and one that hub2 has no room for. */
async function happen(): Promise<void> {
  const { hub1, hub2, client } = scene;
  const before = await Promise.all([hub1, hub2].map(async (hub) => (await closedRows(hub)).length));
  await (await client(hub1, { name: 'job' })).end();
  await refusal({ port: hub2.clientPort, name: 'web', user: 'app', pass: 'app' });
  await Promise.all([hub1, hub2].map((hub, i) => ringReaches(hub, (before[i] ?? 0) + 1)));
}

/** Healthy servers answer within it on a busy machine too. */
const deadline = seconds(3);

/** Two looks of every check, of both hubs and of a third target if given, with something happening in between. */
function watchingHubs(clock: () => number, third?: { readonly name: string; readonly url: string }) {
  const [hub1, hub2] = targetsOf(scene.hub1, scene.hub2);
  const watched = checks.map(({ id }) => ({
    id,
    watch: watchingLive(
      id,
      [hub1, third, hub2].filter((target) => target !== undefined),
      {
        cluster: { expect: { leafnodes: ['leaf1', 'leaf2'] } },
        http: { timeoutMs: deadline, maxBytes: 1_000_000 },
        clock,
        // Memory and CPU, which rules read, differ from one look to the other.
        plan: emptyPlan,
      },
    ),
  }));
  return async (): Promise<Readonly<Record<string, LiveLook>>> =>
    Object.fromEntries(
      await Promise.all(watched.map(async ({ id, watch }) => [id, await watch.look()] as const)),
    );
}

const ofEach = <T>(looks: Readonly<Record<string, LiveLook>>, of: (look: LiveLook) => T) =>
  Object.fromEntries(Object.entries(looks).map(([id, look]) => [id, of(look)]));
/** What was seen of the hubs, but their CPU, which differs from one reader to the next. */
const ofHubs = ({ report: { entries } }: LiveLook) =>
  entries
    .filter(({ target }) => target === 'hub1' || target === 'hub2')
    .map(({ diagnoses, ...entry }) => ({
      ...entry,
      diagnoses: diagnoses.map((each) => (each.id === 'SERVER_003' ? { ...each, seen: '' } : each)),
    }));

const faults: readonly (readonly [what: string, code: FailureCode, url: () => Promise<string>])[] = [
  [
    'refuses connections',
    'unreachable',
    async () => {
      const server = createTcpServer();
      const port = await listen(server);
      server.close();
      return `http://127.0.0.1:${port}`;
    },
  ],
  ['hangs', 'timeout', async () => `http://127.0.0.1:${await serveTcp(() => undefined)}`],
  [
    'drips',
    'timeout',
    () =>
      serve((_, response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      }),
  ],
  ['sends HTML', 'not-json', () => serve((_, response) => response.end('<html><body>welcome</body></html>'))],
  ['sends truncated JSON', 'not-json', () => serve((_, response) => response.end('{"server_id":"NA'))],
  [
    'sends wrong types',
    'unexpected-shape',
    () => serve((_, response) => response.end('{"server_id":7,"now":"yesterday","connections":"many"}')),
  ],
  ['answers 500', 'status', () => serve((_, response) => response.writeHead(500).end('{"status":"error"}'))],
  [
    'redirects to a server that would answer',
    'status',
    () =>
      serve(({ url = '' }, response) =>
        response.writeHead(302, { location: scene.hub1.monitoringUrl + url }).end(),
      ),
  ],
  [
    'never ends its body',
    'too-large',
    () =>
      serve((_, response) => {
        const more = () => {
          if (!response.destroyed) response.write('x'.repeat(100_000), () => setImmediate(more));
        };
        more();
      }),
  ],
];

describe.each(faults)('a target that %s (%s)', (_, code, url) => {
  it('is reported with its code and unknown within the deadline, beside the full results of healthy ones', async () => {
    const bad = { name: 'bad', url: await url() };
    const started = Date.now();
    const clock = () => started;
    const [without, beside] = [watchingHubs(clock), watchingHubs(clock, bad)];
    const first = performance.now();
    const [, opening] = await Promise.all([without(), beside()]);
    const took = performance.now() - first;
    await happen();
    const [expected, looks] = await Promise.all([without(), beside()]);

    expect(ofEach(looks, ofHubs)).toEqual(ofEach(expected, ofHubs));
    expect(Object.values(expected).flatMap(({ found }) => found)).toEqual(
      expect.arrayContaining(['SERVER_011 warning hub2', 'CONN_103 warning max_connections of hub2']),
    );
    expect(
      ofEach(looks, ({ report }) => report.targets.find(({ name }) => name === 'bad')?.failure?.code),
    ).toEqual(ofEach(looks, () => code));
    expect(ofEach(looks, ({ outcomes }) => outcomes['bad'])).toEqual({
      ...ofEach(looks, () => 'unknown'),
      // It asks of clusters only.
      'jetstream-meta': undefined,
      'server-up': 'critical',
    });
    expect(
      Object.values(opening).flatMap(({ reported }) => reported.filter((each) => each.includes('bad'))),
    ).toEqual(['opened SERVER_101 critical bad']);
    expect(opening['server-up']?.findings[0]?.summary).toContain(`(${code})`);
    const points = Object.values(looks).flatMap(({ datapoints }) => datapoints);
    expect(
      points
        .filter(({ labels }) => labels['server_id'] === 'bad')
        .map(({ series, value }) => [series, value]),
    ).toEqual([['up', 0]]);
    expect(took).toBeLessThan(minutes(1));
  });
});

it('a body of more than 64 MiB is too large for every check', async () => {
  const url = await serve((_, response) => {
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(4_000_000, 'x'), more);
    };
    more();
  });
  const [look] = await watchingLive('connection-count', [{ name: 'bad', url }]).looks(1);
  expect(look?.report.targets[0]?.failure).toEqual({
    code: 'too-large',
    message: `bad /varz: reply larger than 67108864 bytes from ${url} (ask for smaller pages)`,
  });
});

it('an endpoint that fails on a server that is up is unknown quietly, a warning after 15 minutes, then resolved', async () => {
  let isBroken = false;
  const url = await serve(({ url: path = '' }, response) => {
    if (isBroken && path.startsWith('/leafz')) response.writeHead(502).end();
    else
      scene.hub1.get(path).then(
        (json) => response.end(JSON.stringify(json)),
        () => response.destroy(),
      );
  });
  const watch = watchingLive('leafnode-connections', [{ name: 'hub1', url }]);
  expect((await watch.look()).outcomes).toMatchObject({ hub1: 'ok' });
  isBroken = true;
  const failing = await watch.looks(17);
  expect(failing.map((look) => answersOf(look, 'LEAF_103')['hub1'])).toEqual(
    failing.map(() => ({
      outcome: 'unknown',
      seen: `hub1 /leafz: answered 502 from ${url} (a proxy or load balancer in place of the server)`,
    })),
  );
  expect(failing.flatMap(({ reported }, i) => reported.map((each) => [i, each]))).toEqual([
    [15, 'opened SERVER_102 warning /leafz'],
  ]);
  expect(failing[15]?.findings[0]?.summary).toBe(
    'hub1 answers /varz; its /leafz answers with HTTP status 502 (status).',
  );
  isBroken = false;
  expect((await watch.looks(6)).flatMap(({ reported }) => reported)).toEqual([
    'resolved SERVER_102 warning /leafz',
  ]);
});

describe('a target that answers with a count that no server can have', () => {
  /** What every check says of hub1 whose `/varz` is changed on the way, and what it publishes: `connections` if at all. */
  async function looked(changes: object) {
    const url = await serve(({ url: path = '' }, response) => {
      scene.hub1.get(path).then(
        (json) => response.end(JSON.stringify(path === '/varz' ? { ...(json as object), ...changes } : json)),
        () => response.destroy(),
      );
    });
    const looks = await Promise.all(
      checks.map(({ id }) => watchingLive(id, [{ name: 'hub1', url }], { plan: odd }).look()),
    );
    const answers = looks.flatMap(({ report }) =>
      report.entries.flatMap(({ target, diagnoses }) =>
        diagnoses.map(({ id, outcome, seen }) => ({ of: `${id} ${target ?? 'cluster'}`, outcome, seen })),
      ),
    );
    return {
      outcomes: Object.fromEntries(answers.map(({ of, outcome }) => [of, outcome] as const)),
      said: answers.filter(({ seen }) => seen.includes('expected count')).map(({ of }) => of),
      published: looks.flatMap(({ datapoints }) => datapoints.map(({ series }) => series)),
    };
  }
  const odd = planOf([alertOf('Crowd', 'gnatsd_varz_connections + 0 > 1000')]);

  it('is up, and unknown alone to what decides on it, of diagnoses and rules', async () => {
    const [healthy, now] = await Promise.all([looked({}), looked({ connections: -3 })]);
    const affected = [
      ...['SERVER_103 hub1', 'SERVER_011 hub1', 'CLUSTER_006 hub1', 'CONN_105 hub1'],
      ...['CONN_115 cluster', 'Crowd hub1', 'RULE_101 cluster'],
    ];
    expect(now.said.toSorted()).toEqual([...affected].sort());
    expect(now.outcomes).toEqual({
      ...healthy.outcomes,
      ...Object.fromEntries(affected.map((of) => [of, 'unknown'])),
    });
    expect(now.outcomes['SERVER_101 hub1']).toBe('ok');
    expect(healthy.published.filter((series) => !now.published.includes(series)).toSorted()).toEqual([
      'gnatsd_connz_num_connections',
      'nats_rule',
    ]);
  });
});
