import { encodeSets, type LabelSets, type StoredSets } from './samples-sets.ts';
import { passCells, writeCells } from './samples-cells.ts';
import type { Row, Track } from './samples-stored.ts';

type Written = { readonly text: string; readonly size: number; readonly after: WeakRef<Row> | null };

const texts = new WeakMap<Row, Written>();

/** Keeps how a row of so many cells stands behind this other. */
export const keepText = (row: Row, size: number, after: Row | undefined, text: string): void =>
  void texts.set(row, { text, size, after: after === undefined ? null : new WeakRef(after) });

function textOf(row: Row, size: number, after: Row | undefined): string | undefined {
  const written = texts.get(row);
  const isSame = written?.size === size && written.after?.deref() === after;
  return isSame ? written.text : undefined;
}

/** The rows' texts by `writeCells`. Most stand behind the same row as in the last run, which wrote or read them. */
export function textsOf({ sets, rows }: Track, used: readonly number[]): string[] {
  const size = used.length;
  const isWhole = size === sets.count;
  const before = new Array<number>(size).fill(0);
  let passed = 0;
  return rows.map((row, index) => {
    const after = rows[index - 1];
    const known = isWhole ? textOf(row, size, after) : undefined;
    if (known !== undefined) return known;
    for (const { cells } of rows.slice(passed, index)) passCells(cells, before);
    passed = index + 1;
    const text = writeCells(isWhole ? row.cells : used.map((i) => row.cells[i]), size, before);
    if (isWhole) keepText(row, size, after, text);
    return text;
  });
}

const stored = new WeakMap<LabelSets, StoredSets>();

/** Those of the label sets that `used` has the indexes of. Sets are only ever added: as many are the same. */
export function setsText(sets: LabelSets, used: readonly number[]): StoredSets {
  if (used.length !== sets.count) return encodeSets(sets, used);
  const known = stored.get(sets);
  if (known?.count === sets.count) return known;
  const written = encodeSets(sets, used);
  stored.set(sets, written);
  return written;
}
