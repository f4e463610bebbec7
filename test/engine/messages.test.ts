import { describe, expect, it } from 'vitest';
import { messages, type Notice } from '../../lambdas/engine/messages.ts';
import type { Finding } from '../../lambdas/engine/report.ts';

const at = Date.parse('2026-11-20T10:07:00Z');
const context = { check: 'connection-count', cluster: 'prod', at };

const finding = (changes: Partial<Finding> = {}): Finding => ({
  diagnosis: 'SERVER_011',
  title: 'Connections near the server maximum',
  severity: 'warning',
  cluster: 'prod',
  target: 'hub1',
  entity: { kind: 'server', name: 'hub1' },
  labels: { team: 'platform', az: 'eu-central-1a' },
  summary: 'hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.',
  observed: 0.9,
  limit: 0.8,
  unit: 'ratio',
  since: '2026-11-20T10:02:00.000Z',
  durationKnown: true,
  trend: 'up from 82 %',
  evidence: ['room for 100 more', 'client names: ingest 700 (78 %), (unnamed) 200 (22 %)'],
  why: 'At `max_connections` the server refuses every further client with "Maximum Connections Exceeded".',
  remedy: 'Find who holds the connections and close what leaks.\nIf the load is legitimate, raise the limit.',
  commands: [
    'nats server report connections --top 20',
    "curl -s 'http://10.0.1.10:8222/varz' | grep connections",
  ],
  alarm: null,
  ...changes,
});
const notice = (changes: Partial<Notice> = {}, of: Partial<Finding> = {}): Notice => ({
  id: `connection-count/prod/${of.entity?.name ?? 'hub1'}`,
  kind: 'opened',
  severity: 'warning',
  finding: finding(of),
  ...changes,
});
const named = (name: string) => notice({}, { entity: { kind: 'client', name } });

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

  it('about a finding that opened says where, what, since when, why and what to do', () => {
    expect(textOf(notice())).toMatchInlineSnapshot(`
      "WARNING SERVER_011: Connections near the server maximum
      (opened)

      hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.

      Where     server hub1, cluster prod, team=platform, az=eu-central-1a
      What      server hub1
      Observed  90 % (limit 80 %), up from 82 %
      Since     2026-11-20 10:02 UTC (5 min)

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

      Where     cluster prod
      What      server hub1
      Observed  90 % (limit 80 %)
      Since     duration unknown: first looked at 2026-11-20 10:02 UTC
      Alarm     nats/prod/NatsHighNumberOfConnections/hub1/warning

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
      (resolved: two runs in a row looked and did not find it, or settings no longer ask for it)

      Last seen: hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.

      Where     server hub1, cluster prod, team=platform, az=eu-central-1a
      What      server hub1
      Observed  90 % (limit 80 %), up from 82 %
      Since     2026-11-20 10:02 UTC (5 min)
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
      '(resolved: two runs in a row looked and did not find it, or settings no longer ask for it)',
    ]);
  });
});

describe('a subject', () => {
  const subjectOf = (...notices: readonly Notice[]) => messages(notices, context)[0]?.subject ?? '';

  it.each([
    [
      'a line break',
      'a\r\nBcc: everyone',
      '[warning] prod connection-count: opened SERVER_011 a??Bcc: everyone',
    ],
    ['an emoji', 'pump 😀', '[warning] prod connection-count: opened SERVER_011 pump ??'],
    ['another alphabet', 'Zoë 日本', '[warning] prod connection-count: opened SERVER_011 Zo? ??'],
    ['an escape sequence', '\u001b[2J', '[warning] prod connection-count: opened SERVER_011 ?[2J'],
  ])('takes a name with %s as printable ASCII', (_what, name, subject) => {
    expect(subjectOf(named(name))).toBe(subject);
  });

  it('is cut below 100 characters, and still counts the others', () => {
    const long = 'x'.repeat(300);
    expect(subjectOf(named(long))).toMatch(/^\[warning\] .*xxx\.\.\.$/);
    expect(subjectOf(named(long)).length).toBe(99);
    const many = subjectOf(named(long), ...Array.from({ length: 1_000 }, () => named('a')));
    expect(many).toMatch(/xxx\.\.\. and \d+ more$/);
    expect(many.length).toBe(99);
  });

  it('of 99 characters is not cut', () => {
    const fitting = 'x'.repeat(99 - '[warning] prod connection-count: opened SERVER_011 '.length);
    expect(subjectOf(named(fitting))).toMatch(/x$/);
    expect(subjectOf(named(`${fitting}x`))).toMatch(/\.\.\.$/);
  });
});

describe('the line for a phone', () => {
  it('is one line of at most 300 characters', () => {
    const [message] = messages([notice({}, { summary: `two\nlines ${'x'.repeat(400)}` })], context);
    expect(message?.short).toMatch(/^warning prod opened SERVER_011 hub1: two lines x+\.\.\.$/);
    expect(message?.short.length).toBe(300);
  });
});

describe('a message that SNS would find too large', () => {
  /** About 3,000 bytes of text and JSON. */
  const large = (n: number) =>
    notice({ id: `${n}` }, { why: 'x'.repeat(1_000), entity: { kind: 'client', name: `client${n}` } });
  const sent = (count: number) =>
    messages(
      Array.from({ length: count }, (_, i) => large(i)),
      context,
    );
  const bytes = ({ json, text, short }: { json: string; text: string; short: string }) =>
    Buffer.byteLength(JSON.stringify({ default: json, email: text, sms: short }));

  it('is split, every part being small enough, and no notice is lost or told twice', () => {
    const parts = sent(300);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map(bytes))).toBeLessThan(250_000);
    const ids = parts.flatMap(({ json }) =>
      (JSON.parse(json) as { notices: readonly Notice[] }).notices.map(({ id }) => id),
    );
    expect(ids).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`));
  });

  it('gives each part an id of its own, the same when it is made again', () => {
    const ids = sent(300).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, i) => `connection-count/prod/warning/2026-11-20T10:07:00.000Z/${i + 1}`));
    expect(sent(300).map(({ id }) => id)).toEqual(ids);
  });

  it('stays whole where it is not', () => {
    expect(sent(10).map(({ id }) => id)).toEqual(['connection-count/prod/warning/2026-11-20T10:07:00.000Z']);
  });
});
