import { describe, expect, it } from 'vitest';
import { parse } from '../../../lambdas/promql/index.ts';
import { keptOf } from '../../../lambdas/rules/samples/samples.ts';

/** By name, in minutes: how long all samples are kept, and how long the newest. */
function kept(...texts: readonly string[]): Readonly<Record<string, readonly [number, number]>> {
  const asts = texts.flatMap((text) => parse(text, 2).ast ?? []);
  expect(asts.length).toBe(texts.length);
  return Object.fromEntries(
    [...keptOf(asts, ['m', 'n'], 2)].map(([name, { allMs, untilMs }]) => [
      name,
      [allMs / 60_000, untilMs / 60_000],
    ]),
  );
}

describe('what rules look back to', () => {
  it.each<[string, readonly [number, number]]>([
    ['m', [0, 5]],
    ['m offset 1h', [60, 65]],
    ['m offset -1m', [0, 4]],
    ['m offset -10m', [0, 0]],
    ['m @ end()', [0, 5]],
    ['m @ 60', [Infinity, Infinity]],
    ['rate(m[5m])', [5, 5]],
    ['rate(m[1m])', [1, 1]],
    ['rate(m[5m] offset 10m)', [15, 15]],
    ['max_over_time(m[1h:5m])', [60, 65]],
    ['max_over_time(rate(m[5m])[1h:] offset 10m)', [75, 75]],
    ['max_over_time((m offset 2m)[1h:])', [62, 67]],
  ])('of %s is so many minutes of all samples, and of the newest', (text, minutes) => {
    expect(kept(text)).toEqual({ m: minutes });
  });

  it('is what any of them looks back to', () => {
    expect(kept('m', 'rate(m[3m])', 'n offset 5m', 'rate(n[10m])')).toEqual({ m: [3, 5], n: [10, 10] });
  });

  it('is of every name that a selector may read', () => {
    expect(kept('{__name__=~"m|o"}', '{job="nats"}', 'time()')).toEqual({ m: [0, 5], n: [0, 5] });
  });

  it('is nothing of names that none reads', () => {
    expect(kept('{__name__!~"m|n",job="nats"}', 'm', '1')).toEqual({ m: [0, 5] });
  });
});
