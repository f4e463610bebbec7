import { describe, expect, it } from 'vitest';
import { lookLines } from '../../../../infra/local/screen/look.ts';
import type { RunDocument } from '../../../../infra/local/document.ts';
import type { Entry } from '../../../../lambdas/engine/findings/report.ts';
import {
  crowded,
  dead,
  documentOf,
  down,
  entry,
  finding,
  refused,
  said,
  saidWithout,
  silent,
  target,
  troubled,
} from './documents.ts';

const plain = (width: number) => ({ width, paint: (_style: unknown, text: string) => text });
const shown = (document: RunDocument, width = 80, rows = 20): readonly string[] =>
  lookLines(document, plain(width), rows);
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `hub${String(i + 1).padStart(2, '0')}`);

describe('one look', () => {
  it('at 80 columns begins and ends with what is wrong, and names the reason with its code', () => {
    expect(`\n${shown(troubled()).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      OUTCOME   WHERE          SEEN
      critical  nats-2 (hub3)  unreachable, ECONNREFUSED: no connection, http://hub3:…
      unknown   (cluster)      2 checks cannot tell without nats-2: connection-count,
                               leafnode-connections
      unknown   hub2           connection-count: /connz: no answer within 5 s from
                               http://hub2:8222 (a hanging server)
      warning   nats-0 (hub1)  connection-count: 900 of 1,000 connections (90 %)
      ok        2 servers      server-up: nats-0, hub2
      ok        nats-0 (hub1)  rule-series: 3 evaluated rules, none fires

      names    in sentences hub1 is nats-0, hub3 is nats-2

      CRITICAL SERVER_101 No usable answer from a server: nats-2 (hub3)
      hub3 does not answer (unreachable); it did within the last hour.
      observed 0, limit 1; since 2026-11-20 10:02 UTC (5 min)
        - hub3 /varz: no connection to http://hub3:8222: ECONNREFUSED (server down, or
          its http_port is another one)
        why  At \`max_connections\` the server refuses every further client with
             "Maximum Connections Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ curl -sS -m 5 'http://hub3:8222/varz' | head -5; curl -sS -m 5 \\
          'http://hub3:8222/healthz'

      WARNING SERVER_011 Connections near the server maximum: nats-0 (hub1)
      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.
      observed 90 %, limit 80 %, up from 82 %; since 2026-11-20 10:02 UTC (5 min)
        - room for 100 more
        why  At \`max_connections\` the server refuses every further client with
             "Maximum Connections Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ nats server report connections --top 20
        $ curl -s 'http://hub1:8222/varz'

      critical  SERVER_101 No usable answer from a server: nats-2 (hub3)
      unknown   (cluster)  2 checks cannot tell without nats-2: connection-count, lea…
      unknown   hub2  connection-count: /connz: no answer within 5 s from http://hub2…
      warning   SERVER_011 Connections near the server maximum: nats-0 (hub1)
      1 critical, 2 unknown, 1 warning: 5 checks, 3 servers, 1 not read
      "
    `);
  });

  it('at 120 columns has the same in fewer lines', () => {
    expect(`\n${shown(troubled(), 120).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      OUTCOME   WHERE          SEEN
      critical  nats-2 (hub3)  unreachable, ECONNREFUSED: no connection, http://hub3:8222 (server down, or its http_port is a…
      unknown   (cluster)      2 checks cannot tell without nats-2: connection-count, leafnode-connections
      unknown   hub2           connection-count: /connz: no answer within 5 s from http://hub2:8222 (a hanging server)
      warning   nats-0 (hub1)  connection-count: 900 of 1,000 connections (90 %)
      ok        2 servers      server-up: nats-0, hub2
      ok        nats-0 (hub1)  rule-series: 3 evaluated rules, none fires

      names    in sentences hub1 is nats-0, hub3 is nats-2

      CRITICAL SERVER_101 No usable answer from a server: nats-2 (hub3)
      hub3 does not answer (unreachable); it did within the last hour.
      observed 0, limit 1; since 2026-11-20 10:02 UTC (5 min)
        - hub3 /varz: no connection to http://hub3:8222: ECONNREFUSED (server down, or its http_port is
          another one)
        why  At \`max_connections\` the server refuses every further client with "Maximum Connections
             Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ curl -sS -m 5 'http://hub3:8222/varz' | head -5; curl -sS -m 5 'http://hub3:8222/healthz'

      WARNING SERVER_011 Connections near the server maximum: nats-0 (hub1)
      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.
      observed 90 %, limit 80 %, up from 82 %; since 2026-11-20 10:02 UTC (5 min)
        - room for 100 more
        why  At \`max_connections\` the server refuses every further client with "Maximum Connections
             Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ nats server report connections --top 20
        $ curl -s 'http://hub1:8222/varz'

      critical  SERVER_101 No usable answer from a server: nats-2 (hub3)
      unknown   (cluster)  2 checks cannot tell without nats-2: connection-count, leafnode-connections
      unknown   hub2  connection-count: /connz: no answer within 5 s from http://hub2:8222 (a hanging server)
      warning   SERVER_011 Connections near the server maximum: nats-0 (hub1)
      1 critical, 2 unknown, 1 warning: 5 checks, 3 servers, 1 not read
      "
    `);
  });

  it('at a cluster that is well is a line a check, and one that says so', () => {
    const names = ['hub1', 'hub2'];
    const document = documentOf(
      names.map((name) => target(name)),
      ...names.map((name) => said('server-up', name, 'ok', 'up, 2.15.1')),
      said('server-up', null, 'ok', 'no route is missing'),
      said('connection-count', 'hub1', 'ok', '900 connections'),
      said('connection-count', 'hub2', 'not-applicable', 'the same server as hub1, where it counts'),
      said('leafnode-connections', null, 'ok', '3 of 3 leafnodes'),
    );
    expect(shown(document)).toEqual([
      'OUTCOME         WHERE      SEEN',
      'ok              2 servers  server-up',
      'ok              hub1       connection-count: 900 connections',
      'ok              (cluster)  leafnode-connections: 3 of 3 leafnodes',
      'not-applicable  hub2       connection-count: the same server as hub1, where it …',
      '',
      'ok: 3 checks, 2 servers',
    ]);
  });

  it('at what several checks do not ask for one reason says the reason once', () => {
    const names = ['hub1', 'hub2'];
    const off = ['jetstream-server', 'jetstream-streams'].flatMap((check) =>
      names.map((name) => said(check, name, 'not-applicable', 'JetStream is off')),
    );
    const other = said('jetstream-meta', 'hub1', 'not-applicable', 'JetStream is off');
    const document = documentOf(
      names.map((name) => target(name)),
      said('server-up', null, 'ok', 'no route is missing'),
      ...off,
      other,
    );
    expect(shown(document).slice(1, 4)).toEqual([
      'ok              (cluster)  server-up: no route is missing',
      'not-applicable  2 servers  JetStream is off: jetstream-server, jetstream-streams',
      'not-applicable  hub1       jetstream-meta: JetStream is off',
    ]);
  });

  it('at one server that is well says what was seen of it', () => {
    expect(shown(documentOf([target('hub1', { serverName: 'nats-0' })], entry()))).toEqual([
      'OUTCOME  WHERE          SEEN',
      'ok       nats-0 (hub1)  connection-count: 900 connections',
      '',
      'ok: 1 check, 1 server',
    ]);
  });

  it('at nothing says so', () => {
    expect(shown(documentOf([]))).toEqual(['OUTCOME  WHERE  SEEN', '', 'unknown: 0 checks, 0 servers']);
  });

  it.each([80, 120])(
    'at 40 servers that are down is a line each, one example, and an end that fits, at %i columns',
    (width) => {
      const names = numbered(40);
      const lines = shown(
        documentOf(
          names.map((name) => dead(name)),
          ...names.flatMap(silent),
        ),
        width,
      );
      const rows = lines.slice(1, 41);
      expect(rows.map((line) => line.split(/ {2,}/)[1])).toEqual(names);
      expect(
        rows.every((line) =>
          /^critical {2}hub\d\d {2}unreachable, ECONNREFUSED: no connection, http:/.test(line),
        ),
      ).toBe(true);
      expect(lines.filter((line) => line.includes('curl')).length).toBe(1);
      expect(lines.filter((line) => /^ {2}- hub\d\d does not answer/.test(line)).length).toBe(39);
      expect(lines.length).toBeLessThan(150);
      expect(lines.every((line) => line.length <= width)).toBe(true);
      expect(lines.slice(-3)).toEqual(
        [
          '',
          'critical  40 × SERVER_101 No usable answer from a server: hub01, hub02, hub03, …',
          '40 critical: 5 checks, 40 servers, 40 not read',
        ].map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line)),
      );
    },
  );

  it('at 100 findings of JetStream tells each diagnosis once in full, and the others in a sentence', () => {
    const kinds = ['JS_001', 'JS_002', 'JS_003'];
    const findings = Array.from({ length: 100 }, (_, i) =>
      finding({
        diagnosis: kinds[i % 3] ?? '',
        title: 'Consumer behind',
        target: null,
        entity: { kind: 'name', name: `ORDERS/c${i}` },
        summary: `ORDERS/c${i} has 12,000 messages pending, limit 10,000.`,
      }),
    );
    const lines = shown(
      documentOf([target('hub1')], said('jetstream', null, 'warning', '100 consumers behind', findings)),
    );
    expect(lines.filter((line) => line.startsWith('  why')).length).toBe(3);
    expect(lines.filter((line) => /^(ORDERS| {2}- ORDERS)\/c\d+ has/.test(line)).length).toBe(100);
    expect(lines.length).toBeLessThan(250);
    expect(lines.slice(-4)).toEqual([
      ...kinds.map(
        (id, i) =>
          `warning   ${i === 0 ? 34 : 33} × ${id} Consumer behind: ORDERS/c${i}, ORDERS/c${i + 3}, ORDERS/c${i + 6}, …`,
      ),
      '100 warnings: 1 check, 1 server',
    ]);
  });

  it('says how many of a diagnosis are left out where they are too many for a list', () => {
    const findings = (n: number) =>
      Array.from({ length: n }, (_, i) => finding({ summary: `c${i} is behind.` }));
    const left = (n: number) =>
      shown(documentOf([target('hub1')], entry({ outcome: 'warning', findings: findings(n) }))).filter(
        (line) => /^ {2}and \d+ more/.test(line),
      );
    expect([left(51), left(52)]).toEqual([[], ['  and 1 more']]);
  });

  it('tells ten findings in full, and advice that is the same once; of eleven one', () => {
    const names = numbered(11);
    const inFull = (n: number) => {
      const lines = shown(documentOf([], entry({ findings: names.slice(0, n).map(down) })));
      return [/^ {2}\$ curl/, /^ {2}why/].map((what) => lines.filter((line) => what.test(line)).length);
    };
    expect([inFull(10), inFull(11)]).toEqual([
      [10, 1],
      [1, 1],
    ]);
  });

  it('has an end of no more lines than it is given, and says how many it leaves out', () => {
    const findings = Array.from({ length: 9 }, (_, i) => finding({ diagnosis: `SERVER_${i}` }));
    const end = (rows: number) => {
      const lines = shown(documentOf([target('hub1')], entry({ outcome: 'warning', findings })), 80, rows);
      return lines.slice(lines.lastIndexOf('') + 1);
    };
    expect([9, 8].map((rows) => [end(rows).length, end(rows).at(-2)])).toEqual([
      [10, 'warning   SERVER_8 Connections near the server maximum: hub1'],
      [9, '          and 2 more above'],
    ]);
  });

  it('names the cluster of everything where there are several', () => {
    const of = (cluster: string) => [
      { ...crowded, cluster, findings: [finding({ cluster })] },
      entry({ cluster, scope: 'cluster', target: null }),
    ];
    const targets = ['east', 'west'].map((cluster) => target('hub1', { cluster }));
    const lines = shown(documentOf(targets, ...of('east'), ...of('west')));
    expect(lines.filter((line) => /^(WARN|warn|ok)/.test(line))).toEqual([
      'warning  east/hub1       connection-count: 900 of 1,000 connections (90 %)',
      'warning  west/hub1       connection-count: 900 of 1,000 connections (90 %)',
      'ok       (cluster east)  connection-count: 900 connections',
      'WARNING SERVER_011 Connections near the server maximum: east/hub1',
      'WARNING SERVER_011 Connections near the server maximum: west/hub1',
      'warning   SERVER_011 Connections near the server maximum: east/hub1, west/hub1',
    ]);
  });

  it('at a cluster of which nothing can be read is a line of what its checks cannot tell, whatever their words', () => {
    const names = ['hub1', 'hub2'];
    const document = documentOf(
      names.map((name) => dead(name)),
      ...names.flatMap(silent),
      saidWithout('server-up', null, names, refused('hub1').message),
      saidWithout('rule-series', null, names, 'whatever its words are'),
    );
    expect(shown(document).slice(3, 5)).toEqual([
      'unknown   (cluster)  2 checks cannot tell without 2 servers: server-up,',
      '                     rule-series',
    ]);
  });

  it('says whom sentences mean where settings name a server otherwise, and not of a URL or a longer name', () => {
    const named = (seen: string) =>
      shown(
        documentOf(
          [
            target('hub1', { serverName: 'nats-0' }),
            target('hub2', { serverName: 'nats-1' }),
            target('hub3'),
          ],
          said('cluster-links', null, 'warning', seen),
        ),
        120,
      ).filter((line) => line.startsWith('names'));
    expect(named('hub1 has no route to hub2, hub3 has')).toEqual([
      'names    in sentences hub1 is nats-0, hub2 is nats-1',
    ]);
    expect(named('hub1 from nats-1')).toEqual(['names    in sentences hub1 is nats-0']);
    for (const other of ['hub10', 'my-hub1', 'hub1-a', 'http://hub1:8222/varz', 'hub3'])
      expect(named(`${other} is slow`)).toEqual([]);
  });

  it('does not take words for what they say: a stream of a server’s name, a reply of one that answers', () => {
    const row = (entry: Entry) => {
      const document = documentOf([dead('hub1'), target('hub2')], ...silent('hub1'), entry);
      return shown(document, 120).filter((line) => line.includes('jetstream-streams:'));
    };
    const stream = 'stream hub1 could not be read: its leader does not answer';
    expect(row(said('jetstream-streams', null, 'unknown', stream))).toEqual([
      `unknown   (cluster)  jetstream-streams: ${stream}`,
      `unknown   (cluster)  jetstream-streams: ${stream}`,
    ]);
    const both = 'no stream is lost; hub1, 2 rows of hub2 /jsz could not be read';
    const besides = 'no stream is lost; 2 rows of hub2 /jsz could not be read';
    expect(row(saidWithout('jetstream-streams', null, ['hub1'], both, { besides, alone: false }))[0]).toBe(
      `unknown   (cluster)  jetstream-streams: ${besides}`,
    );
    const unasked = 'hub2 could not be read';
    expect(row(saidWithout('jetstream-streams', null, ['hub2'], unasked))[0]).toBe(
      `unknown   (cluster)  jetstream-streams: ${unasked}`,
    );
    const worse = { outcome: 'warning', besides: '2 streams are behind' } as const;
    const warning = `${worse.besides}; hub1 could not be read`;
    expect(row(saidWithout('jetstream-streams', null, ['hub1'], warning, worse))[0]).toBe(
      `warning   (cluster)  jetstream-streams: ${worse.besides}`,
    );
  });

  it('does not take what a check says of a server of one cluster for that of another', () => {
    const other = saidWithout('server-up', null, ['hub1'], 'hub1 could not be read');
    const document = documentOf([dead('hub1'), target('hub1', { cluster: 'west' })], ...silent('hub1'), {
      ...other,
      cluster: 'west',
    });
    expect(shown(document).slice(1, 3)).toEqual([
      'critical  prod/hub1       unreachable, ECONNREFUSED: no connection, http://hub1…',
      'unknown   (cluster west)  server-up: hub1 could not be read',
    ]);
  });

  it('of what is only worth knowing is its sentence, without advice and without a limit, as it has none', () => {
    const lines = shown(
      documentOf([target('hub1')], entry({ findings: [finding({ severity: 'info', limit: null })] })),
    );
    expect(lines.slice(3, -2)).toEqual([
      'INFO SERVER_011 Connections near the server maximum: hub1',
      'hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.',
      'observed 90 %, up from 82 %; since 2026-11-20 10:02 UTC (5 min)',
      '  - room for 100 more',
    ]);
  });

  it('says each thing once that several diagnoses saw', () => {
    const seen = 'hub1 /connz: timed out';
    const diagnoses = ['a', 'b'].map((id) => ({ id, outcome: 'unknown' as const, seen }));
    expect(shown(documentOf([target('hub1')], entry({ outcome: 'unknown', diagnoses })))[1]).toBe(
      'unknown  hub1   connection-count: /connz: timed out',
    );
  });

  it('cuts a long name within, so that its beginning and its end are told', () => {
    const name = `nats-${'x'.repeat(60)}-7`;
    const [, row = ''] = shown(documentOf([target(name)], { ...crowded, target: name }));
    expect(row).toBe('warning  nats-xxxxxxxx…xxxxxxxxxx-7  connection-count: 900 of 1,000 connections');
  });
});

