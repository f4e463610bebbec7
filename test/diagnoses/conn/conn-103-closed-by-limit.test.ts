import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-103-closed-by-limit.ts';
import { minutes } from '../../../lambdas/define.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, decodedVarz, failing, server, varz, watching } from '../../kit.ts';

const full = 'Maximum Connections Exceeded';
const times = (count: number, changes: Partial<ClosedConnection> = {}) =>
  Array.from({ length: count }, () => ({ reason: full, lifetimeSeconds: 0, ...changes }));
const on = (rows: readonly Partial<ClosedConnection>[], changes = {}) =>
  server('n1', { varz: varz(changes), closed: closed(rows) });
const look = (rows: readonly Partial<ClosedConnection>[], changes = {}) =>
  watching(diagnosis).look([on(rows, changes)]);

describe('CONN_103, connections closed by a limit', () => {
  it('is quiet without any, warns at one in 10 minutes, is critical at 20', () => {
    expect([0, 1, 19, 20].map((count) => look(times(count)).outcomes['n1'])).toEqual([
      'ok',
      'warning',
      'warning',
      'critical',
    ]);
  });

  const both = (connections: number, payloads: number) =>
    look([
      ...times(connections),
      ...times(payloads, { reason: 'Maximum Message Payload Exceeded', name: 'a' }),
    ]);

  it('tells each limit by itself, for their remedies differ', () => {
    expect(both(2, 1).findings.map(({ entity }) => entity)).toEqual([
      { kind: 'limit', name: 'max_connections of n1' },
      { kind: 'limit', name: 'max_payload of n1' },
    ]);
  });

  it.each([
    [19, 0, ['warning 19 of 1']],
    [10, 9, ['warning 19 of 1', 'warning 19 of 1']],
    [10, 10, ['critical 20 of 20', 'critical 20 of 20']],
    [19, 1, ['critical 20 of 20', 'critical 20 of 20']],
  ])('takes all limits of a server together: %i and %i', (connections, payloads, expected) => {
    const { findings } = both(connections, payloads);
    expect(findings.map(({ severity, observed, limit }) => `${severity} ${observed} of ${limit}`)).toEqual(
      expected,
    );
  });

  it('says how many were for all limits where these are what makes it critical', () => {
    expect(both(12, 8).findings.map(({ summary }) => summary)).toEqual([
      'n1 closed 12 connections within 10 min for max_connections (65,536), of 20 for limits of any kind.',
      'n1 closed 8 connections within 10 min for max_payload (1 MiB), of 20 for limits of any kind.',
    ]);
  });

  it('shows how many were for all limits beside each', () => {
    const total = 'closed for limits of any kind: 19';
    expect(both(10, 9).findings.map(({ evidence }) => evidence.includes(total))).toEqual([true, true]);
    expect(both(19, 0).findings.map(({ evidence }) => evidence.includes(total))).toEqual([false]);
  });

  it('does not add up servers', () => {
    const servers = ['n1', 'n2'].map((name) => server(name, { closed: closed(times(19)) }));
    expect(watching(diagnosis).look(servers).outcomes).toEqual({ n1: 'warning', n2: 'warning' });
  });

  it.each([
    [full, 'n1 closed 1 connection within 10 min for max_connections (20).'],
    ['Maximum Account Connections Exceeded', 'n1 closed 1 connection within 10 min for account connections.'],
    ['Maximum Message Payload Exceeded', 'n1 closed 1 connection within 10 min for max_payload (1 MiB).'],
    ['Maximum Control Line Exceeded', 'n1 closed 1 connection within 10 min for max_control_line (4 KiB).'],
    ['Maximum Subscriptions Exceeded', 'n1 closed 1 connection within 10 min for max_subscriptions (7).'],
  ])('names the limit of %s with its value where the server shows it', (reason, summary) => {
    const settings = {
      max_connections: 20,
      max_payload: 2 ** 20,
      max_control_line: 4_096,
      max_subscriptions: 7,
    };
    expect(look(times(1, { reason }), settings).findings[0]?.summary).toBe(summary);
  });

  it('has a reason and a remedy of its own for each limit', () => {
    const reasons = [
      full,
      'Maximum Account Connections Exceeded',
      'Maximum Message Payload Exceeded',
      'Maximum Control Line Exceeded',
      'Maximum Subscriptions Exceeded',
    ];
    const { findings } = look(reasons.flatMap((reason) => times(1, { reason })));
    expect(new Set(findings.map(({ why }) => why)).size).toBe(5);
    expect(new Set(findings.map(({ remedy }) => remedy)).size).toBe(5);
  });

  it('shows clients, accounts and addresses, and how full the server is now', () => {
    const row = { name: 'web', account: 'APP' };
    const [finding] = look([...times(2, row), ...times(1, { ip: '10.0.0.8' })], {
      connections: 17,
      max_connections: 20,
    }).findings;
    expect(finding?.evidence).toEqual([
      'reason: Maximum Connections Exceeded',
      'client: web',
      'account: APP',
      'address: 10.0.0.9 (2), 10.0.0.8 (1)',
      'now 17 of 20 are connected',
    ]);
  });

  it('suspects the TLS rate limit of a server that is far from full', () => {
    const [finding] = look(times(1), { connections: 9, max_connections: 20, tls_required: true }).findings;
    expect(finding?.evidence.at(-1)).toContain('connection_rate_limit');
    const [half] = look(times(1), { connections: 10, max_connections: 20, tls_required: true }).findings;
    expect(half?.evidence.at(-1)).toBe('now 10 of 20 are connected');
  });

  it('takes a reason that settings call a limit for one', () => {
    const facts = { closeReasons: { 'Parse Error': 'limit', [full]: 'planned' } };
    const rows = [...times(1, { reason: 'Parse Error' }), ...times(30)];
    const { findings } = watching(diagnosis, { facts }).look([on(rows)]);
    expect(findings.map(({ entity }) => entity.name)).toEqual(['Parse Error of n1']);
  });

  it('forgets after ten minutes', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([on(times(1))]);
    expect(watch.look([on([])], minutes(9)).seen).toEqual({ n1: '1 connection closed by a limit in 10 min' });
    expect(watch.look([on([])], minutes(1)).seen).toEqual({
      n1: '0 connections closed by a limit in 10 min',
    });
  });

  it('is quiet during a drain', () => {
    expect(look(times(900, { reason: 'Server Shutdown' })).outcomes).toEqual({ n1: 'ok' });
  });

  it('never calls silence healthy', () => {
    const blind = server('n1', { closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });
});

it('CONN_103 is told without how many are connected where the server cannot know', () => {
  const evidence = (connections: number) =>
    watching(diagnosis).look([
      server('n1', {
        varz: decodedVarz({ connections, max_connections: 100 }),
        closed: closed(times(1)),
      }),
    ]).findings[0]?.evidence;
  const note = 'now 100 of 100 are connected';
  expect(evidence(100)).toContain(note);
  expect(evidence(-3)).toEqual(evidence(100)?.filter((row) => row !== note));
});
