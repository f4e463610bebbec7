import { describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { run } from '../../lambdas/run/run.ts';
import { closingServer } from '../readings/closing-server.ts';
import { fakeWorld, minute, watchOf, type Answers } from '../engine/fake-ports.ts';

type Varz = Readonly<Record<string, unknown>>;

/** What the second look of every check at two servers says and publishes, n1 answering with these changes by then. */
async function look(changes: Varz) {
  const ring = closingServer();
  const answers = (more: Varz): Answers => ({
    closed: (page) => ring.page(page),
    varz: { cluster: { name: 'C', cluster_port: 6222 }, remotes: 1, max_connections: 100, ...more },
  });
  const looks = await Promise.all(
    checks.map(async (check) => {
      const world = fakeWorld({ n1: answers({}), n2: answers({ server_name: 'n2' }) });
      const watch = watchOf(check, ['n1', 'n2']);
      const expecting = { ...watch, facts: { ...watch.facts, expect: { leafnodes: 1 } } };
      await run(check, expecting, world.ports(), minute(0));
      world.taken.datapoints.length = 0;
      world.answers = { ...world.answers, n1: answers(changes) };
      const report = await run(check, expecting, world.ports(), minute(1));
      const said = (report?.entries ?? []).flatMap(({ target, diagnoses }) =>
        diagnoses.map(({ id, outcome, seen }) => {
          const which = id === 'SERVER_102' ? `${id} of ${check.id}` : id;
          return [`${which} ${target ?? 'cluster'}`, `${outcome}: ${seen}`] as const;
        }),
      );
      const points = world.taken.datapoints.map(({ series, labels, value }) => {
        const words = Object.entries(labels).map(([label, word]) => `${label}=${word}`);
        return [[series, ...words].join(' '), value] as const;
      });
      return { said, points };
    }),
  );
  return {
    said: Object.fromEntries(looks.flatMap(({ said }) => said)),
    points: Object.fromEntries(looks.flatMap(({ points }) => points)),
  };
}

/** What differs from a healthy server's: answers that are others, and series of which nothing is published. */
async function differences(changes: Varz) {
  const [healthy, now] = await Promise.all([look({}), look(changes)]);
  const others = Object.entries(now.said).filter(([which, words]) => healthy.said[which] !== words);
  const unpublished = Object.keys(healthy.points).filter((series) => !(series in now.points));
  expect(now.points).toEqual(
    Object.fromEntries(Object.entries(healthy.points).filter(([series]) => !unpublished.includes(series))),
  );
  return { others: Object.fromEntries(others), unpublished };
}

const connections = 'gnatsd_connz_num_connections cluster=c1 server_id=n1';
const leafnodes = 'gnatsd_varz_leafnodes cluster=c1 server_id=n1';
const stale = 'gnatsd_varz_stale_connections cluster=c1 server_id=n1';

describe('a figure that no server can have', () => {
  it.each([
    ['connections', ['SERVER_103', 'SERVER_011', 'CLUSTER_006', 'CONN_105'], ['CONN_115'], [connections]],
    ['total_connections', ['CONN_105'], ['CONN_115'], []],
    ['leafnodes', ['SERVER_103'], ['LEAF_101'], [connections, leafnodes]],
    ['remotes', [], [], []],
    ['stale_connections', [], [], [stale]],
    ['subscriptions', [], [], []],
    ['routes', [], [], []],
    ['mem', [], [], []],
    ['cores', [], [], []],
    ['gomaxprocs', ['SERVER_003'], [], []],
    ['in_msgs', [], [], []],
    ['out_msgs', [], [], []],
    ['in_bytes', [], [], []],
    ['out_bytes', [], [], []],
    ['slow_consumers', [], [], []],
    ['stalled_clients', ['SERVER_013'], [], []],
  ])(
    'makes unknown what decides on it, with its name and value, and nothing else: %s',
    async (field, ofServer, ofCluster, unpublished) => {
      const problem = `${field}: expected count, received number -3`;
      const found = await differences({ [field]: -3 });
      const said = (id: string) => found.others[`${id} cluster`] ?? '';
      expect(found).toEqual({
        others: Object.fromEntries([
          ...ofServer.map((id) => [`${id} n1`, `unknown: n1 /varz: ${problem}`] as const),
          ...ofCluster.map((id) => [`${id} cluster`, said(id)] as const),
        ]),
        unpublished,
      });
      for (const id of ofCluster) expect(said(id)).toMatch(new RegExp(`^unknown: .*/varz: ${problem}`));
    },
  );

  it.each(['clients', 'routes', 'gateways', 'leafs'])('may be one of several: stale %s', async (kind) => {
    const stats = { clients: 0, routes: 0, gateways: 0, leafs: 0, [kind]: 2 ** 65 };
    const problem = `stale_connection_stats.${kind}: expected count, received number ${2 ** 65}`;
    expect(await differences({ stale_connection_stats: stats })).toEqual({
      others: { 'SERVER_012 n1': `unknown: n1 /varz: ${problem}` },
      unpublished: [],
    });
  });

  it.each([
    [
      'slow_consumer_stats.routes',
      { slow_consumer_stats: { clients: 0, routes: -3, gateways: 0, leafs: 0 } },
      'SERVER_004 n1',
    ],
    ['disk_io_wait_stats.waits', { disk_io_wait_stats: { waits: -3, wait_time: 0 } }, 'SERVER_134 n1'],
  ])('may be one of several: %s', async (field, changes, which) => {
    expect(await differences(changes)).toEqual({
      others: { [which]: `unknown: n1 /varz: ${field}: expected count, received number -3` },
      unpublished: [],
    });
  });

  it('may be memory, of which a limit is known', async () => {
    const problem = 'unknown: n1 /varz: mem: expected count, received number -3';
    expect(await differences({ mem: -3, gomemlimit: 2 ** 30 })).toEqual({
      others: { 'SERVER_141 n1': problem, 'SERVER_142 n1': problem },
      unpublished: [],
    });
  });

  it.each([-3, 1e9])('may be a share of CPU: %d', async (cpu) => {
    expect(await differences({ cpu })).toEqual({
      others: { 'SERVER_003 n1': `unknown: n1 /varz: cpu: expected percentage, received number ${cpu}` },
      unpublished: [],
    });
  });

  it.each([
    [2 ** 16 * 100, 1, 'warning'],
    [2 ** 16 * 100 + 1, 1, 'unknown'],
    [50, 2 ** 16, 'ok'],
    [50, 2 ** 16 + 1, 'unknown'],
  ])('begins where no machine has so many processors: %d %% of %d', async (cpu, gomaxprocs, outcome) => {
    const { said } = await look({ cpu, gomaxprocs });
    expect(said['SERVER_003 n1']?.split(':')[0]).toBe(outcome === 'warning' ? 'ok' : outcome);
    expect(said['SERVER_003 n1']?.includes('not for long enough')).toBe(outcome === 'warning');
  });

  it.each([
    [2 ** 52, 'ok'],
    [2 ** 52 + 1, 'unknown'],
    [9e18, 'unknown'],
  ])('begins where no machine has so much memory: %d bytes', async (mem, outcome) => {
    const { said } = await look({ mem, gomemlimit: 2 ** 53 });
    expect(said['SERVER_142 n1']?.split(':')[0]).toBe(outcome);
  });

  it.each([
    [0, 'ok'],
    [2 ** 31, 'warning'],
    [2 ** 31 + 1, 'unknown'],
    [2 ** 63, 'unknown'],
    [0.5, 'unknown'],
  ])('begins where no process can hold so many: %d connections', async (open, outcome) => {
    const { said } = await look({ connections: open });
    expect(said['SERVER_011 n1']?.split(':')[0]).toBe(outcome);
  });

  it.each([
    [0, 'ok'],
    [2 ** 64, 'ok'],
    [2 ** 65, 'unknown'],
  ])('begins where no 64 bits count so far: %d connections in all', async (total, outcome) => {
    const { said } = await look({ total_connections: total });
    expect(said['CONN_105 n1']?.split(':')[0]).toBe(outcome);
  });

  it('does not hide what the server is: up, and read', async () => {
    const { said, points } = await look({ connections: -3 });
    expect([said['SERVER_101 n1'], points['up cluster=c1 server_id=n1']]).toEqual(['ok: up, 2.15.1', 1]);
  });
});
