import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { mostEarlier, recordEarlier, thinEarlier } from '../../lambdas/history/earlier.ts';

const epoch = Date.parse('2026-11-20T10:00:00Z');
const first = { at: epoch, start: 0 };
const second = { at: epoch + minutes(1), start: 0 };
const figures = (all: Readonly<Record<string, readonly number[]>>) =>
  new Map(Object.entries(all).map(([name, own]) => [name, () => own] as const));

describe('figures of the last run', () => {
  it('are none in a first run', () => {
    const { result } = recordEarlier(null, first, figures({ a: [1, 2] }));
    expect([result.at, result.wasWhole, result.of('a'), result.notFollowed]).toEqual([null, false, null, 0]);
  });

  it('are those of each name, null for one that it did not name', () => {
    const { next } = recordEarlier(null, first, figures({ a: [1, 2], b: [3, 4] }));
    const { result } = recordEarlier(next, second, figures({ b: [5, 6] }));
    expect([result.at, result.wasWhole, result.of('a'), result.of('b'), result.of('c')]).toEqual([
      epoch,
      true,
      [1, 2],
      [3, 4],
      null,
    ]);
  });

  it('may be made of those before', () => {
    const most = (own: number) =>
      new Map([['a', (old: readonly number[] | null) => [Math.max(own, old?.[0] ?? 0)]]]);
    const { next } = recordEarlier(null, first, most(5));
    const then = recordEarlier(next, second, most(3)).next;
    expect(recordEarlier(then, second, most(0)).result.of('a')).toEqual([5]);
  });

  it('are not whole where a run could not see all', () => {
    const { next } = recordEarlier(null, first, figures({ a: [1] }), false);
    expect(recordEarlier(next, second, figures({})).result.wasWhole).toBe(false);
  });

  it('are of the first of too many, which is told', () => {
    const many = (count: number) =>
      new Map(Array.from({ length: count }, (_, i) => [`consumer-${i}`, () => [i]] as const));
    expect(recordEarlier(null, first, many(mostEarlier)).result.notFollowed).toBe(0);
    const { next, result } = recordEarlier(null, first, many(mostEarlier + 1));
    expect(result.notFollowed).toBe(1);
    const later = recordEarlier(next, second, many(1)).result;
    expect([
      later.wasWhole,
      later.of(`consumer-${mostEarlier - 1}`),
      later.of(`consumer-${mostEarlier}`),
    ]).toEqual([false, [mostEarlier - 1], null]);
  });

  it('are fewer, and not whole, in a memory that has grown too large', () => {
    const { next } = recordEarlier(null, first, figures({ a: [1], b: [2] }));
    const { result } = recordEarlier(thinEarlier(next, 1), second, figures({}));
    expect([result.wasWhole, result.of('a'), result.of('b')]).toEqual([false, [1], null]);
  });
});
