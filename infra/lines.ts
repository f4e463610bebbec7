import { wrap } from '../lambdas/engine/format.ts';

/** A text in lines of which none is longer than `width`; a word that is longer is broken. */
export const fitted = (text: string, width: number): readonly string[] =>
  wrap(text, width).flatMap((line) =>
    Array.from({ length: Math.max(1, Math.ceil(line.length / width)) }, (_, i) =>
      line.slice(i * width, (i + 1) * width),
    ),
  );

/** One line behind a label, and the next below its text. */
export const hanging = (label: string, text: string, width: number): readonly string[] =>
  fitted(text, width - label.length).map((line, i) => `${i === 0 ? label : ' '.repeat(label.length)}${line}`);

/** A line that is longer than `width` in lines that are not, those after the first a little further in. */
export function folded(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const further = `${indent}  `;
  return fitted(line.slice(indent.length), Math.max(width - further.length, 1)).map(
    (text, i) => `${i === 0 ? indent : further}${text}`,
  );
}

/** Where lines go: of a terminal its columns, else `otherwise`. */
export const widthOf = (
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  otherwise: number,
): number => (isTTY === true && columns !== undefined ? Math.max(columns, 40) : otherwise);
