import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-012-stale-connections.ts';
import { minutes } from '../../../lambdas/define.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { closed, decodedVarz, failing, firstMinute, server, varz, watching, type Look } from '../../kit.ts';

type Stale = { clients?: number; leafs?: number; routes?: number; gateways?: number };

const none = { clients: 0, routes: 0, gateways: 0, leafs: 0 };
const counters = (stale: Stale) => ({ stale_connection_stats: { ...none, ...stale } });
const old = { version: '2.10.27', stale_connection_stats: undefined };

/** A server of nats-server 2.12 or later with these totals since its start. */
const counting = (stale: Stale, changes = {}) =>
  server('n1', { varz: varz({ ...counters(stale), ...changes }), closed: closed([]) });

const staleRow = (changes: Partial<ClosedConnection> = {}) => ({
  reason: 'Stale Connection',
  name: 'billing',
  pending_bytes: 25,
  ...changes,
});
const rows = (count: number, changes: Partial<ClosedConnection> = {}) =>
  Array.from({ length: count }, () => staleRow(changes));
const ring = (stale: readonly Partial<ClosedConnection>[]) =>
  server('n1', { varz: varz(old), closed: closed(stale) });

/** Outcome after a first run with zero totals and a second with these. */
const after = (stale: Stale) => {
  const watch = watching(diagnosis);
  watch.look([counting({})]);
  return watch.look([counting(stale)]).outcomes['n1'];
};

