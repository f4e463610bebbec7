import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../../infra/local/document.ts';
import type { ShownAlarm } from '../../../../infra/local/screen/alarms.ts';
import { lineWatch, screenWatch, type Seen } from '../../../../infra/local/screen/watch.ts';
import { minutes } from '../../../../lambdas/durations.ts';
import type { Finding, Notice } from '../../../../lambdas/engine/findings/report.ts';
import {
  at,
  crowded,
  dead,
  documentOf,
  down,
  entry,
  finding,
  said,
  silent,
  target,
  troubled,
} from './documents.ts';

const page = (width: number) => ({ width, paint: (_style: unknown, text: string) => text });
const later = (n: number) => new Date(Date.parse(at) + minutes(n)).toISOString();

const seen = (
  document: RunDocument,
  n = 0,
  notices: readonly Notice[] = [],
  alarms: readonly ShownAlarm[] = [],
): Seen => ({ document: { ...document, takenAt: later(n) }, notices, alarms });

const noticeOf = (kind: Notice['kind'], of: Finding): Notice => ({
  id: `${kind} ${of.entity.name}`,
  kind,
  severity: of.severity === 'info' ? 'warning' : of.severity,
  finding: of,
});

const well = documentOf([target('hub1'), target('hub2')], entry(), entry({ target: 'hub2' }));
const unknown = finding({ durationKnown: false });
const isCrowded = documentOf(
  [target('hub1'), target('hub2')],
  { ...crowded, findings: [unknown] },
  entry({ target: 'hub2' }),
);
const alarm = (name: string, state: ShownAlarm['state'], n = 0): ShownAlarm => ({
  name: `nats/prod/${name}`,
  state,
  since: Date.parse(at) + minutes(n),
});

/** The screen after these looks. */
function screen(looks: readonly Seen[], { width = 80, rows = 23, warnings = [] as readonly string[] } = {}) {
  const watched = screenWatch();
  for (const each of looks) watched.take(each);
  return watched.draw(page(width), rows, warnings);
}

/** What goes by at each of these looks. */
function lines(looks: readonly Seen[], width = 100) {
  const shown = lineWatch();
  return looks.map((each) => shown(each, page(width), 20));
}

describe('a watch in a pipe', () => {
  it('shows the first look whole, with the alarms that are not OK, and then nothing while nothing changes', () => {
    const alarms = [
      alarm('Behind/critical', 'ALARM', -5),
      alarm('Down/hub1', 'INSUFFICIENT_DATA'),
      alarm('Well', 'OK'),
    ];
    const shown = lines([0, 1, 2].map((n) => seen(isCrowded, n, [], alarms)));
    expect(shown.map((each) => each.length > 0)).toEqual([true, false, false]);
    expect(shown[0]?.slice(0, 4)).toEqual([
      '2026-11-20 10:07 UTC',
      'OUTCOME  WHERE  SEEN',
      'warning  hub1   connection-count: 900 of 1,000 connections (90 %)',
      'ok       hub2   connection-count: 900 connections',
    ]);
    expect(shown[0]?.slice(-8)).toEqual([
      '',
      'ALARM STATE        SINCE                 ALARM',
      'ALARM              2026-11-20 10:02 UTC  nats/prod/Behind/critical',
      'INSUFFICIENT_DATA                        1 of 3 alarms: nats/prod/Down/hub1',
      'OK                                       1 of 3 alarms',
      '',
      'warning   SERVER_011 Connections near the server maximum: hub1',
      '1 warning: 1 check, 2 servers',
    ]);
  });

  it('then tells what findings became, those of one diagnosis together', () => {
    const names = ['hub1', 'hub2', 'hub3', 'hub4'];
    const of = (name: string, severity: Finding['severity'] = 'warning') =>
      finding({ target: name, entity: { kind: 'server', name }, severity });
    const [, opened, moved] = lines([
      seen(well),
      seen(isCrowded, 1, [
        ...names.map((name) => noticeOf('opened', of(name))),
        noticeOf('opened', down('hub5')),
      ]),
      seen(isCrowded, 2, [
        noticeOf('raised', of('hub1', 'critical')),
        noticeOf('lowered', of('hub2')),
        noticeOf('resolved', of('hub3')),
        noticeOf('reminded', of('hub4')),
      ]),
    ]);
    expect(opened).toEqual([
      '2026-11-20 10:08 UTC  warning   SERVER_011 Connections near the server maximum: hub1, hub2, hub3 and',
      '                                1 more',
      '2026-11-20 10:08 UTC  critical  SERVER_101 No usable answer from a server: hub5',
    ]);
    expect(moved).toEqual([
      '2026-11-20 10:09 UTC  raised    SERVER_011 Connections near the server maximum to critical: hub1',
      '2026-11-20 10:09 UTC  lowered   SERVER_011 Connections near the server maximum to warning: hub2',
      '2026-11-20 10:09 UTC  resolved  SERVER_011 Connections near the server maximum: hub3',
    ]);
  });

  it('tells of what can no longer be seen, and of what can again', () => {
    const blind = documentOf(
      [target('hub1'), target('hub2')],
      said('connection-count', 'hub1', 'unknown', 'hub1 /connz: timed out'),
      entry({ target: 'hub2' }),
    );
    expect(lines([seen(well), seen(blind, 1), seen(blind, 2), seen(well, 3)]).slice(1)).toEqual([
      ['2026-11-20 10:08 UTC  unknown   hub1  connection-count: /connz: timed out'],
      [],
      ['2026-11-20 10:10 UTC  known     hub1  connection-count'],
    ]);
  });

  it('tells once of a server that no longer answers, and once that it does again, whatever it had before', () => {
    const without = documentOf(
      [target('hub1'), dead('hub2')],
      entry(),
      ...silent('hub2')
        .map((each) => ({ ...each, outcome: 'unknown' as const, findings: [] }))
        .slice(1),
    );
    const before = documentOf(
      [target('hub1'), target('hub2')],
      entry(),
      said('connection-count', 'hub2', 'unknown', 'hub2 /connz: timed out'),
    );
    expect(lines([seen(before), seen(without, 1), seen(well, 2)], 120).slice(1)).toEqual([
      [
        '2026-11-20 10:08 UTC  unknown   hub2  unreachable, ECONNREFUSED: no connection, http://hub2:8222 (server down, or its',
        '                                http_port is another one)',
      ],
      ['2026-11-20 10:09 UTC  known     hub2  answers again'],
    ]);
  });

  it('tells of alarms that change their state, but not of those that have their first datapoints', () => {
    const shown = lines([
      seen(well, 0, [], [alarm('A', 'OK'), alarm('B', 'INSUFFICIENT_DATA'), alarm('C', 'ALARM')]),
      seen(well, 1, [], [alarm('A', 'ALARM', 1), alarm('B', 'OK', 1), alarm('C', 'OK', 1)]),
    ]);
    expect(shown[1]).toEqual([
      '2026-11-20 10:08 UTC  ALARM     nats/prod/A (was OK)',
      '2026-11-20 10:08 UTC  OK        nats/prod/C (was ALARM)',
    ]);
  });
});

