import { days, hours } from '../../durations.ts';
import { mostKeys, type Remember } from './kinds.ts';

/** Key -> samples [epoch ms, value], oldest first, at most one an hour. */
type State = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** Growth a day by key; null for a key known for less than an hour. */
export type Trend = (key: string) => number | null;

/** Keeps a sample an hour of each key for `over` milliseconds, of the largest keys where there are too many. */
export const recordTrend =
  (over: number): Remember<State, [values: ReadonlyMap<string, number>], Trend> =>
  (state, { at }, values) => {
    const largest = [...values].sort(([, a], [, b]) => b - a).slice(0, mostKeys);
    const kept = largest.map(([key, value]) => {
      const samples = (state?.[key] ?? []).filter(([sampledAt]) => at - sampledAt <= over);
      const newest = samples.at(-1)?.[0];
      const due = newest === undefined || at - newest >= hours(1);
      return [key, due ? [...samples, [at, value] as const] : samples] as const;
    });
    const next = Object.fromEntries(kept);
    const result: Trend = (key) => {
      const oldest = next[key]?.[0];
      const value = values.get(key);
      if (oldest === undefined || value === undefined || at - oldest[0] < hours(1)) return null;
      return ((value - oldest[1]) / (at - oldest[0])) * days(1);
    };
    return { next, result };
  };
