import { describe, expect, it } from 'vitest';
import { collect, endpointsOf, readDetails, type ServerIds } from '../../lambdas/run/collect.ts';
import { attempted, defineSeries, from, hours, minutes, seconds } from '../../lambdas/define.ts';
import type { Cursor } from '../../lambdas/readings/closed-ring/cursor.ts';
import { noConfigs } from '../../lambdas/readings/learned-configs.ts';
import { closingServer } from '../readings/closing-server.ts';
import {
  checkOf,
  fakeWorld,
  rawConnz,
  rawVarz,
  target,
  watchOf,
  type Answers,
} from '../engine/fake-ports.ts';
import { crowded } from '../engine/samples.ts';
import { failing, firstMinute } from '../kit.ts';

const check = checkOf({ diagnoses: [crowded({ reads: { closed: from() } })] });

/** What one run reads of server n1, and the cursor it leaves. */
async function reading(answers: Answers, cursor?: Cursor, now: () => number = () => firstMinute) {
  const world = fakeWorld({ n1: answers });
  const before = {
    at: firstMinute,
    known: [],
    cursors: cursor ? { [cursor.serverId]: cursor } : {},
    configs: noConfigs,
    isFound: false,
  };
  const { snapshot, cursors } = await collect(check, watchOf(check), { ...world.ports(), now }, before);
  const closed = snapshot.servers[0]?.readings.closed;
  return {
    readings: snapshot.servers[0]?.readings,
    cids: closed?.ok ? closed.value.rows.map(({ cid }) => cid) : null,
    failure: closed?.ok === false ? closed.failure : null,
    cursor: Object.values(cursors)[0],
    servers: snapshot.servers[0]?.answering?.servers.map(({ id }) => id),
    varzReads: world.reads.filter((read) => read.endsWith('/varz')).length,
    pages: world.reads.filter((read) => read.includes('closed')).map((read) => read.split('sort=stop&')[1]),
  };
}

describe('a check reads', () => {
  it('what its diagnoses and series read, each once, and /varz always', () => {
    const series = defineSeries({
      name: 'up',
      help: '',
      unit: 'count',
      scope: 'server',
      reads: { varz: attempted, healthz: attempted },
      observe: () => 1,
    });
    const diagnoses = [
      crowded({ reads: { closed: from() } }),
      crowded({ reads: { closed: from(), leafz: from() } }),
    ];
    expect(endpointsOf(checkOf({ diagnoses, series: [series] }))).toEqual([
      'varz',
      'closed',
      'leafz',
      'healthz',
    ]);
    expect(endpointsOf(checkOf({}))).toEqual(['varz']);
  });

  it('every server, a failure in place of what could not be read', async () => {
    const world = fakeWorld({ n1: { closed: failing('not-json') }, n2: { varz: failing('tls') } });
    const before = { at: firstMinute, known: [], cursors: {}, configs: noConfigs, isFound: false };
    const { snapshot, cursors } = await collect(check, watchOf(check, ['n1', 'n2']), world.ports(), before);
    expect(snapshot.at).toBe(firstMinute);
    expect(
      snapshot.servers.map(({ target: { name }, readings: { varz, closed } }) => [
        name,
        varz?.ok,
        closed?.ok,
      ]),
    ).toEqual([
      ['n1', true, false],
      ['n2', false, false],
    ]);
    expect(cursors).toEqual({});
  });
});

