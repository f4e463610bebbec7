import type { Selector } from './ast.ts';
import type { Edition } from './edition.ts';
import type { Labels } from './labels.ts';
import { selects } from './match.ts';

/** A time in epoch milliseconds and the value then; null marks that the series ended there (Prometheus' stale marker). */
export type Sample = readonly [atMs: number, value: number | null];

/** Samples in the order of time, no two of one time. */
export type Series = { readonly labels: Labels; readonly samples: readonly Sample[] };

/**
 * The same as it is read: times and values apart, which takes a tenth of the objects. Series that have samples at the same
 * times had better share the list of them.
 */
export type Columns = {
  readonly labels: Labels;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
};

/**
 * Gives the series that a selector takes, with at least their samples from `fromMs` to `toMs`, both included;
 * more do no harm. Labels of one series should be the same object on every call: what is derived from them is kept.
 */
export type Read = (selector: Selector, fromMs: number, toMs: number) => readonly Columns[];

/** A reader over series held in memory. */
export function readerOf(series: readonly Series[], edition?: Edition): Read {
  const columns = series.map(({ labels, samples }) => ({
    labels,
    times: samples.map(([atMs]) => atMs),
    values: samples.map(([, value]) => value),
  }));
  return (selector) => columns.filter(({ labels }) => selects(selector, labels, edition));
}

/** The index of the first time later than `atMs`. */
export function firstAfter(times: readonly number[], atMs: number): number {
  const last = times.at(-1);
  if (last === undefined || last <= atMs) return times.length;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const time = times[middle] ?? Infinity;
    if (time > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
