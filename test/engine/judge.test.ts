import { describe, expect, it } from 'vitest';
import {
  above,
  attempted,
  defineDiagnosis,
  from,
  increase,
  measured,
  minutes,
  nothing,
  notApplicable,
  set,
  unknown,
  type Diagnosis,
} from '../../lambdas/define.ts';
import type { About } from '../../lambdas/engine/compose.ts';
import { historyKeys, judge, type JudgeInput } from '../../lambdas/engine/judge.ts';
import { limitBook } from '../../lambdas/engine/limit-book.ts';
import { closed, failing, firstMinute, leafz, server, varz, watching } from '../kit.ts';
import { client, commands, crowded, each } from './samples.ts';

const n1 = server('n1', { varz: varz({ connections: 5 }) });
const silent = (name: string) => server(name, { varz: failing() });
const old = (name: string) => server(name, { varz: varz({ version: '2.9.10' }) });

/** Leafnodes of all servers that could be read; fewer than one is critical. */
const whole = (changes: Partial<Diagnosis> = {}, { conclusive = false } = {}): Diagnosis => ({
  ...defineDiagnosis({
    id: 'LEAF_900',
    title: 'Leafnodes',
    scope: 'cluster',
    reads: { leafz: from('2.10.0') },
    history: {},
    limits: { missing: above({ critical: 0 }, { unit: 'count', of: 'leafnodes' }) },
    for: minutes(0),
    why: '',
    remedy: '',
    evaluate({ servers, unread }) {
      const all = servers.reduce((sum, view) => sum + view.leafz.leafnodes, 0);
      const seen = `${all} leafnodes on ${servers.length} servers, ${unread.length} unread`;
      return measured(
        seen,
        [{ limit: 'missing', entity: { kind: 'cluster', name: 'c1' }, value: 1 - all, data: null }],
        { conclusive },
      );
    },
    describe: () => ({ summary: 'No leafnode.', evidence: [], commands }),
  }),
  ...changes,
});
const hub = (name: string, leafnodes: number) =>
  server(name, { leafz: leafz(...Array.from({ length: leafnodes }, () => ({}))) });

/** What one diagnosis on one snapshot is given and answers. */
function judged(
  diagnosis: Diagnosis,
  servers: Parameters<typeof judge>[1]['servers'],
  changes: Partial<JudgeInput> = {},
) {
  const about: About = {
    facts: { name: 'c1', labels: {}, expect: {}, maxClosedClients: 10_000, closeReasons: {} },
    book: limitBook([diagnosis], {}).book,
    at: firstMinute,
    firstRun: false,
  };
  return judge(diagnosis, { at: firstMinute, servers }, { ...about, history: {}, ...changes });
}

