import { describe, expect, it } from 'vitest';
import {
  attempted,
  from,
  increase,
  nothing,
  previous,
  notApplicable,
  unknown,
  type Diagnosis,
  type Reads,
  type ServerView,
} from '../../../lambdas/define.ts';
import type { HistorySpecs } from '../../../lambdas/history/history.ts';
import { limitBook } from '../../../lambdas/engine/limit-book.ts';
import {
  clusterFacts,
  closed,
  decodedVarz,
  failing,
  firstMinute,
  leafz,
  server,
  varz,
  watching,
} from '../../kit.ts';
import { failuresOf } from '../../../lambdas/engine/judgement/views.ts';
import { judged } from './judged.ts';
import { client, crowded, each } from '../samples.ts';

const n1 = server('n1', { varz: varz({ connections: 5 }) });
const silent = (name: string) => server(name, { varz: failing() });
const old = (name: string) => server(name, { varz: varz({ version: '2.9.10' }) });

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

  it('sees the other servers that could be read, and which of its own readings failed that the check answers for', () => {
    const views: unknown[] = [];
    const diagnosis = crowded({
      evaluate(view) {
        const { target, peers, failures } = view as unknown as {
          target: { name: string };
          peers: readonly { target: { name: string } }[];
          failures: readonly { path: string }[];
        };
        views.push([target.name, peers.map((peer) => peer.target.name), failures.map(({ path }) => path)]);
        return nothing('looked');
      },
    });
    judged(diagnosis, [n1, server('n2', { leafz: failing(), healthz: failing() }), silent('n3')], {
      failures: (read) => failuresOf(read, ['leafz', 'closed']),
    });
    expect(views).toEqual([
      ['n1', ['n2'], []],
      ['n2', ['n1'], ['/leafz']],
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

  it.each([NaN, Infinity, -Infinity, -5])('does not know what it measured as %d', (value) => {
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
      cluster: clusterFacts,
      at: firstMinute,
      firstRun: true,
      hasAssetLimits: false,
      limits: { warning: 50, critical: 100 },
    });
  });

  it('breaches where the limit of settings is crossed', () => {
    const watch = watching(crowded(), { limits: { SERVER_900: { connections: { warning: 4 } } } });
    expect(watch.look([n1]).findings.map(({ limit }) => limit)).toEqual([4]);
  });
});

describe('a count that cannot be', () => {
  const of = (name: string, changes: Readonly<Record<string, unknown>>) =>
    server(name, { varz: decodedVarz(changes) });

  it('makes unknown the diagnosis that reads it, on its server alone', () => {
    const look = watching(crowded()).look([of('n1', { connections: -3 }), of('n2', { connections: 12 })]);
    expect([look.outcomes, look.seen['n1']]).toEqual([
      { n1: 'unknown', n2: 'warning' },
      'n1 /varz: connections: expected count, received number -3',
    ]);
    expect(watching(crowded()).look([of('n1', { connections: 12, mem: -3 })]).outcomes).toEqual({
      n1: 'warning',
    });
  });

  it('of another server takes that one out of sight, and no more', () => {
    const beside = crowded({
      evaluate: (({ peers, varz: { connections } }) =>
        nothing(`${connections} beside ${peers.map((peer) => peer.varz.connections).join()}`)) satisfies (
        view: ServerView<Reads, HistorySpecs>,
      ) => unknown as never,
    });
    const { seen } = watching(beside).look([
      of('n1', { connections: 1 }),
      of('n2', { connections: -3 }),
      of('n3', { connections: 3 }),
    ]);
    expect([seen['n1'], seen['n3']]).toEqual(['1 beside 3', '3 beside 1']);
  });

  it('leaves what was recorded before it was met, and what was not as it was', () => {
    const history = { seen: previous(), total: increase() };
    const growing = crowded({
      history,
      evaluate: (({ varz, history: { seen, total } }) => {
        const last = seen(varz.now)?.value ?? 0;
        return nothing(`${(varz.now - last) / 60_000} min, ${total(varz.in_msgs)?.value ?? 0} messages`);
      }) satisfies (view: ServerView<Reads, typeof history>) => unknown as never,
    });
    const watch = watching(growing);
    const at = (n: number, in_msgs: number) =>
      of('n1', { in_msgs, now: new Date(firstMinute + n * 60_000).toISOString() });
    watch.look([at(0, 10)]);
    expect(watch.look([at(1, -1)]).outcomes).toEqual({ n1: 'unknown' });
    expect(watch.look([at(2, 30)]).seen).toEqual({ n1: '1 min, 20 messages' });
  });

  it('hides no other fault', () => {
    const broken = crowded({
      evaluate: () => {
        throw new Error('a mistake');
      },
    });
    expect(() => watching(broken).look([of('n1', { connections: -3 })])).toThrow('a mistake');
  });
});
