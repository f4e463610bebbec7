import { describe, expect, it } from 'vitest';
import { emptyRules, type RuleMemory } from '../../../lambdas/rules/evaluation/memory.ts';
import { readRules, rememberRules } from '../../../lambdas/rules/evaluation/remembered.ts';

/** Of so many series with so many samples each. */
const ranAt = (at: number, { series = 0, samples = 1 } = {}): RuleMemory => ({
  samples: {
    ...emptyRules.samples,
    times: Array.from({ length: samples }, (_each, index) => at + index),
    sets: [{ count: series, labels: [] }],
    series: [{ name: 'x', sets: 0, at: [...Array(samples).keys()], rows: Array<string>(samples).fill('') }],
  },
  alerts: { sets: [], rules: { Rule: { at, of: 'server above 5 3' } } },
});
const stored = (memory: RuleMemory): unknown => JSON.parse(JSON.stringify(memory));

describe('what a run kept, for the next run in its process', () => {
  it('is not read again, of none of the clusters', () => {
    const [east, west] = [ranAt(60_000), ranAt(120_000)];
    rememberRules(east, null);
    rememberRules(west, null);
    expect(readRules(stored(east))).toBe(east);
    expect(readRules(stored(west))).toBe(west);
  });

  it('is read where another process wrote since', () => {
    rememberRules(ranAt(60_000), null);
    const others = ranAt(180_000);
    const read = readRules(stored(others));
    expect(read).not.toBe(others);
    expect(read).toEqual(others);
  });

  it('takes the place of what the run began with', () => {
    const [before, after] = [ranAt(240_000), ranAt(300_000)];
    rememberRules(before, null);
    rememberRules(after, before);
    expect(readRules(stored(before))).not.toBe(before);
    expect(readRules(stored(after))).toBe(after);
  });

  it('is remembered while it has room, and what ran longest ago is forgotten first', () => {
    const [small, large, tooLarge] = [
      ranAt(360_000, { series: 1 }),
      ranAt(420_000, { series: 1_000_000, samples: 2 }),
      ranAt(480_000, { series: 666_667, samples: 3 }),
    ];
    rememberRules(small, null);
    rememberRules(large, null);
    rememberRules(tooLarge, null);
    expect(readRules(stored(large))).toBe(large);
    expect(() => readRules(stored(small))).toThrow('0 values, not 1');
    expect(() => readRules(stored(tooLarge))).toThrow('0 values, not 666667');
  });
});
