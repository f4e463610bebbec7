import type { Edition } from '../edition.ts';
import type { Span } from './windows.ts';
import type { Points } from './window.ts';

export type RateKind = 'rate' | 'increase' | 'delta';

/**
 * The change over the window, extrapolated to its ends (`extrapolatedRate` in promql/functions.go). An end up to 1.1
 * average distances from its nearest sample is extrapolated to wholly, a farther one by half a distance; a counter
 * never to before the time when it would have been 0. Undefined with fewer than two samples.
 */
export function extrapolated(
  kind: RateKind,
  { times, values }: Points,
  { fromMs, toMs }: Span,
  edition: Edition,
): number | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const [first = NaN, last = NaN] = [values[0], values[count - 1]];
  const [firstAt = NaN, lastAt = NaN] = [times[0], times[count - 1]];
  const counter = kind !== 'delta';
  let change = last - first;
  if (counter) {
    let before = first;
    for (let index = 0; index < count; index += 1) {
      const value = values[index] ?? NaN;
      if (value < before) change += before;
      before = value;
    }
  }

  const sampled = (lastAt - firstAt) / 1000;
  const distance = sampled / (count - 1);
  const near = distance * 1.1;
  let toStart = (firstAt - fromMs) / 1000;
  let toEnd = (toMs - lastAt) / 1000;
  const toZero = counter && change > 0 && first >= 0 ? sampled * (first / change) : Infinity;
  if (edition === 2) toStart = Math.min(toStart, toZero);
  if (toStart >= near) toStart = distance / 2;
  if (edition !== 2) toStart = Math.min(toStart, toZero);
  if (toEnd >= near) toEnd = distance / 2;

  const factor = (sampled + toStart + toEnd) / sampled;
  return kind === 'rate' ? change * (factor / ((toMs - fromMs) / 1000)) : change * factor;
}

/** The change between the last two samples, for `irate` per second; a counter that fell counts from 0. */
export function lastChange(kind: 'irate' | 'idelta', { times, values }: Points): number | undefined {
  const [before, last] = [values.at(-2), values.at(-1)];
  if (before === undefined || last === undefined) return undefined;
  const change = kind === 'irate' && last < before ? last : last - before;
  const sampled = ((times.at(-1) ?? NaN) - (times.at(-2) ?? NaN)) / 1000;
  return kind === 'irate' ? change / sampled : change;
}
