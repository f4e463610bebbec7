import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-104-tls-handshake-failures.ts';
import { minutes, seconds } from '../../../lambdas/define.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, failing, firstMinute, server, varz, watching } from '../../kit.ts';

type Row = Partial<ClosedConnection>;
const failed = (count: number, changes: (i: number) => Row = () => ({})): readonly Row[] =>
  Array.from({ length: count }, (_, i) => ({
    reason: 'TLS Handshake Failure',
    lifetimeSeconds: 0.01,
    stoppedAt: firstMinute - seconds(10) * i,
    ...changes(i),
  }));
const on = (rows: readonly Row[]) => server('n1', { varz: varz({ port: 4_223 }), closed: closed(rows) });
const look = (rows: readonly Row[], options = {}) => watching(diagnosis, options).look([on(rows)]);

describe('CONN_104, TLS handshakes fail', () => {
  it('is quiet at 19 in an hour and warns at 20', () => {
    expect([look(failed(19)).outcomes, look(failed(20)).outcomes]).toEqual([{ n1: 'ok' }, { n1: 'warning' }]);
  });

  it('adds up addresses: an expired certificate fails everyone a little', () => {
    const rows = failed(20, (i) => ({ ip: `10.0.0.${i}`, lifetimeSeconds: 0.3 }));
    expect(look(rows).findings[0]?.summary).toBe(
      '20 TLS handshakes with n1 failed within 1 h (limit 20), from 20 addresses.',
    );
    expect(look(rows).findings[0]?.remedy).toContain('certificate');
  });

  it('recognises what looks like a load balancer’s health check, and says where to point it', () => {
    const [finding] = look(failed(30)).findings;
    expect(finding?.evidence).toEqual([
      'from: 10.0.0.9 (30)',
      '10.0.0.9: lately about one every 10 s',
      'each was gone at once: so leaves a TCP health probe that never begins TLS, too',
    ]);
    expect(finding?.remedy).toContain('/healthz');
  });

  it('does not take a client that argues with the server for a probe', () => {
    const [finding] = look(failed(30, () => ({ lifetimeSeconds: 0.1 }))).findings;
    expect(finding?.remedy).not.toContain('/healthz');
  });

  it('is quiet where settings call failed handshakes planned', () => {
    const facts = { closeReasons: { 'TLS Handshake Failure': 'planned' } };
    expect(look(failed(900), { facts }).outcomes).toEqual({ n1: 'ok' });
  });

  it('adds up runs within the hour and forgets what is older', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([on(failed(10))]);
    const later = failed(10, () => ({ stoppedAt: firstMinute + minutes(50) }));
    expect(watch.look([on(later)], minutes(50)).outcomes).toEqual({ n1: 'warning' });
    expect(watch.look([on([])], minutes(15)).seen).toEqual({ n1: '10 failed TLS handshakes in 1 h' });
  });

  it('says how many were of addresses too many to keep apart', () => {
    const rows = failed(300, (i) => ({
      ip: `10.0.${Math.floor(i / 250)}.${i % 250}`,
      stoppedAt: firstMinute,
    }));
    const [finding] = look(rows).findings;
    expect([finding?.observed, finding?.evidence.at(-1)]).toEqual([
      300,
      '44 more are of addresses too many to keep apart',
    ]);
  });

  it.each([
    [0.99, false],
    [1, true],
  ])(
    'says of an address whose connections live %f s that it may never begin TLS: %s',
    (lifetimeSeconds, expected) => {
      const [finding] = look(failed(30, () => ({ lifetimeSeconds }))).findings;
      const reported = finding?.evidence.some((row) => row.includes('as who never begins TLS does'));
      expect(reported).toBe(expected);
    },
  );

  it('does not count other failures, nor a drain', () => {
    const rows = failed(900, (i) => ({ reason: i % 2 === 0 ? 'Authentication Failure' : 'Server Shutdown' }));
    expect(look(rows).outcomes).toEqual({ n1: 'ok' });
  });

  it('never calls silence healthy', () => {
    const blind = server('n1', { closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('has the nats CLI show the certificate on the client port', () => {
    expect(look(failed(20)).findings[0]?.commands[0]).toBe(
      'nats account tls --no-pem --server tls://n1:4223',
    );
  });
});
