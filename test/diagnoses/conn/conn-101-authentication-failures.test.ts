import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-101-authentication-failures.ts';
import { minutes } from '../../../lambdas/define.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, failing, firstMinute, server, watching } from '../../kit.ts';

type Row = Partial<ClosedConnection>;

const refused = (count: number, changes: Row | ((i: number) => Row) = {}): readonly Row[] =>
  Array.from({ length: count }, (_, i) => ({
    reason: 'Authentication Failure',
    name: 'billing',
    lifetimeSeconds: 0.002,
    stoppedAt: firstMinute - 2_000 * i,
    ...(typeof changes === 'function' ? changes(i) : changes),
  }));
const on = (name: string, rows: readonly Row[]) => server(name, { closed: closed(rows) });
const outcome = (rows: readonly Row[]) => watching(diagnosis).look([on('n1', rows)]).outcomes['cluster'];
const entities = (rows: readonly Row[]) =>
  watching(diagnosis)
    .look([on('n1', rows)])
    .findings.map(({ entity }) => `${entity.kind} ${entity.name}`);

describe('CONN_101, authentication failures of one client', () => {
  it('is quiet at 49 in an hour, warns at 50, is critical at 500', () => {
    expect([49, 50, 499, 500].map((count) => outcome(refused(count)))).toEqual([
      'ok',
      'warning',
      'warning',
      'critical',
    ]);
  });

  it('adds up the servers of the cluster, for a client that is refused tries the next', () => {
    const look = watching(diagnosis).look([on('n1', refused(25)), on('n2', refused(25))]);
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings[0]?.evidence).toContain('server: n1 (8), n2 (8)');
  });

  it('adds up runs within the hour and forgets what is older', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([on('n1', refused(25))]).outcomes).toEqual({ cluster: 'ok' });
    const later = refused(25, { stoppedAt: firstMinute + minutes(50) });
    expect(watch.look([on('n1', later)], minutes(50)).outcomes).toEqual({ cluster: 'warning' });
    expect(watch.look([on('n1', [])], minutes(15)).seen).toEqual({
      cluster: '25 authentication failures in 1 h, at most 25 of one name or address',
    });
  });

  it('tells one cause once: the client, not its address as well', () => {
    expect(entities(refused(60))).toEqual(['client billing']);
  });

  it('tells the address of clients without a name', () => {
    expect(entities(refused(50, { name: undefined }))).toEqual(['address 10.0.0.9']);
  });

  it('tells the address of one who tries many names, and calls it that', () => {
    const rows = refused(60, (i) => ({ name: `user-${i}` }));
    const [finding] = watching(diagnosis).look([on('n1', rows)]).findings;
    expect(finding?.summary).toBe(
      'Address 10.0.0.9 was refused 60 times within 1 h (limit 50), lately about one every 2 s, under many names.',
    );
  });

  it('finds a guesser even where its names are more than memory keeps apart', () => {
    const rows = refused(900, (i) => ({ name: `user-${i}`, stoppedAt: firstMinute - i * 1_000 }));
    const [finding] = watching(diagnosis).look([on('n1', rows)]).findings;
    expect([finding?.entity.name, finding?.observed, finding?.severity]).toEqual([
      '10.0.0.9',
      900,
      'critical',
    ]);
  });

  it('says how many were of addresses too many to keep apart', () => {
    const many = refused(300, (i) => ({ name: 'web', ip: `10.1.${Math.floor(i / 250)}.${i % 250}` }));
    const rows = [...many, ...refused(60, { name: undefined })];
    const findings = watching(diagnosis).look([on('n1', rows)]).findings;
    expect(findings.map(({ entity }) => entity.name)).toEqual(['web', '10.0.0.9']);
    expect(findings[1]?.evidence).toContain('45 more are of addresses too many to keep apart');
  });

  it.each(['Authentication Timeout', 'Missing Account', 'Proxy Required'])('counts %s as well', (reason) => {
    expect(outcome(refused(50, { reason }))).toBe('warning');
  });

  it.each([
    'TLS Handshake Failure',
    'Authentication Expired',
    'Credentials Revoked',
    'Server Shutdown',
    'Client Closed',
  ])('does not count %s', (reason) => {
    expect(outcome(refused(600, { reason }))).toBe('ok');
  });

  it('is quiet where settings call the failures planned', () => {
    const facts = { closeReasons: { 'Authentication Failure': 'planned' } };
    const look = watching(diagnosis, { facts }).look([on('n1', refused(600))]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
  });

  it('advises differently where nobody tries to log in at all', () => {
    const rows = refused(50, { reason: 'Authentication Timeout' });
    expect(watching(diagnosis).look([on('n1', rows)]).findings[0]?.remedy).toContain(
      'does not log in within',
    );
  });

  it('calls a refused leafnode one', () => {
    expect(entities(refused(50, { kind: 'Leafnode', name: 'leaf3' }))).toEqual(['leafnode leaf3']);
  });

  it('never calls silence healthy: beside an unread server ok becomes unknown', () => {
    const blind = server('n2', { closed: failing() });
    expect(watching(diagnosis).look([on('n1', []), blind]).outcomes).toEqual({ cluster: 'unknown' });
    expect(watching(diagnosis).look([on('n1', refused(50)), blind]).outcomes).toEqual({ cluster: 'warning' });
  });

  it('shows reasons, addresses and servers of the latest refusals', () => {
    const [finding] = watching(diagnosis).look([on('n1', refused(50))]).findings;
    expect(finding?.evidence).toEqual([
      'reason: Authentication Failure',
      'address: 10.0.0.9',
      'server: n1',
      'the three above are of the latest 16 refusals',
    ]);
  });
});