describe('what is beyond a limit, and not for long enough yet', () => {
  const waits =
    '2 missing: orders, payments-of-the-northern-region (limit crossed, but not for long enough yet)';
  const pending = (check: string, at: string | null, seen = waits) =>
    entry({
      ...{ check, target: at, scope: at === null ? 'cluster' : 'server' },
      diagnoses: [
        { id: 'X_001', outcome: 'ok', seen: 'nothing else' },
        { id: 'X_002', outcome: 'ok', seen, pending: true },
      ],
    });
  const names = ['hub1', 'hub2', 'hub3'];
  const table = (...entries: readonly ReturnType<typeof said>[]) =>
    shown(
      documentOf(
        names.map((name) => target(name)),
        ...entries,
      ),
    ).slice(1, -2);

  it('is said whole, before what is plainly well', () => {
    expect(table(said('server-up', 'hub1', 'ok', 'up, 2.15.1'), pending('accounts', null))).toEqual([
      'ok       (cluster)  accounts: 2 missing: orders, payments-of-the-northern-region',
      '                    (limit crossed, but not for long enough yet)',
      'ok       hub1       server-up: up, 2.15.1',
    ]);
  });

  it('is one row for the servers of which it is the same, beside those that are well', () => {
    const all = table(
      pending('clients', 'hub1', '9 wait'),
      pending('clients', 'hub2', '9 wait'),
      said('clients', 'hub3', 'ok', 'all is well'),
    );
    expect(all).toEqual([
      'ok       2 servers  clients: 9 wait; hub1, hub2',
      'ok       hub3       clients: all is well',
    ]);
  });

  it('is said beside what is wrong at the same place', () => {
    const both = entry({
      outcome: 'warning',
      diagnoses: [
        { id: 'X_001', outcome: 'warning', seen: '900 connections' },
        { id: 'X_002', outcome: 'ok', seen: '9 wait', pending: true },
      ],
    });
    expect(table(both)).toEqual([
      'warning  hub1   connection-count: 900 connections',
      'ok       hub1   connection-count: 9 wait',
    ]);
  });
});
