import type { Edition } from '../edition.ts';
import type { Span } from './windows.ts';
import type { Point } from './values.ts';

export type RateKind = 'rate' | 'increase' | 'delta';

/**
 * The change over the window, extrapolated to its ends (`extrapolatedRate` in promql/functions.go). An end up to 1.1
 * average distances from its nearest sample is extrapolated to wholly, a farther one by half a distance; a counter
 * never to before the time when it would have been 0. Undefined with fewer than two samples.
 */
export function extrapolated(
  kind: RateKind,
  points: readonly Point[],
  { fromMs, toMs }: Span,
  edition: Edition,
): number | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 2 || first === undefined || last === undefined) return undefined;
  const counter = kind !== 'delta';
  let change = last[1] - first[1];
  if (counter) {
    let before = first[1];
    for (const [, value] of points) {
      if (value < before) change += before;
      before = value;
    }
  }

  const sampled = (last[0] - first[0]) / 1000;
  const distance = sampled / (points.length - 1);
  const near = distance * 1.1;
  let toStart = (first[0] - fromMs) / 1000;
  let toEnd = (toMs - last[0]) / 1000;
  const toZero = counter && change > 0 && first[1] >= 0 ? sampled * (first[1] / change) : Infinity;
  if (edition === 2) toStart = Math.min(toStart, toZero);
  if (toStart >= near) toStart = distance / 2;
  if (edition !== 2) toStart = Math.min(toStart, toZero);
  if (toEnd >= near) toEnd = distance / 2;

  const factor = (sampled + toStart + toEnd) / sampled;
  return kind === 'rate' ? change * (factor / ((toMs - fromMs) / 1000)) : change * factor;
}

/** The change between the last two samples, for `irate` per second; a counter that fell counts from 0. */
export function lastChange(kind: 'irate' | 'idelta', points: readonly Point[]): number | undefined {
  const [before, last] = [points.at(-2), points.at(-1)];
  if (before === undefined || last === undefined) return undefined;
  const change = kind === 'irate' && last[1] < before[1] ? last[1] : last[1] - before[1];
  return kind === 'irate' ? change / ((last[0] - before[0]) / 1000) : change;
}
