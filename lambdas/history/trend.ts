import { days, hours } from '../durations.ts';
import { mostKeys, type Remember } from './kinds.ts';

/** Key -> samples [epoch ms, value], oldest first. */
export type TrendState = Readonly<Record<string, readonly Sample[]>>;

/** Growth a day by key; null for a key known for less than an hour, or than is asked for (ms). */
export type Trend = ((key: string, known?: number) => number | null) & {
  /** What is kept of a key, oldest first: when, epoch ms, and its value then. */
  readonly samples: (key: string) => readonly Sample[];
};
export type Sample = readonly [at: number, value: number];

/** Samples over the whole span: growth needs the oldest, and the next ones only to take its place. */
const samplesKept = 24;

/** The same trend with fewer keys, the largest, for a memory that has grown too large. */
export const thinTrend = (state: TrendState, most: number): TrendState =>
  Object.fromEntries(
    Object.entries(state)
      .sort(([, a], [, b]) => (b.at(-1)?.[1] ?? 0) - (a.at(-1)?.[1] ?? 0))
      .slice(0, most),
  );

/**
 * Keeps samples of each key for `over` milliseconds, at least an hour apart; of the largest keys where there are too
 * many. A key that is away for a while keeps its samples.
 */
export const recordTrend =
  (over: number): Remember<TrendState, [values: ReadonlyMap<string, number>], Trend> =>
  (state, { at }, values) => {
    const apart = Math.max(hours(1), over / samplesKept);
    if (state !== null && isOfNow(state, values, { at, over, apart }))
      return {
        next: state,
        result: trendOf((key) => (Object.hasOwn(state, key) ? state[key] : undefined), values, at),
      };
    const before = new Map(
      Object.entries(state ?? {}).map(([key, samples]) => [
        key,
        samples.filter(([sampledAt]) => at - sampledAt <= over),
      ]),
    );
    const present = [...values]
      .sort(([, a], [, b]) => b - a)
      .map(([key, value]) => {
        const samples = before.get(key) ?? [];
        const newest = samples.at(-1)?.[0];
        const due = newest === undefined || at - newest >= apart;
        return [key, due ? [...samples, [at, value] as const] : samples] as const;
      });
    const absent = [...before].filter(([key, samples]) => samples.length > 0 && !values.has(key));
    const next = new Map([...present, ...absent].slice(0, mostKeys));
    return { next: Object.fromEntries(next), result: trendOf((key) => next.get(key), values, at) };
  };

type Span = { readonly at: number; readonly over: number; readonly apart: number };

/** In most runs no key is new, and no sample due or too old. */
const isOfNow = (
  state: TrendState,
  values: ReadonlyMap<string, number>,
  { at, over, apart }: Span,
): boolean =>
  Object.values(state).every(([oldest]) => oldest !== undefined && at - oldest[0] <= over) &&
  values
    .keys()
    .every((key) => Object.hasOwn(state, key) && at - (state[key]?.at(-1)?.[0] ?? -Infinity) < apart);

function trendOf(
  samplesOf: (key: string) => readonly Sample[] | undefined,
  values: ReadonlyMap<string, number>,
  at: number,
): Trend {
  const growth = (key: string, known = 0): number | null => {
    const oldest = samplesOf(key)?.[0];
    const value = values.get(key);
    if (oldest === undefined || value === undefined) return null;
    if (at - oldest[0] < Math.max(hours(1), known)) return null;
    return ((value - oldest[1]) / (at - oldest[0])) * days(1);
  };
  return Object.assign(growth, { samples: (key: string) => samplesOf(key) ?? [] });
}
