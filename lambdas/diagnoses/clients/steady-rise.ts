import { hours } from '../../define.ts';

/** When, epoch ms, and how many there were. */
type Sample = readonly [at: number, value: number];

export type Rise = {
  readonly from: number;
  /** How many more there are now. */
  readonly growth: number;
  /** For how long, ms. */
  readonly span: number;
};

/** A working day's clients come within fewer hours, and a deployment's at once. */
const shortest = hours(8);
/** Of all steps, so many have to rise. */
const rising = 0.8;
/** A fall by more than this is no leak. */
const fall = 0.9;

/**
 * What has only ever risen, step by step over hours, by half at least, as a leak does; null for what jumped, came and went,
 * or is not known for long enough.
 * @param samples oldest first, an hour or more apart
 */
export function steadyRise(samples: readonly Sample[], at: number, now: number): Rise | null {
  const recent = [...samples.filter(([sampledAt]) => sampledAt < at), [at, now] as const];
  const [first] = recent;
  if (first === undefined || at - first[0] < shortest || now < first[1] * 1.5) return null;
  const steps = recent.slice(1).map(([, value], i) => value / Math.max(1, recent[i]?.[1] ?? 0));
  const risen = recent.slice(1).filter(([, value], i) => value > (recent[i]?.[1] ?? 0)).length;
  const growth = now - first[1];
  const largest = Math.max(...recent.slice(1).map(([, value], i) => value - (recent[i]?.[1] ?? 0)));
  const isSteady =
    steps.every((step) => step >= fall) && risen >= steps.length * rising && largest <= growth / 2;
  return isSteady ? { from: first[1], growth, span: at - first[0] } : null;
}
