import { describe, expect, it } from 'vitest';
import { recordIncrease } from '../../lambdas/history/increase.ts';

const start = 1_000;
const record = (state: Parameters<typeof recordIncrease>[0], at: number, total: number, since = start) =>
  recordIncrease(state, { at, start: since }, total);

/** The state after one run that read `total` at 60 s. */
const after = (total: number) => record(null, 60_000, total).next;

describe('the increase of a running total', () => {
  it('is not known on a first run', () => {
    expect(record(null, 60_000, 500).result).toBeNull();
  });

  it('is the growth since the last run and how long ago that was', () => {
    expect(record(after(500), 120_000, 507).result).toEqual({ value: 7, seconds: 60, restarted: false });
  });

  it('is zero where nothing moved', () => {
    expect(record(after(500), 120_000, 500).result).toEqual({ value: 0, seconds: 60, restarted: false });
  });

  it('counts over runs that could not read it', () => {
    expect(record(after(500), 660_000, 600).result).toEqual({ value: 100, seconds: 600, restarted: false });
  });

  it('is what a server counted since its restart, even if that is more than before', () => {
    expect(record(after(500), 120_000, 900, 100_000).result).toEqual({
      value: 900,
      seconds: 60,
      restarted: true,
    });
  });

  it('is what a server counted since a restart that only the total shows', () => {
    expect(record(after(500), 120_000, 20).result).toEqual({ value: 20, seconds: 60, restarted: true });
  });

  it('goes on from the new total after a restart', () => {
    const restarted = record(after(500), 120_000, 20, 100_000).next;
    expect(record(restarted, 180_000, 25, 100_000).result).toEqual({
      value: 5,
      seconds: 60,
      restarted: false,
    });
  });
});