describe('a diagnosis of each server', () => {
  it('answers for every one, and never calls silence healthy', () => {
    const look = watching(crowded()).look([n1, silent('n2')]);
    expect([look.outcomes, look.seen]).toEqual([
      { n1: 'ok', n2: 'unknown' },
      { n1: '5 connections', n2: 'no reply: timeout' },
    ]);
  });

  it('is not asked of a server that is too old to show it', () => {
    const look = watching(crowded({ reads: { varz: from('2.10.0') } })).look([n1, old('n2')]);
    expect([look.outcomes['n2'], look.seen['n2']]).toEqual([
      'not-applicable',
      'nats-server 2.9.10 does not show it (from 2.10.0 on)',
    ]);
  });

  it('needs each reading that it reads', () => {
    const diagnosis = crowded({ reads: { leafz: from(), healthz: from() } });
    const look = watching(diagnosis).look([server('n1', { leafz: leafz(), healthz: failing('status') })]);
    expect([look.outcomes, look.seen]).toEqual([{ n1: 'unknown' }, { n1: 'no reply: status' }]);
  });

  it('is unknown where a reading was not made at all', () => {
    const look = watching(crowded({ reads: { leafz: from() } })).look([n1]);
    expect([look.outcomes, look.seen]).toEqual([{ n1: 'unknown' }, { n1: 'n1 /leafz: not read' }]);
  });

  it('gets the failure of a reading that it only attempts', () => {
    let given: unknown;
    const diagnosis = crowded({
      reads: { closed: attempted },
      evaluate(view) {
        given = (view as unknown as { closed: unknown }).closed;
        return nothing('looked');
      },
    });
    watching(diagnosis).look([server('n1', { closed: failing() })]);
    expect(given).toEqual(failing());
    const rows = closed([]);
    watching(diagnosis).look([server('n1', { closed: rows })]);
    expect(given).toEqual({ ok: true, value: rows });
  });

  it('sees the other servers that could be read, and which of its own readings failed', () => {
    const views: unknown[] = [];
    const diagnosis = crowded({
      evaluate(view) {
        const { target, peers, failures } = view as unknown as {
          target: { name: string };
          peers: readonly { target: { name: string } }[];
          failures: readonly { endpoint: string }[];
        };
        views.push([
          target.name,
          peers.map((peer) => peer.target.name),
          failures.map(({ endpoint }) => endpoint),
        ]);
        return nothing('looked');
      },
    });
    judged(diagnosis, [n1, server('n2', { leafz: failing(), healthz: failing() }), silent('n3')]);
    expect(views).toEqual([
      ['n1', ['n2'], []],
      ['n2', ['n1'], ['leafz', 'healthz']],
    ]);
  });

  it('may say itself that it could not see, or that it does not apply', () => {
    const says = (verdict: ReturnType<Diagnosis['evaluate']>) => {
      const look = watching(crowded({ evaluate: () => verdict })).look([n1]);
      return [look.outcomes['n1'], look.seen['n1']];
    };
    expect(says(unknown('no figure'))).toEqual(['unknown', 'no figure']);
    expect(says(notApplicable('no limit set'))).toEqual(['not-applicable', 'no limit set']);
    expect(says(nothing('all quiet'))).toEqual(['ok', 'all quiet']);
  });

  it.each([NaN, Infinity, -Infinity])('does not know what it measured as %d', (value) => {
    const look = watching(each(() => [{ entity: client('a'), value }])).look([n1]);
    expect([look.outcomes, look.seen, look.notices]).toEqual([
      { n1: 'unknown' },
      { n1: `value of a was measured as ${value}` },
      [],
    ]);
  });

  it('that measures against a limit it does not have is refused', () => {
    const diagnosis = each(() => [{ entity: client('a'), value: 1 }], {});
    expect(() => watching(diagnosis).look([n1])).toThrow(new Error('CONN_900 has no limit named value'));
  });

  it('is given the limits that settings have, the cluster, the time and whether it is the first run', () => {
    const diagnosis = crowded();
    const { book } = limitBook([diagnosis], { SERVER_900: { connections: { warning: 50 } } });
    let given: unknown;
    judged(
      {
        ...diagnosis,
        evaluate(_, context) {
          given = { ...context, limits: context.limits['connections']?.levels };
          return nothing('');
        },
      },
      [n1],
      { book, firstRun: true },
    );
    expect(given).toEqual({
      cluster: { name: 'c1', labels: {}, expect: {}, maxClosedClients: 10_000, closeReasons: {} },
      at: firstMinute,
      firstRun: true,
      limits: { warning: 50, critical: 100 },
    });
  });

  it('breaches where the limit of settings is crossed', () => {
    const watch = watching(crowded(), { limits: { SERVER_900: { connections: { warning: 4 } } } });
    expect(watch.look([n1]).findings.map(({ limit }) => limit)).toEqual([4]);
  });
});

