import type { Scalar } from 'yaml';

const blank = /[ \t\r\n]/;

/**
 * Where in the file the character of a scalar stands that is `index` characters into its value. Indentation and folding
 * only change blanks, so that the value's other characters follow each other as those of the file do; a blank is taken
 * to stand right behind the last of them.
 */
export function offsetInFile({ range, type, value }: Scalar, text: string, index: number): number {
  const [start, end] = range ?? [0, 0];
  const marks = marksOf(text.slice(start, end), type);
  const before = String(value)
    .slice(0, index)
    .replace(/[ \t\r\n]/g, '').length;
  const atBlank = blank.test(String(value).charAt(index) || ' ');
  const mark = marks[atBlank ? Math.max(before - 1, 0) : before] ?? marks.at(-1);
  if (mark === undefined) return start;
  return start + (atBlank && before > 0 ? mark.to : mark.from);
}

type Mark = { readonly from: number; readonly to: number };

/** Each character of the value that is no blank, as the places in the source that write it. */
function marksOf(source: string, type: Scalar['type']): readonly Mark[] {
  const marks: Mark[] = [];
  const pieces = type === 'QUOTE_DOUBLE' ? escaped : type === 'QUOTE_SINGLE' ? doubled : single;
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const isBlock = type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL';
  const first = quoted ? 1 : isBlock ? source.indexOf('\n') + 1 : 0;
  const last = quoted ? source.length - 1 : source.length;
  for (const { 0: piece, index } of source.slice(first, last).matchAll(pieces)) {
    const mark = { from: first + index, to: first + index + piece.length };
    if (!writesBlank(piece)) marks.push(...(isAstral(piece) ? [mark, mark] : [mark]));
  }
  return marks;
}

const single = /[^]/g;
const doubled = /''|[^]/g;
const escaped = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r\n|[^])|[^]/g;

/** Whether the piece stands for a blank, or for nothing: a line break behind a backslash. */
const writesBlank = (piece: string): boolean =>
  blank.test(piece) ||
  /^\\(?:[tnr]|x(?:09|0[aA]|0[dD]|20)|u00(?:09|0[aA]|0[dD]|20)|U000000(?:09|0[aA]|0[dD]|20))$/.test(piece);

const isAstral = (piece: string): boolean => piece.startsWith('\\U') && parseInt(piece.slice(2), 16) > 0xffff;
