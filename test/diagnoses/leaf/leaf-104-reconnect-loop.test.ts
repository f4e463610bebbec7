import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-104-reconnect-loop.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';
import { hub } from './servers.ts';
import { closing, leaf1, nameless, repeated, type Row } from './closes.ts';

describe('LEAF_104, a reconnect loop', () => {
  it('is quiet with 2 closes in 10 minutes, warns at 3, is critical at 10', () => {
    const outcomes = [2, 3, 9, 10].map((count) => closing(...repeated(count, leaf1)).outcomes['cluster']);
    expect(outcomes).toEqual(['ok', 'warning', 'warning', 'critical']);
  });

  it('says how often, how long they last, how soon they return, and why', () => {
    const [finding] = closing(...repeated(12, { ...leaf1, reason: 'Client Closed' })).findings;
    expect(finding?.summary).toBe(
      'Leafnode APP/leaf1 was closed 12 times in 10 min by hub1 (limit 10): each lasts about 2.0 s and the next ' +
        'comes about 100 ms later; the leaf gives up 2 s after its CONNECT, before the hub has confirmed it.',
    );
    expect(finding?.evidence).toEqual([
      'reasons of the last 12 closes: Client Closed (12)',
      'last: 2026-11-20 10:00 UTC, hub1, Client Closed after 2.0 s, address 10.0.9.1, version 2.15.1',
    ]);
  });

  it('sums up runs, each row once, for 10 minutes and no longer', () => {
    const watch = watching(diagnosis);
    const one = (end: number) => hub('hub1', { ended: repeated(1, leaf1, { end }) });
    expect(watch.look([one(firstMinute)]).outcomes).toEqual({ cluster: 'ok' });
    expect(watch.look([one(firstMinute + 60_000)]).outcomes).toEqual({ cluster: 'ok' });
    expect(watch.look([one(firstMinute + 120_000)]).outcomes).toEqual({ cluster: 'warning' });
    expect(watch.look([hub('hub1')], minutes(8)).seen['cluster']).toBe('3 closes of 1 leafnode in 10 min');
    expect(watch.look([hub('hub1')]).seen['cluster']).toBe('2 closes of 1 leafnode in 10 min');
  });

  it('adds up a leafnode that tries one hub after the other', () => {
    const rows = repeated(3, { ...leaf1, reason: 'Authentication Failure', account: undefined });
    const hubs = rows.map((row, i) => hub(`hub${i + 1}`, { ended: [row] }));
    expect(watching(diagnosis).look(hubs).findings[0]?.summary).toMatch(
      /^Leafnode leaf1 was closed 3 times in 10 min by hub\d, hub\d, hub\d /,
    );
  });

  it('tells leafnodes apart by account and name', () => {
    const rows = [...repeated(2, leaf1), ...repeated(2, { ...leaf1, account: 'B' })];
    expect(closing(...rows, ...repeated(2, { ...leaf1, name: 'leaf2' })).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each(['Server Shutdown', 'Kicked'])('does not count %s: that was meant', (reason) => {
    expect(closing(...repeated(12, { ...leaf1, reason })).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each(['Client Closed', 'Read Error', 'Stale Connection', 'Protocol Violation', 'Something New'])(
    'counts %s like any other reason',
    (reason) => {
      expect(closing(...repeated(3, { ...leaf1, reason })).outcomes).toEqual({ cluster: 'warning' });
    },
  );

  it('does not count clients', () => {
    expect(closing(...repeated(12, { ...leaf1, kind: 'Client' })).outcomes).toEqual({ cluster: 'ok' });
  });

  it('goes by address where no name was said, as with TLS that fails', () => {
    const [finding] = closing(
      ...repeated(3, { ...nameless, reason: 'TLS Handshake Failure' }, { life: 0.003, gap: 1 }),
    ).findings;
    expect(finding?.entity).toEqual({ kind: 'address', name: '10.0.9.1' });
    expect(finding?.summary).toMatch(/^A leafnode connection from 10\.0\.9\.1 was closed 3 times /);
  });

  it('takes a server id for no name: it changes with each restart of that server', () => {
    const rows = ['A', 'B', 'C'].map((letter) => ({ ...leaf1, name: `N${letter.repeat(55)}` }));
    expect(closing(...rows).findings[0]?.entity).toEqual({ kind: 'address', name: '10.0.9.1' });
  });

  describe('leaves health checks of load balancers alone', () => {
    it.each(['Client Closed', 'Read Error', 'Write Error'])('that end without a word, with %s', (reason) => {
      expect(closing(...repeated(60, { ...nameless, reason }, { life: 0.001, gap: 10 })).outcomes).toEqual({
        cluster: 'ok',
      });
    });

    it('but not who waits: a leaf server gives the hub a second to speak', () => {
      const rows = repeated(3, { ...nameless, reason: 'Client Closed' }, { life: 0.5, gap: 1 });
      expect(closing(...rows).outcomes).toEqual({ cluster: 'warning' });
    });

    it('that fail TLS every 5 s or slower, where a leaf server tries every second', () => {
      const probing = (gap: number) =>
        closing(...repeated(12, { ...nameless, reason: 'TLS Handshake Failure' }, { life: 0.001, gap }))
          .outcomes;
      expect(probing(5)).toEqual({ cluster: 'ok' });
      expect(probing(4)).toEqual({ cluster: 'critical' });
    });
  });

  // As seen on real servers of 2.9.10, 2.10.27 and 2.15.1.
  describe('knows whose closes are whose', () => {
    const found = (...rows: readonly Row[]) => closing(...rows).findings.map(({ entity }) => entity.name);
    const long = (last: string) =>
      `edge-gateway-production-eu-central-1.nats-leaf-headless.customer-acme.svc-${last}`;

    it('where names differ beyond their 64th character', () => {
      const rows = ['a', 'b'].flatMap((last) => repeated(2, { ...leaf1, name: long(last) }));
      expect(found(...rows)).toEqual([]);
      expect(found(...repeated(3, { ...leaf1, name: long('a') }))).toEqual([`APP/${long('a')}`]);
    });

    it('where accounts and names hold slashes', () => {
      const rows = [
        ...repeated(2, { ...leaf1, account: 'APP', name: 'eu/edge1' }),
        ...repeated(2, { ...leaf1, account: 'APP/eu', name: 'edge1' }),
        ...repeated(2, {
          ...leaf1,
          account: undefined,
          name: 'APP/eu/edge1',
          reason: 'Authentication Failure',
        }),
      ];
      expect(found(...rows)).toEqual([]);
      expect(found(...repeated(3, { ...leaf1, account: 'APP/eu', name: 'edge1' }))).toEqual([
        '"APP/eu"/edge1',
      ]);
      expect(found(...repeated(3, { ...leaf1, name: 'eu/edge1' }))).toEqual(['APP/eu/edge1']);
    });

    it('and shows addresses where closes of one name come from several', () => {
      const rows = ['10.0.9.1', '10.0.9.2'].flatMap((ip) => repeated(2, { ...leaf1, ip }));
      expect(closing(...rows).findings[0]?.evidence).toContain('addresses: 10.0.9.1 (2), 10.0.9.2 (2)');
    });
  });

  it('says "at least" where a ring overran since the last run', () => {
    const watch = watching(diagnosis);
    const look = watch.look([hub('hub1', { ended: repeated(3, leaf1), ring: { lost: true } })]);
    expect(look.findings[0]?.summary).toMatch(/was closed at least 3 times/);
    expect(look.seen['cluster']).toBe('3 closes of 1 leafnode in 10 min, at least: closed rings overran');
  });

  it('never calls silence healthy, and tells what the others saw beside it', () => {
    const silent = server('hub2', { closed: failing() });
    expect(watching(diagnosis).look([silent]).outcomes).toEqual({ cluster: 'unknown' });
    expect(watching(diagnosis).look([hub('hub1'), silent]).outcomes).toEqual({ cluster: 'unknown' });
    const loop = hub('hub1', { ended: repeated(3, leaf1) });
    expect(watching(diagnosis).look([loop, silent]).outcomes).toEqual({ cluster: 'warning' });
  });

  it('takes its limits and window from settings', () => {
    const limits = { LEAF_104: { closes: { warning: 2, critical: 3, over: minutes(1) } } };
    const look = watching(diagnosis, { limits }).look([hub('hub1', { ended: repeated(2, leaf1) })]);
    expect(look.findings[0]?.summary).toMatch(/was closed 2 times in 1 min by hub1 \(limit 2\)/);
  });
});
