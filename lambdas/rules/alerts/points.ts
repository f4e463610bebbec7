import { crosses, type Direction } from '../../limits.ts';
import { everyMs } from '../compile.ts';

/** A datapoint: the epoch milliseconds of its minute, and the value. */
export type Point = { readonly at: number; readonly value: number };

/** Minutes in a row, by the epoch milliseconds of the first and the last. */
export type Minutes = readonly [first: number, last: number];

/** What CloudWatch holds of the latest points, as far as the next ones depend on it. */
export type Tail = {
  /** How many points in a row breach, counted back from the last one; N while the rule fires, else fewer. */
  readonly breaching: number;
  /** Points of the last N minutes in whose place a stand-in was published, or nothing. */
  readonly heldBack: readonly Point[];
};

/** What a run found. */
export type Found = {
  readonly at: number;
  /** The worst value of the rule's result; null if the result is empty. */
  readonly worst: number | null;
  /** What to publish of an empty result, and in place of a point that is held back: values that do not breach. */
  readonly quiet: number;
  readonly standIn: number;
  readonly isFiring: boolean;
  /** Whether a part was not seen that may make the rule fire: what does not fire is not known then. */
  readonly isUnseen: boolean;
  /** Whether the rule is about absence, so that what was not seen would make it fire. */
  readonly missingBreaches: boolean;
  /** Minutes without a point among the N - 1 before this one, and those of them that followed the last run. */
  readonly gaps: readonly Minutes[];
  readonly newGaps: readonly Minutes[];
};

/** CloudWatch's bound for a value of either sign (API reference, MetricDatum). */
const largest = 2 ** 360;

/** The value as CloudWatch takes it: its largest ones stand for the infinities. */
export const publishable = (value: number): number => Math.min(Math.max(value, -largest), largest);

/** So much of itself a value is inside a threshold that must not be reached; of 0, so much. */
const hair = 1e-9;

/** The value nearest to the threshold that does not breach. */
export function standInOf(direction: Direction, threshold: number): number {
  if (direction === 'above' || direction === 'below') return threshold;
  const inside = hair * (Math.abs(threshold) || 1);
  return direction === 'atLeast' ? threshold - inside : threshold + inside;
}

const isWorse = { above: crosses.above, atLeast: crosses.above, below: crosses.below, atMost: crosses.below };

/** The worse of two values, as the direction goes; null and NaN are none. */
export function worseOf(direction: Direction, one: number | null, other: number): number | null {
  if (Number.isNaN(other)) return one;
  return one === null || isWorse[direction](other, one) ? other : one;
}

/**
 * What is published so that an alarm of N of N datapoints is in ALARM in exactly the minutes in which the rule fires.
 *
 * The alarm sees one worst value a minute, not whose it is. Where elements take turns in the result, N minutes in a row
 * would breach though none of them was there for so long: then the point that would complete them is held back and a
 * stand-in published. If an element turns out to have been there all the time, what was held back is sent again, with
 * its own minute: the worst of a minute's points counts (`Maximum`, `Minimum`). Minutes without a run are sent then as
 * well, as the alarm looks at the last N points that there are.
 *
 * What is not known moves no alarm: nothing is published, so that it keeps its state. Of a rule about absence a stand-in is
 * published until it fires.
 * @param datapoints N
 * @param before undefined if nothing is known: then any earlier point may breach
 */
export function pointsOf(
  datapoints: number,
  before: Tail | undefined,
  { at, worst, quiet, standIn, isFiring, isUnseen, missingBreaches, gaps, newGaps }: Found,
): { readonly points: readonly Point[]; readonly tail: Tail } {
  const { breaching, heldBack } = before ?? { breaching: datapoints - 1, heldBack: [] };
  const recent = heldBack.filter((each) => each.at > at - datapoints * everyMs);
  if (isUnseen && !isFiring) {
    const waiting = worst === null ? recent : [...recent, { at, value: publishable(worst) }];
    return missingBreaches && breaching < datapoints
      ? { points: [{ at, value: standIn }], tail: { breaching: 0, heldBack: waiting } }
      : { points: [], tail: { breaching, heldBack: waiting } };
  }
  if (worst === null) {
    return { points: [{ at, value: publishable(quiet) }], tail: { breaching: 0, heldBack: [] } };
  }
  const point = { at, value: publishable(worst) };
  if (isFiring) {
    const missing = minutesIn(breaching === datapoints ? newGaps : gaps);
    const again = [...recent, ...missing.map((minute) => ({ ...point, at: minute }))];
    return { points: [point, ...again], tail: { breaching: datapoints, heldBack: [] } };
  }
  if (breaching < datapoints - 1) {
    return { points: [point], tail: { breaching: breaching + 1, heldBack: recent } };
  }
  return { points: [{ at, value: standIn }], tail: { breaching: 0, heldBack: [...recent, point] } };
}

function minutesIn(gaps: readonly Minutes[]): readonly number[] {
  return gaps.flatMap(([first, last]) =>
    Array.from({ length: (last - first) / everyMs + 1 }, (_each, index) => first + index * everyMs),
  );
}

/**
 * The minutes without a point among the N - 1 before `at`.
 * @param before the run before and the gaps that it knew; undefined if none is known
 */
export function gapsBefore(
  at: number,
  datapoints: number,
  before: { readonly at: number; readonly gaps: readonly Minutes[] } | undefined,
): Pick<Found, 'gaps' | 'newGaps'> {
  const oldest = at - (datapoints - 1) * everyMs;
  const within = (gaps: readonly Minutes[]): readonly Minutes[] =>
    gaps
      .map(([first, last]): Minutes => [Math.max(first, oldest), last])
      .filter(([first, last]) => first <= last);
  const lastAt = before?.at ?? -Infinity;
  const newGaps = within([[lastAt + everyMs, at - everyMs]]);
  return { gaps: [...within(before?.gaps ?? []), ...newGaps], newGaps };
}
