import type { Cell } from '../../promql/index.ts';
import type { Kept } from './kept.ts';
import type { Row, Track } from './stored.ts';

/**
 * The track with what later runs than `at` may still read: all young samples, of the older ones the newest of each
 * series. An end with nothing kept before it says nothing, and a row without a cell is none.
 */
export function trimmed({ name, sets, rows }: Track, at: number, { allMs, untilMs }: Kept): Track {
  const young = rows.filter((row) => row.at > at - allMs);
  const old = rows.filter((row) => row.at <= at - allMs && row.at > at - untilMs);
  const kept = withoutVainEnds([...newestOf(old, sets.count), ...young]);
  return { name, sets, rows: kept.filter(({ cells }) => cells.some((cell) => cell !== undefined)) };
}

function newestOf(rows: readonly Row[], count: number): readonly Row[] {
  if (rows.length < 2) return rows;
  const isKnown = new Uint8Array(count);
  return rows
    .toReversed()
    .map(({ at, cells }) => ({
      at,
      cells: cells.map((cell, index): Cell => {
        if (cell === undefined || isKnown[index] === 1) return undefined;
        isKnown[index] = 1;
        return cell;
      }),
    }))
    .toReversed();
}

function withoutVainEnds(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, at) => {
    if (!row.cells.includes(null)) return row;
    const before = rows.slice(0, at);
    const hasBefore = (index: number): boolean =>
      before.some(({ cells }) => typeof cells[index] === 'number');
    return {
      at: row.at,
      cells: row.cells.map((cell, index) => (cell === null && !hasBefore(index) ? undefined : cell)),
    };
  });
}