describe('the closed ring', () => {
  it('is asked for page by page, newest rows first', async () => {
    const server = closingServer();
    server.close(1_500);
    const { pages, cids } = await reading({ closed: server.page });
    expect(pages).toEqual(['limit=256&offset=0', 'limit=1024&offset=256', 'limit=4096&offset=1280']);
    expect(cids?.length).toBe(1_500);
  });

  it('is asked from where the last run ended', async () => {
    const server = closingServer();
    server.close(1_500);
    server.pass(minutes(1));
    const first = await reading({ closed: server.page });
    server.pass(minutes(1));
    const [fresh] = server.close();
    server.pass(minutes(1));
    const second = await reading({ closed: server.page }, first.cursor);
    expect([second.cids, second.pages]).toEqual([[fresh], ['limit=256&offset=0']]);
  });

  it('has times by the clock of the run, though the clock of its server is another', async () => {
    const server = closingServer();
    server.close();
    server.pass(seconds(20));
    const { readings } = await reading({ closed: server.page }, undefined, () => 1_000_000);
    const rows = readings?.closed?.ok ? readings.closed.value.rows : [];
    expect(rows.map(({ stoppedAt }) => stoppedAt)).toEqual([1_000_000 - seconds(20)]);
  });

  it('that fails at a later page counts no row, and the next run has them all', async () => {
    const server = closingServer();
    server.close(300);
    const broken = await reading({
      closed: (page) =>
        page.offset === 0 ? server.page(page) : { ...server.page(page), num_connections: -1 },
    });
    expect([broken.failure?.code, broken.cursor]).toEqual(['unexpected-shape', undefined]);
    expect((await reading({ closed: server.page }, broken.cursor)).cids?.length).toBe(300);
  });

  it('that shows no row where it says it holds some is not taken for an empty one', async () => {
    const server = closingServer();
    server.close(300);
    const { failure, cursor } = await reading({
      closed: (page) => ({ ...server.page(page), num_connections: 0, connections: [] }),
    });
    expect([failure, cursor]).toEqual([
      {
        code: 'unexpected-shape',
        message: 'n1 /connz?state=closed: no rows from 0 on, where 300 are held',
      },
      undefined,
    ]);
  });

  it('of a server that restarts between two pages is not mixed with the ring before', async () => {
    const server = closingServer();
    server.close(300);
    const { failure, cursor } = await reading({
      closed(page) {
        if (page.offset > 0) server.restart();
        return server.page(page);
      },
    });
    expect([failure, cursor]).toEqual([
      {
        code: 'another-server',
        message:
          'n1 /connz?state=closed&sort=stop&limit=1024&offset=256: answered by server n1-process6, while /varz was ' +
          'answered by n1-process1: it restarted, or the URL leads to several servers',
      },
      undefined,
    ]);
  });

  it('is given up after 20 s of pages', async () => {
    const server = closingServer();
    server.close(10_000);
    let now = firstMinute;
    const slow: Answers = {
      closed(page) {
        now += seconds(7);
        return server.page(page);
      },
    };
    const { failure, pages } = await reading(slow, undefined, () => now);
    expect(failure).toEqual({
      code: 'timeout',
      message: 'n1 /connz?state=closed: 3 pages took longer than 20 s',
    });
    expect(pages.length).toBe(3);
  });

  it('is not given up where the last page came late', async () => {
    const server = closingServer();
    server.close(10);
    let now = firstMinute;
    const slow: Answers = {
      closed(page) {
        now += seconds(21);
        return server.page(page);
      },
    };
    expect((await reading(slow, undefined, () => now)).cids?.length).toBe(10);
  });

  it('does not count without /varz, and waits for the next run', async () => {
    const server = closingServer();
    server.close(3);
    const { failure, cursor } = await reading({ varz: failing('timeout'), closed: server.page });
    expect([failure, cursor]).toEqual([
      { code: 'timeout', message: 'not counted without /varz: no reply: timeout' },
      undefined,
    ]);
  });
});

describe('details', () => {
  const requests = [
    { target: target('n1'), endpoint: 'connz', limit: 1_100 },
    { target: target('n1'), endpoint: 'leafzSubs', account: 'A&B' },
    { target: target('n2'), endpoint: 'connz', limit: 5 },
  ] as const;

  it('are read as asked, and what fails is reported beside the others', async () => {
    const world = fakeWorld({ n1: {}, n2: { connz: failing('timeout') } });
    const details = await readDetails(world.ports().source, requests, new Map([['n1', 'n1-process1']]));
    expect(world.reads).toEqual([
      'n1 /connz?auth=1&sort=cid&limit=1100',
      'n1 /leafz?subs=1&acc=A%26B',
      'n2 /connz?auth=1&sort=cid&limit=5',
    ]);
    expect([details.connz.length, details.leafzSubs.length, details.failures]).toEqual([
      1,
      1,
      [{ code: 'timeout', message: 'no reply: timeout' }],
    ]);
  });
});

