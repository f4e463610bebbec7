import { describe, expect, it } from 'vitest';
import type { Description, Severity } from '../../../lambdas/define.ts';
import { compose, type Subject } from '../../../lambdas/engine/findings/compose.ts';
import type { FindingState } from '../../../lambdas/engine/findings/finding-state.ts';
import { commands, crowded } from '../samples.ts';

const since = Date.parse('2026-11-20T10:00:00Z');
const state = (changes: Partial<FindingState> = {}): FindingState => ({
  diagnosis: 'SERVER_900',
  target: 'n1',
  entity: { kind: 'server', name: 'n1' },
  levels: {},
  since,
  announced: 'warning',
  highestAnnounced: 'warning',
  toldAt: since,
  sinceUnknown: false,
  firstObserved: 11,
  observed: 1_200,
  limit: 10,
  unit: 'count',
  limitName: 'connections',
  summary: 'n1 held 11 connections.',
  enriched: {},
  ...changes,
});
const now: Description = { summary: 'n1 holds 1,200 connections.', evidence: ['CPU 50 %'], commands };
const subject = (changes: Partial<Subject> = {}): Subject => ({
  facts: {
    name: 'c1',
    labels: { team: 'a', env: 'prod' },
    expect: {},
    mostServers: 3,
    maxClosedClients: 10_000,
    memoryLimit: null,
    closeReasons: {},
    jetstream: { ignore: [] },
    clients: { ignore: [] },
    covered: { SERVER_900: { critical: { place: 'c1', rule: 'NatsCrowded', perServer: true } } },
    manual: 'https://wiki.example/checks',
  },
  group: 'servers',
  diagnosis: crowded(),
  target: { name: 'n1', labels: { env: 'test', az: '1a' } },
  ...changes,
});

describe('a finding in full', () => {
  it('has all that is known of it', () => {
    expect(compose(state(), 'warning', now, subject())).toStrictEqual({
      diagnosis: 'SERVER_900',
      title: 'Crowded',
      severity: 'warning',
      cluster: 'c1',
      target: 'n1',
      entity: { kind: 'server', name: 'n1' },
      labels: { team: 'a', env: 'test', az: '1a' },
      summary: 'n1 holds 1,200 connections.',
      observed: 1_200,
      limit: 10,
      unit: 'count',
      since: '2026-11-20T10:00:00.000Z',
      durationKnown: true,
      trend: 'up from 11',
      evidence: ['CPU 50 %'],
      why: 'Crowds hurt.',
      remedy: 'Send some home.',
      commands: [commands.nats, commands.curl],
      manual: 'https://wiki.example/checks#server_900',
      alarm: null,
    });
  });

  it.each([
    ['critical', 10],
    ['warning', 10],
    ['info', null],
  ] as const)('of severity %s has the limit %s: what is only worth knowing has none', (severity, limit) => {
    expect(compose(state(), severity, now, subject()).limit).toBe(limit);
  });

  it('that is only remembered has the words it was last told in', () => {
    const finding = compose(
      state({ enriched: { evidence: ['held by ingest'] } }),
      'warning',
      null,
      subject(),
    );
    expect([finding.summary, finding.evidence, finding.commands]).toEqual([
      'n1 held 11 connections.',
      ['held by ingest'],
      [],
    ]);
  });

  it('has what details showed before its own rows, and the cause where it is known now', () => {
    const enriched = { evidence: ['held by ingest'], cause: 'ingest leaks', remedy: 'Fix ingest.' };
    const finding = compose(state({ enriched }), 'warning', now, subject());
    expect([finding.summary, finding.evidence, finding.remedy]).toEqual([
      'n1 holds 1,200 connections; ingest leaks.',
      ['held by ingest', 'CPU 50 %'],
      'Fix ingest.',
    ]);
  });

  it('has eight rows of evidence, and says how many more there are', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, i) => `row ${i}`);
    const evidence = (count: number) =>
      compose(state(), 'warning', { ...now, evidence: rows(count) }, subject()).evidence;
    expect(evidence(8)).toEqual(rows(8));
    expect(evidence(9)).toEqual([...rows(8), 'and 1 more']);
  });

  it.each([
    [11, 11, null],
    [20, 11, 'down from 20'],
    [2, 11, 'up from 2'],
  ])('that was first seen at %d and is %d now has the trend %s', (firstObserved, observed, trend) => {
    expect(compose(state({ firstObserved, observed }), 'warning', now, subject()).trend).toBe(trend);
  });

  it('names the alarm that pages for its limit and severity, and none for another limit or severity', () => {
    const diagnosis = crowded({ rule: { alert: 'NatsCrowded', limit: 'connections' } });
    const alarmOf = (limitName: string, severity: Severity) =>
      compose(state({ limitName }), severity, now, subject({ diagnosis })).alarm;
    expect([
      alarmOf('connections', 'critical'),
      alarmOf('connections', 'warning'),
      alarmOf('other', 'critical'),
    ]).toEqual(['nats/c1/NatsCrowded/n1/critical', null, null]);
  });

  it('takes no line break, escape sequence or endless name from outside', () => {
    const name = `\u001b[31m${'x'.repeat(300)}\n`;
    const finding = compose(
      state({ entity: { kind: 'client', name } }),
      'warning',
      { summary: `${name} leaks.`, evidence: [name], commands: { nats: name, curl: name } },
      subject(),
    );
    expect(finding.entity.name).toMatch(/^\u{fffd}\[31mx{194}…$/u);
    const texts = [finding.summary, ...finding.evidence, ...finding.commands];
    expect(texts.filter((text) => /[\u0000-\u001f]/.test(text))).toEqual([]);
  });
});