describe('a diagnosis of a cluster', () => {
  it('answers once, for all servers', () => {
    expect(watching(whole()).look([hub('n1', 0), hub('n2', 2)])).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: '2 leafnodes on 2 servers, 0 unread' },
    });
  });

  it('is not ok beside a server that could not be read', () => {
    expect(watching(whole()).look([hub('n1', 2), silent('n2')])).toMatchObject({
      outcomes: { cluster: 'unknown' },
      seen: { cluster: '2 leafnodes on 1 servers, 1 unread' },
    });
  });

  it('is not ok beside a server that is too old to show what it asks', () => {
    expect(watching(whole()).look([hub('n1', 2), old('n2')])).toMatchObject({
      outcomes: { cluster: 'unknown' },
      seen: { cluster: '2 leafnodes on 1 servers, 1 unread' },
    });
  });

  it('is ok beside either if its answer stands whatever they hold', () => {
    const look = watching(whole({}, { conclusive: true })).look([hub('n1', 2), silent('n2'), old('n3')]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
  });

  it('finds what it finds beside a server that could not be read', () => {
    expect(watching(whole()).look([hub('n1', 0), silent('n2')]).outcomes).toEqual({ cluster: 'critical' });
  });

  it('keeps a finding open while a server cannot be read', () => {
    const watch = watching(whole(), { remembers: true });
    watch.look([hub('n1', 0), hub('n2', 0)]);
    const blind = [1, 2, 3].map(() => watch.look([hub('n1', 2), silent('n2')], minutes(5)).notices.length);
    expect(blind).toEqual([0, 0, 0]);
    const seeing = [1, 2].map(() => watch.look([hub('n1', 2), hub('n2', 0)]).notices.map(({ kind }) => kind));
    expect(seeing).toEqual([[], ['resolved']]);
  });

  it('is unknown where no server can be read, and says why', () => {
    expect(watching(whole()).look([silent('n1'), silent('n2')])).toMatchObject({
      outcomes: { cluster: 'unknown' },
      seen: { cluster: 'no reply: timeout' },
    });
  });

  it('is unknown where one server cannot be read and the other is too old', () => {
    expect(watching(whole()).look([silent('n1'), old('n2')]).outcomes).toEqual({ cluster: 'unknown' });
  });

  it('does not apply where all servers are too old', () => {
    expect(watching(whole()).look([old('n1'), old('n2')])).toMatchObject({
      outcomes: { cluster: 'not-applicable' },
      seen: { cluster: 'nats-server 2.9.10 does not show it (from 2.10.0 on)' },
    });
  });
});

describe('histories', () => {
  const counting = (scope: 'server' | 'cluster') =>
    ({
      ...crowded(),
      id: 'SERVER_901',
      scope,
      history: { total: increase(), members: set(minutes(60)) },
    }) satisfies Diagnosis;

  it('of a server are aware of its restart', () => {
    const results: unknown[] = [];
    const watch = watching(
      crowded({
        history: { total: increase() },
        evaluate(view) {
          const { history, varz: reply } = view as never as {
            history: { total: (n: number) => unknown };
            varz: { total_connections: number };
          };
          results.push(history.total(reply.total_connections));
          return nothing('');
        },
      }),
    );
    watch.look([server('n1', { varz: varz({ start: 1, total_connections: 100 }) })]);
    watch.look([server('n1', { varz: varz({ start: 1, total_connections: 107 }) })]);
    watch.look([server('n1', { varz: varz({ start: 2, total_connections: 200 }) })]);
    expect(results).toEqual([
      null,
      { value: 7, seconds: 60, restarted: false },
      { value: 200, seconds: 60, restarted: true },
    ]);
  });

  it('of servers and of the cluster as a whole are kept apart', () => {
    const diagnosis: Diagnosis = {
      ...counting('cluster'),
      evaluate(view) {
        const { servers, history } = view as never as {
          servers: readonly { target: { name: string }; history: { members: (all: string[]) => unknown } }[];
          history: { members: (all: string[]) => unknown };
        };
        for (const each of servers) each.history.members([each.target.name]);
        history.members(['all']);
        return nothing('');
      },
    };
    const { history } = judged(diagnosis, [n1, server('n2'), silent('n3')]);
    expect(
      Object.fromEntries(Object.entries(history).map(([key, { members }]) => [key, members?.state])),
    ).toEqual({
      SERVER_901: { all: [firstMinute, firstMinute] },
      'SERVER_901 n1': { n1: [firstMinute, firstMinute] },
      'SERVER_901 n2': { n2: [firstMinute, firstMinute] },
    });
    expect(
      Object.keys(history).filter(
        (key) => !historyKeys(diagnosis, [n1.target, server('n2').target]).includes(key),
      ),
    ).toEqual([]);
  });

  it('of a server that could not be read are left as they were', () => {
    const { history } = judged(counting('server'), [silent('n1')]);
    expect(history).toEqual({});
  });
});