describe('a watch on a screen', () => {
  const changed = [
    seen(well, 0, [], [alarm('Crowded', 'OK')]),
    seen(isCrowded, 1, [noticeOf('opened', unknown)], [alarm('Crowded', 'OK')]),
    seen(
      { ...troubled(), targets: troubled().targets },
      2,
      [noticeOf('opened', down('hub3'))],
      [alarm('Crowded', 'ALARM', 2)],
    ),
  ];

  it('of 80 columns has since when each trouble is, marks what is new, and lists what changed', () => {
    expect(`\n${screen(changed).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      10:09 UTC  1 critical, 2 unknown, 1 warning: 5 checks, 3 servers, 1 not read
      OUTCOME   SINCE      WHERE          SEEN
      critical  10:02 new  nats-2 (hub3)  unreachable, ECONNREFUSED: no connection,
                                          http://hub3:8222 (server down, or its
                                          http_port is another one)
      unknown   10:09 new  (cluster)      2 checks cannot tell without nats-2:
                                          connection-count, leafnode-connections
      unknown   10:09 new  hub2           connection-count: /connz: no answer within 5
                                          s from http://hub2:8222 (a hanging server)
      warning   10:02      nats-0 (hub1)  connection-count: 900 of 1,000 connections
                                          (90 %)
      ok                   2 servers      server-up: nats-0, hub2
      ok                   nats-0 (hub1)  rule-series: 3 evaluated rules, none fires

      10:09  critical  SERVER_101 No usable answer from a server: nats-2 (hub3)
      10:09  unknown   (cluster)  2 checks cannot tell without nats-2: connection-cou…
      10:09  unknown   hub2  connection-count: /connz: no answer within 5 s from http…
      10:09  ALARM     nats/prod/Crowded (was OK)
      10:08  warning   SERVER_011 Connections near the server maximum: hub1

      ALARM STATE  SINCE  ALARM
      ALARM        10:09  nats/prod/Crowded
      … 23 more lines: npm start without --watch
      "
    `);
  });

  it('of 120 columns and 50 rows has findings too', () => {
    expect(`\n${screen(changed, { width: 120, rows: 49 }).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      10:09 UTC  1 critical, 2 unknown, 1 warning: 5 checks, 3 servers, 1 not read
      OUTCOME   SINCE      WHERE          SEEN
      critical  10:02 new  nats-2 (hub3)  unreachable, ECONNREFUSED: no connection, http://hub3:8222 (server down, or its
                                          http_port is another one)
      unknown   10:09 new  (cluster)      2 checks cannot tell without nats-2: connection-count, leafnode-connections
      unknown   10:09 new  hub2           connection-count: /connz: no answer within 5 s from http://hub2:8222 (a hanging
                                          server)
      warning   10:02      nats-0 (hub1)  connection-count: 900 of 1,000 connections (90 %)
      ok                   2 servers      server-up: nats-0, hub2
      ok                   nats-0 (hub1)  rule-series: 3 evaluated rules, none fires

      10:09  critical  SERVER_101 No usable answer from a server: nats-2 (hub3)
      10:09  unknown   (cluster)  2 checks cannot tell without nats-2: connection-count, leafnode-connections
      10:09  unknown   hub2  connection-count: /connz: no answer within 5 s from http://hub2:8222 (a hanging server)
      10:09  ALARM     nats/prod/Crowded (was OK)
      10:08  warning   SERVER_011 Connections near the server maximum: hub1

      ALARM STATE  SINCE  ALARM
      ALARM        10:09  nats/prod/Crowded

      CRITICAL SERVER_101 No usable answer from a server: nats-2 (hub3)
      hub3 does not answer (unreachable); it did within the last hour.
      observed 0, limit 1; since 2026-11-20 10:02 UTC (7 min)
        - hub3 /varz: no connection to http://hub3:8222: ECONNREFUSED (server down, or its http_port is
          another one)
        why  At \`max_connections\` the server refuses every further client with "Maximum Connections
             Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ curl -sS -m 5 'http://hub3:8222/varz' | head -5; curl -sS -m 5 'http://hub3:8222/healthz'

      WARNING SERVER_011 Connections near the server maximum: nats-0 (hub1)
      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.
      observed 90 %, limit 80 %, up from 82 %; since 2026-11-20 10:02 UTC (7 min)
        - room for 100 more
        why  At \`max_connections\` the server refuses every further client with "Maximum Connections
             Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ nats server report connections --top 20
        $ curl -s 'http://hub1:8222/varz'
      "
    `);
  });

  it('knows since when: from a finding, else from the look that first had it, and else that it was before', () => {
    const since = (looks: readonly Seen[]) => screen(looks)[2]?.split(/ {2,}/)[1];
    const known = documentOf([target('hub1')], crowded);
    expect([
      since([seen(isCrowded), seen(isCrowded, 3)]),
      since([seen(well), seen(isCrowded, 3)]),
      since([seen(well), seen(isCrowded, 3), seen(isCrowded, 4)]),
      since([seen(known)]),
      since([seen(isCrowded), seen(well, 1), seen(isCrowded, 1441 + 60)]),
      since([seen(isCrowded), seen(isCrowded, 1441)]),
    ]).toEqual(['≤10:07', '10:10 new', '10:10', '10:02', '11:08 new', '≤11-20 10:07']);
  });

  it('is never longer than its rows nor wider than its columns, whatever is wrong', () => {
    const names = Array.from({ length: 40 }, (_, i) => `hub${i}.${'x'.repeat(40)}`);
    const all = documentOf(
      names.map((name) => dead(name)),
      ...names.flatMap(silent),
    );
    const notices = names.map((name) => noticeOf('opened', down(name)));
    const alarms = names.map((name) => alarm(`Down/${name}`, 'ALARM'));
    for (const [width, rows] of [
      [80, 23],
      [120, 49],
      [40, 12],
      [200, 400],
    ] as const) {
      const shown = screen([seen(well), seen(all, 1, notices, alarms)], { width, rows });
      const used = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
      expect(used).toBeLessThanOrEqual(rows);
      expect(shown[2]).toMatch(/^critical {2}10:0\d/);
    }
    const shown = screen([seen(well), seen(all, 1, notices, alarms)]);
    expect(shown.filter((line) => line.startsWith('… '))).toEqual([
      '… 26 more lines: npm start without --watch',
      '… 39 more lines: npm start without --watch',
    ]);
  });

  it('has what is warned of below the first line, the two latest', () => {
    expect(screen([seen(well)], { warnings: ['a', 'b', 'c'] }).slice(0, 4)).toEqual([
      '10:07 UTC  ok: 1 check, 2 servers',
      'warning: b',
      'warning: c',
      'OUTCOME  SINCE  WHERE      SEEN',
    ]);
  });

  it('leaves what is wrong when it ends, and nothing if there was no look', () => {
    const watched = screenWatch();
    expect(watched.farewell(page(80), 20)).toEqual([]);
    watched.take(seen(isCrowded));
    expect(watched.farewell(page(80), 20)).toEqual([
      'warning   SERVER_011 Connections near the server maximum: hub1',
      '1 warning: 1 check, 2 servers',
    ]);
  });
});

it('a screen has what is pending beside what is wrong, though there is no room for what is well', () => {
  const many = Array.from({ length: 9 }, (_, i) => said(`check-${i}`, 'hub1', 'ok', 'well'));
  const waiting = entry({
    check: 'accounts',
    diagnoses: [{ id: 'X_001', outcome: 'ok', seen: '2 missing', pending: true }],
  });
  const shown = screen([seen(documentOf([target('hub1')], waiting, ...many))], { rows: 8 });
  expect(shown.filter((line) => line.startsWith('ok ')).map((line) => line.trimEnd())).toEqual([
    'ok              hub1   accounts: 2 missing',
    'ok        9 checks',
  ]);
});
