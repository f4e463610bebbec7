import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../lambdas/durations.ts';
import { nextLook } from '../../../infra/local/next-look.ts';
import { firstMinute } from '../../kit.ts';

describe('a watch', () => {
  const next = (took: number) => nextLook(firstMinute, firstMinute + took) - firstMinute;

  it('looks a minute after it looked last, whatever a look takes', () => {
    expect([next(0), next(seconds(2)), next(minutes(1))]).toEqual([minutes(1), minutes(1), minutes(1)]);
  });

  it('leaves minutes out that have passed, and stays with its seconds', () => {
    expect([next(minutes(1) + 1), next(minutes(90))]).toEqual([minutes(2), minutes(90)]);
  });

  it('does not wait for a clock that was set back by more than a minute', () => {
    expect([-60, -60.001, -5_400].map((back) => next(back * 1_000) / 1_000)).toEqual([60, -0.001, -5_340]);
  });
});
