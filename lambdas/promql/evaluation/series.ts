import type { Selector } from '../ast.ts';
import type { Edition } from '../edition.ts';
import type { Labels } from '../labels.ts';
import { selects } from '../match.ts';

/** A time in epoch milliseconds and the value then; null marks that the series ended there (Prometheus' stale marker). */
export type Sample = readonly [atMs: number, value: number | null];

/** Samples in the order of time, no two of one time. */
export type Series = { readonly labels: Labels; readonly samples: readonly Sample[] };

/**
 * Gives the series that a selector takes, with at least their samples from `fromMs` to `toMs`, both included;
 * more do no harm. Labels of one series should be the same object on every call: what is derived from them is kept.
 */
export type Read = (selector: Selector, fromMs: number, toMs: number) => readonly Series[];

/** A reader over series held in memory. */
export function readerOf(series: readonly Series[], edition?: Edition): Read {
  return (selector) => series.filter(({ labels }) => selects(selector, labels, edition));
}

/** The index of the first sample later than `atMs`. */
export function firstAfter(samples: readonly Sample[], atMs: number): number {
  const last = samples.at(-1);
  if (last === undefined || last[0] <= atMs) return samples.length;
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const time = samples[middle]?.[0] ?? Infinity;
    if (time > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