describe('SERVER_012, counted by nats-server 2.12 and later', () => {
  it('is quiet at four stale clients in 10 minutes and warns at five', () => {
    expect([after({ clients: 4 }), after({ clients: 5 })]).toEqual(['ok', 'warning']);
  });

  it.each(['leafs', 'routes', 'gateways'] as const)('warns at one of %s, critical at three', (kind) => {
    expect([after({}), after({ [kind]: 1 }), after({ [kind]: 2 }), after({ [kind]: 3 })]).toEqual([
      'ok',
      'warning',
      'warning',
      'critical',
    ]);
  });

  it('does not add kinds up: one leafnode, one route and one gateway are three warnings', () => {
    expect(after({ leafs: 1, routes: 1, gateways: 1 })).toBe('warning');
  });

  it('says nothing of totals on a first run', () => {
    expect(watching(diagnosis).look([counting({ clients: 900, routes: 900 })]).outcomes).toEqual({
      n1: 'ok',
    });
  });

  it('counts what the ring shows of the last 10 minutes on a first run', () => {
    const look = watching(diagnosis).look([
      server('n1', { varz: varz(counters({ clients: 9 })), closed: closed(rows(5), { firstRun: true }) }),
    ]);
    expect(look.outcomes).toEqual({ n1: 'warning' });
  });

  it.each([
    ['none was found stale', counters({ routes: 3, gateways: 1 }), false],
    ['a client was', counters({ clients: 1 }), true],
    ['a leafnode was', counters({ leafs: 1 }), true],
    ['no release of it counts them', old, true],
  ])(
    'reads the ring of a server that it does not know yet unless it has nothing to tell: %s',
    (_, of, is) => {
      expect(diagnosis.reads.closed?.decides?.(decodedVarz(of), false)).toBe(is);
    },
  );

  it('counts each stale connection once, from the counter, where the ring shows it too', () => {
    const watch = watching(diagnosis);
    watch.look([counting({})]);
    const look = watch.look([
      server('n1', { varz: varz(counters({ clients: 4 })), closed: closed(rows(4)) }),
    ]);
    expect(look.seen).toEqual({ n1: 'stale connections: clients 4 in 10 min' });
  });

  it('adds up runs within 10 minutes and forgets what is older', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([counting({})]);
    expect(watch.look([counting({ clients: 3 })]).outcomes).toEqual({ n1: 'ok' });
    expect(watch.look([counting({ clients: 5 })], minutes(9)).outcomes).toEqual({ n1: 'warning' });
    expect(watch.look([counting({ clients: 5 })], minutes(2)).seen).toEqual({
      n1: 'stale connections: clients 2 in 10 min',
    });
  });

  it('does not take an hour without runs for ten minutes', () => {
    const outcome = (clients: number) => {
      const watch = watching(diagnosis);
      watch.look([counting({})]);
      return watch.look([counting({ clients })], minutes(60)).outcomes['n1'];
    };
    expect([outcome(24), outcome(30)]).toEqual(['ok', 'warning']);
  });

  it('counts from zero after a restart of the server', () => {
    const watch = watching(diagnosis);
    watch.look([counting({ clients: 100 })]);
    const restarted = varz().start + minutes(1);
    expect(watch.look([counting({ clients: 5 }, { start: restarted })]).outcomes).toEqual({ n1: 'warning' });
  });

  it('needs no closed ring to count', () => {
    const watch = watching(diagnosis);
    watch.look([counting({})]);
    const blind = server('n1', { varz: varz(counters({ clients: 5 })), closed: failing() });
    const [finding] = watch.look([blind]).findings;
    expect(finding?.evidence).toContain(
      'which clients: the closed ring could not be read (no reply: timeout)',
    );
  });

  it('knows nothing on a first run without the closed ring', () => {
    const blind = server('n1', { varz: varz(counters({ clients: 5 })), closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('never calls silence healthy', () => {
    expect(watching(diagnosis).look([server('n1', { varz: failing() })]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('says when the counter saw more than the ring', () => {
    const watch = watching(diagnosis);
    watch.look([counting({})]);
    const [finding] = watch.look([
      server('n1', { varz: varz(counters({ clients: 7 })), closed: closed(rows(5)) }),
    ]).findings;
    expect(finding?.evidence).toContain(
      '2 more were counted than the closed ring shows: it turned over, or they were closing already',
    );
  });

  it('says that several stale routes may be one peer, and that the ring does not keep them', () => {
    const watch = watching(diagnosis);
    watch.look([counting({})]);
    const cluster = { name: 'hubs', pool_size: 3 };
    const [finding] = watch.look([counting({ routes: 4 }, { cluster })]).findings;
    expect(finding?.entity).toEqual({ kind: 'connections', name: 'routes of n1' });
    expect(finding?.evidence.slice(0, 3)).toEqual([
      'which routes: not shown, the closed ring keeps clients and leafnodes only',
      'a peer holds 3 pooled routes and one for each pinned account: 4 may be one server that hung',
      'ping_interval 2 min (every 30 s for routes), ping_max 2: a connection that falls silent is found after 1 min to 1 min 30 s',
    ]);
  });
});

describe('SERVER_012, MQTT clients that fell silent or were reset', () => {
  const lost = (count: number, changes: Partial<ClosedConnection> = {}) =>
    Array.from({ length: count }, (_, i) => ({
      reason: 'Read Error',
      type: 'mqtt',
      mqtt_client: `dev${i}`,
      ip: `10.0.${i}.1`,
      lifetimeSeconds: 600,
      idle: 90,
      rtt: 0,
      ...changes,
    }));
  const look = (rows: readonly Partial<ClosedConnection>[]) =>
    watching(diagnosis).look([server('n1', { varz: varz(counters({})), closed: closed(rows) })]);

  it('are fine at four in 10 minutes and warned of at five', () => {
    expect([look(lost(4)), look(lost(5))].map(({ outcomes, seen }) => [outcomes['n1'], seen['n1']])).toEqual([
      ['ok', 'MQTT silent or reset: 4 in 10 min'],
      ['warning', 'MQTT silent or reset: 5 in 10 min'],
    ]);
  });

  it('are reported with both causes, for the server gives one reason for both', () => {
    const [finding] = look(lost(8)).findings;
    expect([finding?.entity.name, finding?.summary, finding?.evidence]).toEqual([
      'MQTT clients of n1',
      'n1 lost 8 MQTT connections within 10 min (limit 5): the clients missed their keepalive, or were reset.',
      [
        'who: dev0 (1), dev1 (1), dev2 (1), dev3 (1), dev4 (1) and 3 more',
        'from: 10.0.0.1, 10.0.1.1, 10.0.2.1, 10.0.3.1, 10.0.4.1 and 3 more',
        'last message or subscription before the close: 1 min 30 s (PINGREQs are not shown)',
        'reason: Read Error, for 1.5 times the keepalive without a packet and for a reset alike; the keepalive is not shown',
      ],
    ]);
  });

  it('of one network at one time are reported as that', () => {
    const rows = lost(5).map((row, i) => ({
      ...row,
      ip: `10.0.3.${i}`,
      stoppedAt: firstMinute - i * 10_000,
    }));
    expect(look(rows).findings[0]?.evidence[0]).toBe('together: 5 of 5 in 10.0.3.0/24, within 40 s');
  });

  it.each([
    ['hung up', { reason: 'Client Closed' }],
    ['sent a message in its last second, and so was reset', { idle: 0 }],
    ['lived for less than a second, and so was reset', { lifetimeSeconds: 0.9, idle: 0 }],
    ['are no MQTT clients', { type: 'nats', mqtt_client: undefined, name: 'billing' }],
    ['never said an id', { mqtt_client: undefined }],
  ])('are not those that %s', (_, changes) => {
    expect(look(lost(8, changes)).seen).toEqual({ n1: 'none stale in 10 min' });
  });

  it.each([
    [1_883, 'none stale in 10 min; MQTT clients unknown (only the closed ring shows them)'],
    [0, 'none stale in 10 min'],
  ])('are unknown where the closed ring cannot be read, and there are any: port %i', (port, seen) => {
    const watch = watching(diagnosis);
    watch.look([counting({})]);
    const blind = server('n1', { varz: varz({ ...counters({}), mqtt: { port } }), closed: failing() });
    expect(watch.look([blind]).seen).toEqual({ n1: seen });
  });
});

describe('SERVER_012 on older servers', () => {
  it('counts clients and leafnodes from the closed ring', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([ring(rows(4))]).outcomes).toEqual({ n1: 'ok' });
    expect(watch.look([ring(rows(1))]).outcomes).toEqual({ n1: 'warning' });
    expect(watching(diagnosis).look([ring(rows(1, { kind: 'Leafnode' }))]).outcomes).toEqual({
      n1: 'warning',
    });
  });

  describe('of leafnodes', () => {
    const summary = (look: Look) => look.findings[0]?.summary.split(':')[0];
    const leafRows = (...names: readonly string[]) =>
      names.map((name) => staleRow({ kind: 'Leafnode', account: 'APP', name }));

    it.each([
      [['edge1'], 'n1 found 1 leafnode connection stale within 10 min (limit 1)'],
      [
        ['edge1', 'edge1', 'edge1', 'edge1'],
        'n1 found 4 connections of 1 leafnode stale within 10 min (limit 3)',
      ],
      [['edge1', 'edge1', 'edge2'], 'n1 found 3 connections of 2 leafnodes stale within 10 min (limit 3)'],
    ])('tells one that came back from several: %s', (names, said) => {
      expect(summary(watching(diagnosis).look([ring(leafRows(...names))]))).toBe(said);
    });

    it('says nothing of how many they are where the closed ring shows fewer than were counted', () => {
      const watch = watching(diagnosis);
      watch.look([counting({})]);
      const n1 = server('n1', { varz: varz(counters({ leafs: 4 })), closed: closed(leafRows('edge1')) });
      expect(summary(watch.look([n1]))).toBe('n1 found 4 leafnode connections stale within 10 min (limit 3)');
    });
  });

  describe('of leafnodes that were two seconds old', () => {
    const remotes = [{ local_account: 'APP', urls: ['hubs.example.com:7422'] }];
    const reported = (leaf: Partial<Varz['leaf']>, changes: Partial<ClosedConnection>) => {
      const stale = rows(1, {
        kind: 'Leafnode',
        account: 'APP',
        lifetimeSeconds: 2,
        port: 7_422,
        ...changes,
      });
      const n1 = server('n1', {
        varz: varz({ ...old, leaf: { port: 7_422, remotes: [], ...leaf } }),
        closed: closed(stale),
      });
      return watching(diagnosis).look([n1]).findings[0];
    };

    it('says that the hub did not answer its own handshake, where it dialled, and which remote', () => {
      const finding = reported({ port: 0, remotes }, { name: undefined });
      expect(finding?.summary).toMatch(/: the hub did not answer the handshake within 2 s\.$/);
      expect(finding?.evidence).toContain('who: APP/hubs.example.com:7422');
    });

    it.each([
      ['a hub, which has no remotes', {}],
      ['a server with remotes and leafnodes of its own', { remotes }],
    ])('does not say so of one that it accepted: %s', (_, leaf) => {
      const finding = reported(leaf, { name: 'edge1', version: '2.15.1' });
      expect(finding?.summary).toMatch(/: no common cause in what the server shows\.$/);
      expect(finding?.evidence).toContain('who: APP/edge1');
    });
  });

  it('says that routes and gateways are unknown', () => {
    expect(watching(diagnosis).look([ring([])]).seen).toEqual({
      n1: 'none stale in 10 min; routes and gateways unknown (counted from nats-server 2.12.0 on)',
    });
  });

  it('does not take other reasons for staleness', () => {
    expect(watching(diagnosis).look([ring(rows(9, { reason: 'Read Error' }))]).outcomes).toEqual({
      n1: 'ok',
    });
  });

  it('knows nothing without the closed ring', () => {
    const blind = server('n1', { varz: varz(old), closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('goes on with the counters after an upgrade, counting nothing twice', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([ring(rows(2))]);
    watch.look([counting({})]);
    expect(watch.look([counting({ clients: 2 })]).seen).toEqual({
      n1: 'stale connections: clients 4 in 10 min',
    });
  });
});

describe('SERVER_012, a finding', () => {
  const [finding] = watching(diagnosis).look([
    ring([0, 1, 2, 3, 4].map((i) => staleRow({ stoppedAt: firstMinute - 30_000 - i * 60_000 }))),
  ]).findings;

  it('says in one sentence how many, within what, and what points where', () => {
    expect(finding?.summary).toBe(
      'n1 found 5 client connections stale within 10 min (limit 5): billing vanishes again and again.',
    );
  });

  it('shows who, from where, how long detection took, and how loaded the server is', () => {
    expect(finding?.evidence).toEqual([
      'billing 5 of 5 times, from 10.0.0.9; nothing waited for it: it went without a word',
      'who: billing',
      'from: 10.0.0.9',
      'ping_interval 2 min, ping_max 2: a connection that falls silent is found after 4 min to 6 min; so long ago it may have broken',
      expect.stringMatching(/^CPU [\d.]+ % of one core \(\d+ cores\), memory [\d.]+ MiB$/),
    ]);
  });

  it('says that file descriptors cannot be seen from here', () => {
    expect(finding?.remedy).toContain('File descriptors cannot be seen from here');
  });

  it('gives commands for the nats CLI and for curl, of which no JWT reaches the screen', () => {
    expect(finding?.commands).toEqual([
      "nats server report connections --state closed --sort uptime --top 50 --closed-reason 'stale connection'",
      `curl -s 'http://n1:8222/connz?state=closed&sort=stop&limit=1000' | grep -E '"(ip|stop|reason|name|mqtt_client)":' | grep -B 2 -A 1 '"reason": "Stale Connection'`,
    ]);
  });
});

it('SERVER_012 counts what a total that could not be left out, and knows the rows of that time', () => {
  const watch = watching(diagnosis);
  watch.look([counting({})]);
  const odd = decodedVarz({ stale_connection_stats: { ...none, clients: -1 } });
  expect(watch.look([server('n1', { varz: odd, closed: closed(rows(3)) })]).outcomes).toEqual({
    n1: 'unknown',
  });
  const { seen, findings } = watch.look([counting({ clients: 6 })]);
  expect(seen).toEqual({ n1: 'stale connections: clients 6 in 10 min' });
  expect(findings[0]?.evidence.some((row) => row.includes('billing 3 of 3 times'))).toBe(true);
});
