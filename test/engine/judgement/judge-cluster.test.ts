import { describe, expect, it } from 'vitest';
import {
  above,
  defineDiagnosis,
  from,
  fromEach,
  increase,
  measured,
  minutes,
  nothing,
  set,
  unknown,
  type ClusterView,
  type Context,
  type Diagnosis,
  type Reads,
} from '../../../lambdas/define.ts';
import type { HistorySpecs } from '../../../lambdas/history/history.ts';
import type { Limits } from '../../../lambdas/limits.ts';
import { historyKeys } from '../../../lambdas/engine/judgement/judge.ts';
import { decodedVarz, failing, firstMinute, leafz, server, varz, watching } from '../../kit.ts';
import { judged } from './judged.ts';
import { commands, crowded } from '../samples.ts';

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
        [
          {
            limit: 'missing',
            entity: { kind: 'cluster', name: 'c1' },
            value: Math.max(0, 1 - all),
            data: null,
          },
        ],
        { conclusive },
      );
    },
    describe: () => ({ summary: 'No leafnode.', evidence: [], commands }),
  }),
  ...changes,
});
const hub = (name: string, leafnodes: number) =>
  server(name, { leafz: leafz(...Array.from({ length: leafnodes }, () => ({}))) });

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
      seen: { cluster: '2 leafnodes on 1 servers, 1 unread; n2 could not be read' },
    });
  });

  it('is not ok beside a server that is too old to show what it asks', () => {
    expect(watching(whole()).look([hub('n1', 2), old('n2')])).toMatchObject({
      outcomes: { cluster: 'unknown' },
      seen: { cluster: '2 leafnodes on 1 servers, 1 unread; n2 is too old to show it' },
    });
  });

  it('is ok beside one that has no part in what it asks, and does not apply where all have none', () => {
    const apart = whole({ reads: { leafz: fromEach('2.10.0') } });
    expect(watching(apart).look([hub('n1', 2), old('n2')])).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: '2 leafnodes on 1 servers, 0 unread' },
    });
    expect(watching(apart).look([hub('n1', 2), old('n2'), silent('n3')]).outcomes).toEqual({
      cluster: 'unknown',
    });
    expect(watching(apart).look([old('n1'), old('n2')]).outcomes).toEqual({ cluster: 'not-applicable' });
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

describe('a count that cannot be', () => {
  const connected = whole({
    evaluate: (({ servers, unread }, { cluster }) => {
      const all = servers.reduce((sum, { varz: { leafnodes } }) => sum + leafnodes, 0);
      const [silent] = unread;
      if (all === 0 && silent !== undefined) return unknown(`none, but ${silent.target.name} is unread`);
      const value = Math.max(0, 1 - all);
      const entity = { kind: 'cluster', name: cluster.name } as const;
      return measured(`${all} leafnodes`, [{ limit: 'missing', entity, value, data: null }]);
    }) satisfies (view: ClusterView<Reads, HistorySpecs>, context: Context<Limits>) => unknown as never,
  });
  const of = (name: string, leafnodes: number) =>
    server(name, { varz: decodedVarz({ leafnodes }), leafz: leafz() });
  const problem = 'leafnodes: expected count, received number -3';

  it('is as if its server could not be read, and says why', () => {
    expect(watching(connected).look([of('n1', -3), of('n2', 2), of('n3', 1)])).toMatchObject({
      outcomes: { cluster: 'unknown' },
      seen: { cluster: `3 leafnodes; n1 (/varz: ${problem}) could not be read` },
    });
    expect(watching(connected).look([of('n1', 0), of('n2', -3)]).seen).toEqual({
      cluster: `none, but n2 is unread; n2 /varz: ${problem}`,
    });
    expect(watching(connected).look([of('n1', -3)]).seen).toEqual({ cluster: `n1 /varz: ${problem}` });
    expect(watching(connected).look([of('n1', 0), of('n2', 3)]).seen).toEqual({ cluster: '3 leafnodes' });
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
    expect(Object.keys(history).filter((key) => !historyKeys(diagnosis, ['n1', 'n2']).includes(key))).toEqual(
      [],
    );
  });

  it('of a server that could not be read are left as they were', () => {
    const { history } = judged(counting('server'), [silent('n1')]);
    expect(history).toEqual({});
  });
});
