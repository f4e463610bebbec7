import { hanging } from '../lines.ts';

export type Row = readonly string[];

/** Less of the last column than this is no text to read. */
const leastText = 40;

/**
 * Rows under a head, columns aligned; what is as in the row above is left out of the first one. Where a line would be longer than
 * `width`, the last column is wrapped, and the first one stands above its rows where little room is left beside it.
 */
export function tableLines(head: Row, rows: readonly Row[], width = Infinity): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const margins = widths.slice(0, -1).map((each) => each + gap.length);
  const isAbove = width - sum(margins) < leastText;
  return all.flatMap((row, index) => {
    const isSame = all[index - 1]?.[0] === row[0];
    const [first = '', ...cells] = row;
    const shown = isAbove ? ['', ...cells] : [isSame ? '' : first, ...cells];
    const label = shown
      .slice(0, -1)
      .map((cell, column) => cell.padEnd(isAbove && column === 0 ? gap.length : (margins[column] ?? 0)))
      .join('');
    const lines = hanging(label, shown.at(-1) ?? '', width).map((line) => line.trimEnd());
    return isAbove && !isSame ? [...hanging('', first, width), ...lines] : lines;
  });
}

const gap = '  ';
const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);
