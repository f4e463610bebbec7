import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { nextLook } from '../../lambdas/local/next-look.ts';
import { firstMinute } from '../kit.ts';

describe('a watch', () => {
  const next = (took: number) => nextLook(firstMinute, firstMinute + took) - firstMinute;

  it('looks a minute after it looked last, whatever a look takes', () => {
    expect([next(0), next(seconds(2)), next(minutes(1))]).toEqual([minutes(1), minutes(1), minutes(1)]);
  });

  it('leaves minutes out that have passed, and stays with its seconds', () => {
    expect([next(minutes(1) + 1), next(minutes(90))]).toEqual([minutes(2), minutes(90)]);
  });
});
