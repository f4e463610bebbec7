import type { Cell } from '../../promql/index.ts';
import { mostWritten, signed, takeSigned, takeTimes, tokenWriter, type TokenReader } from './tokens.ts';

/**
 * The signs beside numbers, which are whole differences to the series' value before (at first to 0). Measured over ten
 * series of 1,000 consumers, against differences as JSON numbers: a tenth fewer bytes gzipped, in a third of the time.
 */
const signs = {
  same: '.',
  thousandths: ',',
  ended: '~',
  nothing: '!',
  literal: '(',
  literalEnd: ')',
} as const;
const codes = { same: 46, thousandths: 44, ended: 126, nothing: 33, literal: 40 } as const;

const wholeOf = (value: number): number => (Number.isFinite(value) ? Math.round(value) : 0);

/**
 * One run's cells of `size` series as text.
 * @param before the last value of each series, 0 at first, which becomes this one's
 */
export function writeCells(cells: readonly Cell[], size: number, before: number[]): string {
  const writer = tokenWriter();
  for (let index = 0; index < size; index += 1) {
    const cell = cells[index];
    if (cell === undefined) writer.put(signs.nothing);
    else if (cell === null) writer.put(signs.ended);
    else {
      writer.put(tokenOf(cell, before[index] ?? 0));
      before[index] = cell;
    }
  }
  return writer.end();
}

function tokenOf(value: number, before: number): number | string {
  if (Object.is(value, before)) return signs.same;
  // No difference gives a negative zero.
  if (Object.is(value, -0)) return `${signs.literal}-0${signs.literalEnd}`;
  if (Number.isInteger(value)) {
    const difference = value - wholeOf(before);
    if (Math.abs(difference) <= mostWritten) return difference;
  }
  const thousandths = Math.round(value * 1_000);
  const difference = thousandths - wholeOf(before * 1_000);
  if (thousandths / 1_000 === value && Math.abs(difference) <= mostWritten)
    return signs.thousandths + signed(difference);
  return `${signs.literal}${value}${signs.literalEnd}`;
}

/**
 * Reads what `writeCells` wrote, given the same `size` and `before`.
 * @throws Error that says what is wrong with the text
 */
export function readCells(text: string, size: number, before: number[]): Cell[] {
  const reader = { text, at: 0 };
  const cells = new Array<Cell>(size);
  let count = 0;
  while (reader.at < text.length) {
    const code = text.charCodeAt(reader.at);
    const operand = takeOperand(code, reader);
    const times = takeTimes(reader);
    if (count + times > size) throw new Error(`more than ${size} values`);
    for (const end = count + times; count < end; count += 1) {
      const cell = cellOf(code, operand, before[count] ?? 0);
      if (typeof cell === 'number') before[count] = cell;
      cells[count] = cell;
    }
  }
  if (count !== size) throw new Error(`${count} values, not ${size}`);
  return cells;
}

/** The number that goes with a sign; 0 where none does. */
function takeOperand(code: number, reader: TokenReader): number {
  if (code === codes.literal) return takeLiteral(reader);
  const isAlone = code === codes.same || code === codes.ended || code === codes.nothing;
  if (isAlone || code === codes.thousandths) reader.at += 1;
  return isAlone ? 0 : takeSigned(reader);
}

function cellOf(code: number, operand: number, before: number): Cell {
  switch (code) {
    case codes.same:
      return before;
    case codes.ended:
      return null;
    case codes.nothing:
      return undefined;
    case codes.thousandths:
      return (wholeOf(before * 1_000) + operand) / 1_000;
    case codes.literal:
      return operand;
    default:
      return wholeOf(before) + operand;
  }
}

function takeLiteral(reader: TokenReader): number {
  const end = reader.text.indexOf(signs.literalEnd, reader.at);
  const written = reader.text.slice(reader.at + 1, end < 0 ? undefined : end);
  const value = Number(written);
  if (end < 0 || written === '' || (Number.isNaN(value) && written !== 'NaN'))
    throw new Error(`"${written.slice(0, 40)}" is no value`);
  reader.at = end + 1;
  return value;
}
