import { describe, expect, it } from 'vitest';
import { chatMessages } from '../../../lambdas/engine/findings/chat.ts';
import { context, named, notice } from './notices.ts';

const contentOf = (json: string | undefined) =>
  (JSON.parse(json ?? '{}') as { content: { description: string; nextSteps: string[] } }).content;

describe('messages of a run for chat channels', () => {
  it('are none where nothing is to be told', () => {
    expect(chatMessages([], context)).toEqual([]);
  });

  it('are custom notifications of Amazon Q Developer, one a severity, the worst first', () => {
    const given = [notice(), notice({ severity: 'critical', kind: 'resolved' }, { severity: 'critical' })];
    const sent = chatMessages(given, context);
    expect(sent.map(({ id, reader, statuses }) => [id, reader, statuses])).toEqual([
      ['connection-count/prod/critical/2026-11-20T10:07:00.000Z/chat', 'chat', ['resolved']],
      ['connection-count/prod/warning/2026-11-20T10:07:00.000Z/chat', 'chat', ['opened']],
    ]);
    expect(sent.map(({ json }) => JSON.parse(json) as unknown)).toEqual([
      {
        version: '1.0',
        source: 'custom',
        id: 'connection-count/prod/critical/2026-11-20T10:07:00.000Z/chat',
        content: {
          textType: 'client-markdown',
          title: '[critical] prod connection-count: resolved SERVER_011 hub1',
          description: [
            'RESOLVED SERVER_011: Connections near the server maximum (resolved: two runs in a row looked and did not find it, or nothing asks for it any more)',
            'Last seen: hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.',
            'Where: server hub1, cluster prod. Since: 2026-11-20 10:02 UTC (5 min).',
            '- room for 100 more',
            '- client names: ingest 700 (78 %), (unnamed) 200 (22 %)',
          ].join('\n'),
          nextSteps: [],
          keywords: ['prod', 'connection-count', 'critical', 'SERVER_011'],
        },
        metadata: {
          summary: '[critical] prod connection-count: resolved SERVER_011 hub1',
          eventType: 'nats-findings',
          additionalContext: {
            cluster: 'prod',
            check: 'connection-count',
            severity: 'critical',
            status: 'resolved',
          },
        },
      },
      expect.objectContaining({
        content: expect.objectContaining({
          title: '[warning] prod connection-count: opened SERVER_011 hub1',
          nextSteps: [
            'Find who holds the connections and close what leaks.\nIf the load is legitimate, raise the limit. Read on: https://wiki.example/checks#server_011',
            '`nats server report connections --top 20`',
            "`curl -s 'http://10.0.1.10:8222/varz' | grep connections`",
          ],
        }) as object,
      }),
    ]);
  });

  it('show three rows of evidence and count the others', () => {
    const [sent] = chatMessages([notice({}, { evidence: ['a', 'b', 'c', 'd', 'e'] })], context);
    expect(contentOf(sent?.json).description).toContain('\n- a\n- b\n- c\n- and 2 more rows');
  });

  it('hold what Slack takes: whole findings, and how many more there are', () => {
    const [sent] = chatMessages(
      Array.from({ length: 40 }, (_, i) => named(`c${i}`)),
      context,
    );
    const { description } = contentOf(sent?.json);
    expect(description.length).toBeLessThanOrEqual(3_000);
    const shown = description.split('\n\n').length - 1;
    expect(description.split('\n\n').at(-1)).toBe(`And ${40 - shown} more, which the findings topic has.`);
  });

  it('cut a finding that is too long alone', () => {
    const [sent] = chatMessages([notice({}, { summary: 'x'.repeat(4_000) })], context);
    expect(contentOf(sent?.json).description).toMatch(/x\.\.\.$/);
    expect(contentOf(sent?.json).description).toHaveLength(2_900);
  });
});
