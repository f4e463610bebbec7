import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { terminal } from '../../../infra/local/terminal.ts';
import type { Notice } from '../../../lambdas/engine/findings/report.ts';
import type { Entry, Finding } from '../../../lambdas/engine/findings/report.ts';
import type { RunDocument } from '../../../infra/local/document.ts';
import { finding as findingInFull } from '../../engine/findings/notices.ts';

const finding = (changes: Partial<Finding> = {}): Finding =>
  findingInFull({
    labels: {},
    evidence: ['room for 100 more'],
    remedy: 'Close what leaks.\nElse raise the limit.',
    commands: ['nats server report connections --top 20', "curl -s 'http://hub1:8222/varz'"],
    ...changes,
  });
const entry = (changes: Partial<Entry> = {}): Entry => ({
  check: 'connection-count',
  scope: 'server',
  cluster: 'prod',
  target: 'hub1',
  outcome: 'ok',
  diagnoses: [
    { id: 'SERVER_103', outcome: 'ok', seen: '900 connections' },
    { id: 'SERVER_102', outcome: 'ok', seen: 'every endpoint answers' },
  ],
  observations: [],
  findings: [],
  ...changes,
});
const document = (...checks: readonly Entry[]): RunDocument => ({
  takenAt: '2026-11-20T10:07:00.000Z',
  targets: [],
  checks,
});
const crowded = entry({
  outcome: 'warning',
  diagnoses: [
    { id: 'SERVER_103', outcome: 'ok', seen: '900 connections' },
    { id: 'SERVER_011', outcome: 'warning', seen: '900 of 1,000 connections (90 %)' },
  ],
  findings: [finding()],
});

/** A stream that keeps what is written; with `columns` it is a terminal. */
function stream(columns?: number) {
  const kept = new PassThrough();
  const tty = { isTTY: true, columns, getColorDepth: () => WriteStream.prototype.getColorDepth() };
  return Object.assign(kept, columns === undefined ? {} : tty) as unknown as NodeJS.WriteStream & PassThrough;
}
const written = (from: PassThrough) => (from.read() as Buffer | null)?.toString() ?? '';

function shown(
  of: RunDocument,
  {
    columns,
    clear = false,
    notices = [] as readonly Notice[],
  }: { columns?: number; clear?: boolean; notices?: readonly Notice[] } = {},
) {
  const out = stream(columns);
  terminal(out, stream()).show(of, notices, clear ? [] : null);
  return written(out);
}

beforeEach(() => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});
afterEach(() => vi.unstubAllEnvs());

describe('what is shown', () => {
  it('is a table, the worst first, and below it every finding, the worst first', () => {
    const gone = finding({
      diagnosis: 'LEAF_101',
      title: 'No leafnode is connected',
      severity: 'critical',
      target: null,
      entity: { kind: 'cluster', name: 'prod' },
      summary: 'No leafnode is connected to prod.',
      observed: 0,
      limit: 0,
      unit: 'count',
      durationKnown: false,
      trend: null,
      evidence: [],
      commands: [],
    });
    const checks = [
      entry({ check: 'server-up', diagnoses: [{ id: 'SERVER_101', outcome: 'ok', seen: 'up, 2.15.1' }] }),
      crowded,
      entry({
        target: 'hub2',
        outcome: 'unknown',
        diagnoses: [{ id: 'SERVER_103', outcome: 'unknown', seen: 'hub2 /varz: timed out' }],
      }),
      entry({
        check: 'leafnode-connections',
        scope: 'cluster',
        target: null,
        outcome: 'critical',
        diagnoses: [{ id: 'LEAF_101', outcome: 'critical', seen: 'no leafnode' }],
        findings: [gone],
      }),
      entry({ scope: 'cluster', target: null, outcome: 'not-applicable', diagnoses: [] }),
    ];
    expect(shown(document(...checks))).toMatchInlineSnapshot(`
      "OUTCOME   CHECK                 TARGET     SEEN
      critical  leafnode-connections  (cluster)  no leafnode
      unknown   connection-count      hub2       hub2 /varz: timed out
      warning   connection-count      hub1       900 of 1,000 connections (90 %)
      ok        server-up             hub1       up, 2.15.1

      CRITICAL LEAF_101 No leafnode is connected (cluster prod)
      No leafnode is connected to prod.
      observed 0, limit 0; duration unknown
        why  At \`max_connections\` the server refuses every further client with "Maximum Connections Exceeded".
        do   Close what leaks.
             Else raise the limit.

      WARNING SERVER_011 Connections near the server maximum (hub1)
      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.
      observed 90 %, limit 80 %, up from 82 %; since 2026-11-20 10:02 UTC (5 min)
        - room for 100 more
        why  At \`max_connections\` the server refuses every further client with "Maximum Connections Exceeded".
        do   Close what leaks.
             Else raise the limit.
        $ nats server report connections --top 20
        $ curl -s 'http://hub1:8222/varz'
      "
    `);
  });

  it('names the cluster of everything where there are several', () => {
    const of = (cluster: string) => [
      { ...crowded, cluster, findings: [finding({ cluster })] },
      entry({ cluster, scope: 'cluster', target: null }),
    ];
    const text = shown(document(...of('east'), ...of('west')));
    expect(text.split('\n').filter((line) => /connection-count|SERVER_011/.test(line))).toEqual([
      'warning  connection-count  east/hub1       900 of 1,000 connections (90 %)',
      'warning  connection-count  west/hub1       900 of 1,000 connections (90 %)',
      'ok       connection-count  (cluster east)  900 connections',
      'ok       connection-count  (cluster west)  900 connections',
      'WARNING SERVER_011 Connections near the server maximum (east/hub1)',
      'WARNING SERVER_011 Connections near the server maximum (west/hub1)',
    ]);
    const resolved: Notice = {
      id: '',
      kind: 'resolved',
      severity: 'warning',
      finding: finding({ cluster: 'west' }),
    };
    const watched = shown(document(...of('east'), ...of('west')), { clear: true, notices: [resolved] });
    expect(watched).toContain('\nresolved: SERVER_011 hub1 (cluster west)\n');
  });

  it('of what is only worth knowing is its sentence, without advice and without a limit, as it has none', () => {
    expect(shown(document(entry({ findings: [finding({ severity: 'info', limit: null })] }))))
      .toMatchInlineSnapshot(`
      "OUTCOME  CHECK             TARGET  SEEN
      ok       connection-count  hub1    900 connections

      INFO SERVER_011 Connections near the server maximum (hub1)
      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.
      observed 90 %, up from 82 %; since 2026-11-20 10:02 UTC (5 min)
        - room for 100 more
      "
    `);
  });

  it('says each thing once that several diagnoses saw', () => {
    const seen = 'hub1 /varz: timed out';
    const diagnoses = ['a', 'b'].map((id) => ({ id, outcome: 'unknown' as const, seen }));
    expect(shown(document(entry({ outcome: 'unknown', diagnoses })))).toMatch(
      /connection-count {2}hub1 {4}hub1 \/varz: timed out\n/,
    );
  });

  it('of nothing is the head of a table', () => {
    expect(shown(document())).toBe('OUTCOME  CHECK  TARGET  SEEN\n');
  });
});