describe('details of a URL that leads to several servers', () => {
  const connz = [{ target: target('n1'), endpoint: 'connz', limit: 5 }] as const;
  /** What is had of connections where these servers answer one after another, the last again and again. */
  const detailsOf = async (by: readonly string[], answered: ServerIds) => {
    let turn = 0;
    const page = {
      ...rawConnz,
      get server_id() {
        return by[turn++] ?? by.at(-1);
      },
    };
    const world = fakeWorld({
      n1: {
        paths: {
          get '/connz'() {
            return { ...page };
          },
        },
      },
    });
    const { connz: had, failures } = await readDetails(world.ports().source, connz, answered);
    return {
      had: had.map(({ server_id }) => server_id),
      failures: failures.map(({ message }) => message),
      asked: world.reads.length,
    };
  };
  const ofA = new Map([['n1', 'A']]);

  it('are of the server that the finding is of', async () => {
    expect(await detailsOf(['A'], ofA)).toEqual({ had: ['A'], failures: [], asked: 1 });
    expect(await detailsOf(['B', 'A'], ofA)).toEqual({ had: ['A'], failures: [], asked: 2 });
  });

  it('are none where always another answers, and whoever answers where nobody is known', async () => {
    expect(await detailsOf(['B'], ofA)).toEqual({
      had: [],
      failures: [
        'n1 /connz?auth=1&sort=cid&limit=5: answered by server B, while /varz was answered by A: it restarted, or the ' +
          'URL leads to several servers',
      ],
      asked: 5,
    });
    expect(await detailsOf(['B'], new Map())).toEqual({ had: ['B'], failures: [], asked: 1 });
  });
});

describe('a target whose URL leads to several servers', () => {
  const [a, b] = ['n1-process1', 'NB'];
  /** What a balancer gives for the n-th request of each endpoint: which server. */
  const balanced = (turns: Readonly<Record<'varz' | 'closed', readonly string[]>>): Answers => {
    const server = closingServer();
    server.close(2);
    const counts = { varz: 0, closed: 0 };
    const next = (endpoint: keyof typeof turns) =>
      turns[endpoint][counts[endpoint]++] ?? turns[endpoint].at(-1) ?? '';
    const page = { ...server.page({ offset: 0, limit: 256 }) };
    const time = (ms: number) => new Date(ms).toISOString();
    const rows = page.connections.map((row) => ({ ...row, start: time(row.start), stop: time(row.stop) }));
    return {
      paths: {
        get '/varz'() {
          return { ...rawVarz, server_id: next('varz') };
        },
        get '/connz'() {
          return { ...page, now: time(page.now), connections: rows, server_id: next('closed') };
        },
      },
    };
  };

  it('has its ring read of the server that answered /varz, asked for again where another answered', async () => {
    const { cids, servers } = await reading(balanced({ varz: [a], closed: [b, b, a] }));
    expect([cids?.length, servers]).toEqual([2, [a, b]]);
  });

  it('has it not read, and counts nothing, where always another answers: a proxy by path', async () => {
    const { failure, cursor, servers } = await reading(balanced({ varz: [a], closed: [b] }));
    expect([failure?.code, cursor, servers]).toEqual(['another-server', undefined, [a, b]]);
  });

  it('is asked for /varz once where all is well', async () => {
    const server = closingServer();
    const { servers, varzReads } = await reading({ closed: server.page });
    expect([servers, varzReads]).toEqual([[a], 1]);
  });
});

describe('a server of which /varz alone is read', () => {
  const ofVarz = checkOf({ diagnoses: [crowded({})] });
  /** How often it is asked for its `/varz`, that many runs after the first of an hour, where these had answered before. */
  const askedFor = async (runs: number, knownAt: readonly string[]) => {
    const world = fakeWorld({ n1: {} });
    const known = knownAt.map((id, i) => ({
      ...{ slot: `n1 ${i}`, id, name: null, start: 0, now: firstMinute, seenAt: firstMinute, former: [] },
      targets: { n1: firstMinute },
    }));
    const at = Math.ceil(firstMinute / hours(1)) * hours(1) + minutes(runs);
    const before = { at, known, cursors: {}, configs: noConfigs, isFound: false };
    await collect(ofVarz, watchOf(ofVarz), world.ports(), before);
    return world.reads.length;
  };

  it('is asked twice at once until one alone is known to answer, and where several are', async () => {
    expect([await askedFor(1, []), await askedFor(1, ['A']), await askedFor(1, ['A', 'B'])]).toEqual([
      2, 1, 2,
    ]);
  });

  it('is asked twice in each fifth run all the same', async () => {
    const runs = [3, 4, 5, 6, 10].map((n) => askedFor(n, ['A']));
    expect(await Promise.all(runs)).toEqual([1, 1, 2, 1, 2]);
  });
});
