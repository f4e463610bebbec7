import { describe, expect, it } from 'vitest';
import { hours } from '../../../lambdas/durations.ts';
import { steadyRise } from '../../../lambdas/diagnoses/clients/steady-rise.ts';

/** A value an hour, the last of them now. */
const over = (...values: readonly number[]) => {
  const samples = values.slice(0, -1).map((value, i) => [hours(i), value] as const);
  return steadyRise(samples, hours(values.length - 1), values.at(-1) ?? 0);
};

describe('a steady rise', () => {
  it('is one that went on for eight hours, hour by hour', () => {
    expect(over(20, 30, 40, 50, 60, 70, 80, 90, 100)).toEqual({ from: 20, growth: 80, span: hours(8) });
    expect(over(20, 30, 40, 50, 60, 70, 80, 90)).toBe(null);
  });

  it('may pause in one hour of five, and fall a little', () => {
    expect(over(20, 30, 40, 50, 50, 60, 70, 80, 90, 99, 110)).not.toBe(null);
    expect(over(20, 30, 30, 40, 40, 50, 50, 60, 60, 70, 70)).toBe(null);
    expect(over(20, 40, 60, 80, 72, 90, 100, 110, 120, 130, 140)).not.toBe(null);
    expect(over(20, 40, 60, 80, 71, 90, 100, 110, 120, 130, 140)).toBe(null);
  });

  it('is by half at least', () => {
    expect(over(100, 106, 112, 118, 124, 130, 136, 142, 150)).not.toBe(null);
    expect(over(100, 106, 112, 118, 124, 130, 136, 142, 149)).toBe(null);
  });

  it('is no jump, as a deployment makes one', () => {
    expect(over(20, 21, 22, 23, 124, 125, 126, 127, 128)).toBe(null);
  });

  it('is not what comes and goes with the day', () => {
    expect(over(20, 40, 60, 80, 100, 120, 100, 80, 60, 40)).toBe(null);
  });

  it('is not known without samples', () => {
    expect(over(500)).toBe(null);
  });
});