describe('a terminal', () => {
  const hasColours = (text: string) => stripVTControlCharacters(text) !== text;

  it('gets colours', () => {
    expect(hasColours(shown(document(crowded), { columns: 200 }))).toBe(true);
  });

  it('gets the same text as a pipe, colours apart', () => {
    expect(stripVTControlCharacters(shown(document(crowded), { columns: 200 }))).toBe(
      shown(document(crowded)),
    );
  });

  it('gets no colours where NO_COLOR says so, and a pipe none at all', () => {
    expect(hasColours(shown(document(crowded)))).toBe(false);
    vi.stubEnv('NO_COLOR', '1');
    expect(hasColours(shown(document(crowded), { columns: 200 }))).toBe(false);
  });

  it('gets rows that fit its width, and a pipe whole ones', () => {
    const rows = (text: string) => stripVTControlCharacters(text).split('\n').slice(0, 2);
    const long = document(entry({ diagnoses: [{ id: 'a', outcome: 'ok', seen: 'x'.repeat(100) }] }));
    expect(rows(shown(long, { columns: 40 }))).toEqual([
      'OUTCOME  CHECK             TARGET  SEEN',
      `ok       connection-count  hub1    ${'x'.repeat(4)}…`,
    ]);
    expect(rows(shown(long))[1]).toMatch(/x{100}$/);
  });

  it('of a watch is cleared before each look; a pipe gets no control characters', () => {
    expect(shown(document(), { columns: 80, clear: true })).toMatch(
      /^\u001b\[2J\u001b\[H2026-11-20 10:07 UTC\n/,
    );
    expect(shown(document(), { clear: true })).toBe('2026-11-20 10:07 UTC\nOUTCOME  CHECK  TARGET  SEEN\n');
  });

  it('of a watch ends with the alarms, each with its state and since when it has it', () => {
    const out = stream();
    const since = Date.parse('2026-11-20T10:02:00Z');
    terminal(out, stream()).show(
      document(),
      [],
      [
        { name: 'nats/prod/ConsumerBehind/hub1/critical', state: 'ALARM', since },
        { name: 'nats/prod/NatsServerDown/hub1/critical', state: 'INSUFFICIENT_DATA', since },
        { name: 'nats/prod/NatsServerDown/hub2/critical', state: 'OK', since: since - 86_400_000 },
      ],
    );
    expect(written(out)).toMatchInlineSnapshot(`
      "2026-11-20 10:07 UTC
      OUTCOME  CHECK  TARGET  SEEN

      ALARM STATE        SINCE                 ALARM
      ALARM              2026-11-20 10:02 UTC  nats/prod/ConsumerBehind/hub1/critical
      INSUFFICIENT_DATA  2026-11-20 10:02 UTC  nats/prod/NatsServerDown/hub1/critical
      OK                 2026-11-19 10:02 UTC  nats/prod/NatsServerDown/hub2/critical
      "
    `);
  });

  it('of a watch shows what became better or worse since the last look', () => {
    const notices = (['opened', 'raised', 'lowered', 'reminded', 'resolved'] as const).map(
      (kind): Notice => ({
        id: kind,
        kind,
        severity: 'warning',
        finding: finding(),
      }),
    );
    const text = shown(document(), { clear: true, notices });
    expect(
      text
        .split('\n')
        .filter((line) => line.includes(':'))
        .slice(1),
    ).toEqual(['raised: SERVER_011 hub1', 'lowered: SERVER_011 hub1', 'resolved: SERVER_011 hub1']);
    expect(shown(document(), { notices })).not.toContain('resolved');
  });
});

describe('progress', () => {
  it('is shown on a terminal and wiped when it is done', () => {
    const err = stream(80);
    const done = terminal(stream(), err).progress('reading 3 servers');
    expect(written(err)).toBe('reading 3 servers ...');
    done();
    expect(written(err)).toBe('\r\u001b[K');
  });

  it('is not shown in a pipe', () => {
    const err = stream();
    terminal(stream(80), err).progress('reading 3 servers')();
    expect(written(err)).toBe('');
  });
});
