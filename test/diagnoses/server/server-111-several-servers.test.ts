import { describe, expect, it } from 'vitest';
import type { AnsweringServer } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/server/server-111-several-servers.ts';
import { firstMinute, server, watching } from '../../kit.ts';

const answered = (id: string, changes: Partial<AnsweringServer> = {}): AnsweringServer => ({
  id,
  name: `nats-${id}`,
  start: Date.parse('2026-11-20T08:00:00Z'),
  seenAt: firstMinute,
  ...changes,
});
/** A target at which these servers answered within 15 minutes, the latest first. */
const target = (...servers: readonly AnsweringServer[]) => ({
  ...server('n1'),
  answering: { slot: 'n1', servers, twin: null },
});
const look = (...servers: readonly AnsweringServer[]) => watching(diagnosis).look([target(...servers)]);

describe('SERVER_111, a URL that leads to several servers', () => {
  it.each([
    [1, 'ok'],
    [2, 'warning'],
    [3, 'warning'],
  ])('with %i servers at it is %s', (count, outcome) => {
    const ids = ['A', 'B', 'C'].slice(0, count);
    expect(look(...ids.map((id) => answered(id))).outcomes).toEqual({ n1: outcome });
  });

  it('is ok while nobody answered yet', () => {
    expect(look().seen).toEqual({ n1: 'one server answers' });
  });

  it('names the URL, and of each server id, name, since when it runs and when it last answered', () => {
    const other = answered('B', { start: null, seenAt: firstMinute - 60_000 });
    expect(look(answered('A'), other).findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n1' },
        observed: 2,
        limit: 2,
        summary: 'http://n1:8222 (n1) leads to 2 servers: nats-A (A), nats-B (B).',
        evidence: [
          'nats-A (A): last answered 2026-11-20 10:00 UTC, running since 2026-11-20 08:00 UTC',
          'nats-B (B): last answered 2026-11-20 09:59 UTC',
        ],
      },
    ]);
  });

  it.each([null, 'A'])('shows an id once where the name is %s', (name) => {
    expect(look(answered('A', { name }), answered('B')).findings[0]?.summary).toBe(
      'http://n1:8222 (n1) leads to 2 servers: A, nats-B (B).',
    );
  });

  it('is reported at once, and ends when one server alone answers', () => {
    const watch = watching(diagnosis, { remembers: true });
    const both = [target(answered('A'), answered('B'))];
    const one = [target(answered('A'))];
    const reported = [both, both, one, one, one, one, one, one, one].map((servers) =>
      watch.look(servers).notices.map(({ kind }) => kind),
    );
    expect([reported[0], reported.flat()]).toEqual([['opened'], ['opened', 'resolved']]);
  });
});
