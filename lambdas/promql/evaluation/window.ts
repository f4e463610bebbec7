import { firstAfter } from './series.ts';
import type { Block, Matrix, Row } from './series.ts';
import type { Vector } from './vector.ts';
import type { Span } from './windows.ts';

/** Samples of one series in the order of time, ends of the series left out; at least one. Valid until the next is looked at. */
export type Points = { readonly times: Float64Array; readonly values: Float64Array };

/** What a range in brackets or a subquery holds at a time. */
export type Window = Span & { readonly matrix: Matrix; readonly startIsOutside: boolean };

/**
 * One value of each series that has a sample in the window; undefined gives none.
 * @param reduce no closure of one call: what is optimized for it would be forgotten with it
 */
export function reduced<Given>(
  window: Window,
  reduce: (points: Points, given: Given) => number | undefined,
  given: Given,
): Vector {
  const [places, values]: [number[], number[]] = [[], []];
  for (const block of window.matrix.blocks) {
    const rows = rowsWithin(block, window);
    const points = { times: new Float64Array(rows.length), values: new Float64Array(rows.length) };
    for (const place of block.places) {
      const count = gather(points, rows, place);
      if (count === 0) continue;
      const value = reduce(count === rows.length ? points : firstOf(points, count), given);
      if (value === undefined) continue;
      places.push(block.from + place);
      values.push(value);
    }
  }
  return { type: 'vector', frame: window.matrix.frame, places, values };
}

export const isEmpty = (window: Window): boolean =>
  window.matrix.blocks.every((block) => {
    const rows = rowsWithin(block, window);
    return !block.places.some((place) => rows.some(({ cells }) => typeof cells[place] === 'number'));
  });

const rowsWithin = ({ rows }: Block, { fromMs, toMs, startIsOutside }: Window): readonly Row[] =>
  rows.slice(firstAfter(rows, startIsOutside ? fromMs : fromMs - 1), firstAfter(rows, toMs));

function gather({ times, values }: Points, rows: readonly Row[], place: number): number {
  let count = 0;
  for (const { at, cells } of rows) {
    const cell = cells[place];
    if (cell === undefined || cell === null) continue;
    times[count] = at;
    values[count] = cell;
    count += 1;
  }
  return count;
}

const firstOf = ({ times, values }: Points, count: number): Points => ({
  times: times.subarray(0, count),
  values: values.subarray(0, count),
});
