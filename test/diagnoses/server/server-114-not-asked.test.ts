import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-114-not-asked.ts';
import type { FailureCode } from '../../../lambdas/readings/reading.ts';
import { failing, server, watching } from '../../kit.ts';

const unasked = (code: FailureCode) => server('n1', { varz: failing(code) });

describe('SERVER_114, a server that could not be asked', () => {
  it.each(['dns', 'not-reached'] as const)(
    'is a warning in the sixth run in a row that could not ask (%s), not before',
    (code) => {
      const watch = watching(diagnosis, { remembers: true });
      const outcomes = Array.from({ length: 6 }, () => watch.look([unasked(code)]).outcomes['n1']);
      expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'warning']);
    },
  );

  it.each(['unreachable', 'timeout', 'tls', 'status', 'not-json'] as const)(
    'is not one that was asked and failed by itself: %s',
    (code) => {
      const { outcomes, seen, findings } = watching(diagnosis).look([unasked(code)]);
      expect([outcomes, seen, findings]).toEqual([{ n1: 'ok' }, { n1: 'asked' }, []]);
    },
  );

  it('is not one that answers', () => {
    expect(watching(diagnosis).look([server('n1')]).seen).toEqual({ n1: 'asked' });
  });

  it.each([
    [
      'dns',
      'n1 cannot be asked, as DNS gives no address for it (dns).',
      /^Look the name up where the checks run/,
    ],
    [
      'not-reached',
      "n1 was not asked before the run's time was over (not-reached).",
      /^The run had too little time/,
    ],
  ] as const)('says why, and what to do: %s', (code, summary, remedy) => {
    const [finding] = watching(diagnosis).look([unasked(code)]).findings;
    expect(finding).toMatchObject({ summary, remedy: expect.stringMatching(remedy) as string });
  });
});
