import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-101-authentication-failures.ts';
import { minutes } from '../../../lambdas/define.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, failing, firstMinute, server, varz, watching } from '../../kit.ts';

type Row = Partial<ClosedConnection>;

const refused = (count: number, changes: Row | ((i: number) => Row) = {}): readonly Row[] =>
  Array.from({ length: count }, (_, i) => ({
    reason: 'Authentication Failure',
    name: 'billing',
    lifetimeSeconds: 0.002,
    stoppedAt: firstMinute - 2_000 * i,
    ...(typeof changes === 'function' ? changes(i) : changes),
  }));
/** As all three versions show HTTP, or a TLS hello, on a port with authorization. */
const foreign = (count: number, changes: Row = {}): readonly Row[] =>
  refused(count, { name: undefined, lang: undefined, rtt: 0, ...changes });
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

  it('tells an attack under many names as one critical of its address, which lists them', () => {
    const rows = refused(9_000, (i) => ({ name: `user-${i % 20}`, stoppedAt: firstMinute - i * 300 }));
    const { findings } = watching(diagnosis).look([on('n1', rows)]);
    expect(findings.map(({ severity, entity, observed }) => [severity, entity.name, observed])).toEqual([
      ['critical', '10.0.0.9', 9_000],
    ]);
    expect(findings[0]?.summary).toBe(
      'Address 10.0.0.9 was refused 9,000 times within 1 h (limit 500), lately several a second, under many names.',
    );
    expect(findings[0]?.evidence[0]).toBe(
      'not reported one by one: user-0 (450), user-1 (450), user-2 (450), user-3 (450), user-4 (450) and 15 more',
    );
  });

  const two = (a: number, b: number): readonly Row[] => [...refused(a), ...refused(b, { name: 'web' })];

  it.each([
    [
      '249 and 250 of two names: their address, for both together',
      two(249, 250),
      ['warning address 10.0.0.9'],
    ],
    ['300 and 300 of two names: their address', two(300, 300), ['critical address 10.0.0.9']],
    ['600 of one name: the name', refused(600), ['critical client billing']],
    ['600 and 60: the two names', two(600, 60), ['critical client billing', 'warning client web']],
    ['400 and 200: their address', two(400, 200), ['critical address 10.0.0.9']],
    [
      '401 and 199: the one that most are of, and the address, which alone is critical',
      two(401, 199),
      ['critical address 10.0.0.9', 'warning client billing'],
    ],
    [
      '1,100 and 500: the larger name, and the address for what it has beside',
      two(1_100, 500),
      ['critical client billing', 'critical address 10.0.0.9'],
    ],
    ['400 and 49: the name alone', two(400, 49), ['warning client billing']],
  ])('tells of %s', (_, rows, expected) => {
    const { findings } = watching(diagnosis).look([on('n1', rows)]);
    expect(findings.map(({ severity, entity }) => `${severity} ${entity.kind} ${entity.name}`)).toEqual(
      expected,
    );
  });

  it('tells two clients that run on several hosts by their names, not by each host', () => {
    const onThree = (name: string) => refused(180, (i) => ({ name, ip: `10.0.0.${i % 3}` }));
    expect(entities([...onThree('billing'), ...onThree('web')])).toEqual(['client billing', 'client web']);
  });

  it('tells a name of a told address as well once the lowest limit of its refusals come from elsewhere', () => {
    const guessed = refused(500, (i) => ({ name: `user-${i % 5}` }));
    const elsewhere = (count: number) => refused(count, { name: 'user-0', ip: '10.0.0.8' });
    expect(entities([...guessed, ...elsewhere(49)])).toEqual(['address 10.0.0.9']);
    expect(entities([...guessed, ...elsewhere(50)])).toEqual(['address 10.0.0.9', 'client user-0']);
  });

  it('goes on telling one address while the names under it reach the limit, too', () => {
    const watch = watching(diagnosis, { remembers: true });
    const minute = (i: number) =>
      refused(60, (row) => ({ name: `user-${row % 3}`, stoppedAt: firstMinute + minutes(i) - 1_000 * row }));
    const notices = Array.from({ length: 12 }, (_, i) => watch.look([on('n1', minute(i))]).notices);
    expect(notices.flat()).toEqual([
      { kind: 'opened', severity: 'warning', entity: '10.0.0.9' },
      { kind: 'raised', severity: 'critical', entity: '10.0.0.9' },
    ]);
  });

  it('tells the address of clients without a name', () => {
    expect(entities(refused(50, { name: undefined, lang: 'go' }))).toEqual(['address 10.0.0.9']);
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
    const rows = [...many, ...refused(60, { name: undefined, lang: 'go' })];
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

  it.each([
    ['as soon as auth_timeout is over', { lifetimeSeconds: 2 }, true],
    ['before that, as for a wrong password', { lifetimeSeconds: 1.99 }, false],
    ['long after it, as by a reload', { lifetimeSeconds: 7 }, false],
    ['without a word of its own', { lifetimeSeconds: 2, reason: 'Authentication Timeout' }, false],
    ['as a leafnode', { lifetimeSeconds: 2, kind: 'Leafnode' }, false],
  ])('says who did not answer the server where it refuses %s', (_, changes, isSaid) => {
    const [finding] = watching(diagnosis).look([on('n1', refused(50, changes))]).findings;
    const words = `${finding?.summary ?? ''} ${finding?.remedy ?? ''}`;
    expect([words.includes('nobody told the server in time'), words.includes('$SYS.REQ.USER.AUTH')]).toEqual([
      isSaid,
      isSaid,
    ]);
  });

  it('calls a refused leafnode one', () => {
    expect(entities(refused(50, { kind: 'Leafnode', name: 'leaf3' }))).toEqual(['leafnode leaf3']);
  });

  it('keeps clients apart whose names differ at their ends only, and tells them whole', () => {
    const [one, other] = ['a', 'b'].map((end) => `${'x'.repeat(80)}${end}`);
    expect(
      entities([...refused(49, { name: one }), ...refused(60, { name: other, ip: '10.0.0.8' })]),
    ).toEqual([`client ${other}`]);
  });

  it.each(['10.0.0.9 billing', '["10.0.0.9","x"]', '__proto__', 'a b c'])(
    'takes a client of any name for what it is: %s',
    (name) => {
      expect(entities(refused(50, { name }))).toEqual([`client ${name}`]);
    },
  );

  it('does not add a leafnode to a client of the same name', () => {
    const rows = [...refused(30), ...refused(30, { kind: 'Leafnode' })];
    expect(entities(rows)).toEqual(['address 10.0.0.9']);
  });

  it('tells an MQTT client by its id', () => {
    expect(entities(refused(60, { type: 'mqtt', name: undefined, mqtt_client: 'pump-8' }))).toEqual([
      'client pump-8',
    ]);
  });

  it('tells what speaks no NATS as that, with what to do, at the same limit', () => {
    const look = (count: number) => watching(diagnosis).look([on('n1', foreign(count))]);
    expect([look(49).outcomes, look(50).outcomes]).toEqual([{ cluster: 'ok' }, { cluster: 'warning' }]);
    const [finding] = look(60).findings;
    expect([finding?.summary, finding?.evidence, finding?.remedy]).toEqual([
      'Address 10.0.0.9 was refused 60 times within 1 h (limit 50), lately about one every 2 s: it does not speak NATS, ' +
        'such as a health probe over HTTP or a client that begins with TLS.',
      [
        'reason: Authentication Failure',
        'no login: neither name nor language, refused at its first bytes',
        'server: n1',
        'reason and server as the latest 16 of 60 refusals have them',
      ],
      'It tried no login, so no credentials are wrong. A health probe over HTTP (load balancer, kubelet, uptime monitor): ' +
        'point it at `/healthz` of the monitoring port, or let it only open this one. A client or probe that begins with ' +
        'TLS (TLS first, HTTPS), on a port without: take TLS out of it, or give the server a `tls` block with ' +
        '`handshake_first` (from 2.10 on). Not one of yours: a scanner; close the address out in the security group.',
    ]);
  });

  it('does not suspect TLS of a server that demands it', () => {
    const secured = server('n1', { varz: varz({ tls_required: true }), closed: closed(foreign(50)) });
    const [finding] = watching(diagnosis).look([secured]).findings;
    expect(finding?.summary).toContain('such as a health probe over HTTPS.');
    expect(finding?.remedy).not.toContain('begins with TLS');
  });

  it.each([
    ['a language', { lang: 'go' }],
    ['CONNECT, from which its rtt is', { rtt: 0.0003 }],
    ['nothing for 50 ms, where no rtt is known', { lifetimeSeconds: 0.05, rtt: undefined }],
  ])('takes one without a name that said %s for a login', (_, changes) => {
    const [finding] = watching(diagnosis).look([on('n1', foreign(50, changes))]).findings;
    expect(finding?.summary).not.toContain('NATS');
  });

  it('does not hide a client behind the health probes of its address', () => {
    const look = watching(diagnosis).look([on('n1', [...foreign(300), ...refused(60)])]);
    expect(look.findings.map(({ entity, observed }) => `${entity.name} ${observed}`)).toEqual([
      'billing 60',
      '10.0.0.9 300',
    ]);
    expect(look.findings[1]?.evidence).toContain('beside these: 60 refused as logins');
  });

  it.each([
    ['Authentication Expired', "its credentials or its account's ran out"],
    ['Credentials Revoked', 'its user was revoked'],
  ])('says how the credentials of a client ended where the server said so: %s', (reason, how) => {
    const before = { ...refused(1)[0], reason, stoppedAt: firstMinute - minutes(5) };
    const [finding] = watching(diagnosis).look([on('n1', [before, ...refused(50)])]).findings;
    expect(finding?.evidence[0]).toBe(`before, at 2026-11-20 09:55 UTC: ${how}`);
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
      'reason, address and server as the latest 16 of 50 refusals have them',
    ]);
  });

  it('does not speak of the latest refusals where it has seen all', () => {
    const limits = { CONN_101: { failures: { warning: 16 } } };
    const [finding] = watching(diagnosis, { limits }).look([on('n1', refused(16))]).findings;
    expect(finding?.evidence).toEqual(['reason: Authentication Failure', 'address: 10.0.0.9', 'server: n1']);
  });
});
