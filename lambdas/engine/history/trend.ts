import { days, hours } from '../../durations.ts';
import { mostKeys, type Remember } from './kinds.ts';

/** Key -> samples [epoch ms, value], oldest first, at most one an hour. */
export type TrendState = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** Growth a day by key; null for a key known for less than an hour. */
export type Trend = (key: string) => number | null;

/** The same trend with fewer keys, the largest, for a memory that has grown too large. */
export const thinTrend = (state: TrendState, most: number): TrendState =>
  Object.fromEntries(
    Object.entries(state)
      .sort(([, a], [, b]) => (b.at(-1)?.[1] ?? 0) - (a.at(-1)?.[1] ?? 0))
      .slice(0, most),
  );

/** Keeps a sample an hour of each key for `over` milliseconds, of the largest keys where there are too many. */
export const recordTrend =
  (over: number): Remember<TrendState, [values: ReadonlyMap<string, number>], Trend> =>
  (state, { at }, values) => {
    const largest = [...values].sort(([, a], [, b]) => b - a).slice(0, mostKeys);
    const before = new Map(Object.entries(state ?? {}));
    const kept = largest.map(([key, value]) => {
      const samples = (before.get(key) ?? []).filter(([sampledAt]) => at - sampledAt <= over);
      const newest = samples.at(-1)?.[0];
      const due = newest === undefined || at - newest >= hours(1);
      return [key, due ? [...samples, [at, value] as const] : samples] as const;
    });
    const next = new Map(kept);
    const result: Trend = (key) => {
      const oldest = next.get(key)?.[0];
      const value = values.get(key);
      if (oldest === undefined || value === undefined || at - oldest[0] < hours(1)) return null;
      return ((value - oldest[1]) / (at - oldest[0])) * days(1);
    };
    return { next: Object.fromEntries(next), result };
  };
