import { describe, expect, it } from 'vitest';
import { messages } from '../../../lambdas/engine/findings/messages.ts';
import type { Notice } from '../../../lambdas/engine/findings/report.ts';
import { context, notice } from './notices.ts';

describe('messages of a run', () => {
  it('are none where nothing is to be told', () => {
    expect(messages([], context)).toEqual([]);
  });

  it('are one for each severity, the worst first, whole', () => {
    const given = [
      notice(),
      notice({ severity: 'critical', kind: 'resolved' }, { severity: 'critical' }),
      notice({ kind: 'reminded' }),
      notice(),
    ];
    const sent = messages(given, context);
    expect(sent.map((message) => ({ ...message, json: '', text: '' }))).toEqual([
      {
        id: 'connection-count/prod/critical/2026-11-20T10:07:00.000Z',
        check: 'connection-count',
        cluster: 'prod',
        severity: 'critical',
        statuses: ['resolved'],
        subject: '[critical] prod connection-count: resolved SERVER_011 hub1',
        json: '',
        text: '',
        short:
          'critical prod resolved SERVER_011 hub1: Last seen: hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.',
      },
      {
        id: 'connection-count/prod/warning/2026-11-20T10:07:00.000Z',
        check: 'connection-count',
        cluster: 'prod',
        severity: 'warning',
        statuses: ['opened', 'reminded'],
        subject: '[warning] prod connection-count: opened SERVER_011 hub1 and 2 more',
        json: '',
        text: '',
        short:
          'warning prod opened SERVER_011 hub1: hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %. and 2 more',
      },
    ]);
    expect(sent.map(({ json }) => JSON.parse(json) as unknown)).toEqual([
      {
        version: 1,
        at: '2026-11-20T10:07:00.000Z',
        check: 'connection-count',
        cluster: 'prod',
        severity: 'critical',
        notices: [given[1]],
      },
      {
        version: 1,
        at: '2026-11-20T10:07:00.000Z',
        check: 'connection-count',
        cluster: 'prod',
        severity: 'warning',
        notices: [given[0], given[2], given[3]],
      },
    ]);
  });

  it('never tell what is only worth knowing', () => {
    expect(messages([notice({ severity: 'info' })], context)).toEqual([]);
  });
});

describe('an e-mail', () => {
  const textOf = (...notices: readonly Notice[]) => messages(notices, context)[0]?.text;

  it('names no limit of what is only worth knowing by now', () => {
    const text = textOf(notice({ kind: 'lowered' }, { severity: 'info', limit: null }));
    expect(/^Observed.*$/m.exec(text ?? '')?.[0]).toBe('Observed: 90 %, up from 82 %');
  });

  it('about a finding that opened says where, what, since when, why and what to do', () => {
    expect(textOf(notice())).toMatchInlineSnapshot(`
      "WARNING SERVER_011: Connections near the server maximum
      (opened)

      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.

      Where: server hub1, cluster prod, team=platform, az=eu-central-1a
      Observed: 90 % (limit 80 %), up from 82 %
      Since: 2026-11-20 10:02 UTC (5 min)
      Read on: https://wiki.example/checks#server_011

      Evidence
        room for 100 more
        client names: ingest 700 (78 %), (unnamed) 200 (22 %)

      Why it matters
        At \`max_connections\` the server refuses every further client with "Maximum
        Connections Exceeded".

      What to do
        Find who holds the connections and close what leaks.
        If the load is legitimate, raise the limit.

      Look closer
        nats server report connections --top 20
        curl -s 'http://10.0.1.10:8222/varz' | grep connections
      "
    `);
  });

  it('about a finding that was there when watching began says that its age is not known, and names its alarm', () => {
    const alarm = 'nats/prod/NatsHighNumberOfConnections/hub1/warning';
    expect(
      textOf(
        notice({}, { durationKnown: false, trend: null, target: null, labels: {}, evidence: [], alarm }),
      ),
    ).toMatchInlineSnapshot(`
      "WARNING SERVER_011: Connections near the server maximum
      (opened)

      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.

      Where: cluster prod
      What: server hub1
      Observed: 90 % (limit 80 %)
      Since: duration unknown: first looked at 2026-11-20 10:02 UTC
      Alarm: nats/prod/NatsHighNumberOfConnections/hub1/warning
      Read on: https://wiki.example/checks#server_011

      Why it matters
        At \`max_connections\` the server refuses every further client with "Maximum
        Connections Exceeded".

      What to do
        Find who holds the connections and close what leaks.
        If the load is legitimate, raise the limit.

      Look closer
        nats server report connections --top 20
        curl -s 'http://10.0.1.10:8222/varz' | grep connections
      "
    `);
  });

  it('about a finding that resolved is short', () => {
    expect(textOf(notice({ kind: 'resolved' }, { evidence: [], commands: [] }))).toMatchInlineSnapshot(`
      "RESOLVED SERVER_011: Connections near the server maximum
      (resolved: two runs in a row looked and did not find it, or nothing asks for it any more)

      Last seen: hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.

      Where: server hub1, cluster prod, team=platform, az=eu-central-1a
      Observed: 90 % (limit 80 %), up from 82 %
      Since: 2026-11-20 10:02 UTC (5 min)
      Read on: https://wiki.example/checks#server_011
      "
    `);
  });

  it('about several findings has them below each other, divided by a line', () => {
    const parts = textOf(notice(), notice({ kind: 'lowered' }))?.split(`\n${'-'.repeat(72)}\n\n`);
    expect(parts?.map((part) => part.split('\n').slice(0, 2))).toEqual([
      ['WARNING SERVER_011: Connections near the server maximum', '(opened)'],
      ['WARNING SERVER_011: Connections near the server maximum', '(lowered: it is no longer as bad)'],
    ]);
  });

  it('says of each kind of news what it means', () => {
    const kinds = ['opened', 'raised', 'lowered', 'reminded', 'resolved'] as const;
    expect(kinds.map((kind) => textOf(notice({ kind }))?.split('\n')[1])).toEqual([
      '(opened)',
      '(raised: it got worse)',
      '(lowered: it is no longer as bad)',
      '(reminder: it is still open)',
      '(resolved: two runs in a row looked and did not find it, or nothing asks for it any more)',
    ]);
  });
});
