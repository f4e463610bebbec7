export type Row = readonly string[];

/** Rows under a head, columns aligned; what is as in the row above is left out of the first one. */
export function tableLines(head: Row, rows: readonly Row[]): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row, index) =>
    row
      .map((cell, column) => {
        const isSame = column === 0 && all[index - 1]?.[0] === cell;
        return (isSame ? '' : cell).padEnd(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}
