import type { Selector } from '../ast.ts';
import type { Edition } from '../edition.ts';
import type { Labels } from '../labels.ts';
import { selects } from '../match.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';

/** A time in epoch milliseconds and the value then; null marks that the series ended there (Prometheus' stale marker). */
export type Sample = readonly [atMs: number, value: number | null];

/** Samples in the order of time, no two of one time. */
export type Series = { readonly labels: Labels; readonly samples: readonly Sample[] };

/** What a series has at a time: a value, null where it ended, undefined where nothing is known. */
export type Cell = number | null | undefined;

/** What series have at one time (epoch milliseconds), each at its place. */
export type Row = { readonly at: number; readonly cells: readonly Cell[] };

/** Series in columns. */
export type Matrix = {
  readonly frame: Frame;
  /** Some of the frame's places each, together all of them. */
  readonly blocks: readonly Block[];
};

export type Block = {
  /** Where its places begin in the frame; in the rows they begin with 0. */
  readonly from: number;
  /** Of these there are series. */
  readonly places: readonly number[];
  /** Oldest first. */
  readonly rows: readonly Row[];
};

/**
 * Gives the series that a selector takes, with at least their samples from `fromMs` to `toMs`, both included;
 * more do no harm. Frames of the same series should be the same object on every call: what is derived from them is kept.
 */
export type Read = (selector: Selector, fromMs: number, toMs: number) => Matrix;

/** A reader over series held in memory. */
export const readerOf =
  (series: readonly Series[], edition?: Edition): Read =>
  (selector, fromMs, toMs) =>
    matrixOf(
      series.filter(({ labels }) => selects(selector, labels, edition)),
      fromMs,
      toMs,
    );

/** The series' samples from `fromMs` to `toMs`, both included. */
export function matrixOf(series: readonly Series[], fromMs = -Infinity, toMs = Infinity): Matrix {
  const rows = new Map<number, { readonly at: number; readonly cells: Cell[] }>();
  series.forEach(({ samples }, place) => {
    const isWithin = ([at]: Sample): boolean => at >= fromMs && at <= toMs;
    for (const [at, value] of samples.filter(isWithin)) {
      const row = rows.get(at) ?? { at, cells: new Array<Cell>(series.length).fill(undefined) };
      rows.set(at, row);
      row.cells[place] = value;
    }
  });
  return {
    frame: frameOf(series.map(({ labels }) => labels)),
    blocks: [{ from: 0, places: [...series.keys()], rows: [...rows.values()].sort((a, b) => a.at - b.at) }],
  };
}

/** The series of a matrix one by one, those without a sample left out. */
export function seriesIn({ frame, blocks }: Matrix): readonly Series[] {
  const all = blocks.flatMap(({ from, places, rows }) =>
    places.map((place): Series => {
      const samples = rows.flatMap(({ at, cells }): Sample[] => {
        const cell = cells[place];
        return cell === undefined ? [] : [[at, cell]];
      });
      return { labels: frame.labelsAt(from + place), samples };
    }),
  );
  return all.filter(({ samples }) => samples.length > 0);
}

/** The index of the first row later than `atMs`. */
export function firstAfter(rows: readonly Row[], atMs: number): number {
  return rows.findLastIndex(({ at }) => at <= atMs) + 1;
}
