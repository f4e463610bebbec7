import type { Decoded } from './decoded.ts';

/** Rows of a list that are not as expected: one of them never hides the others. */
export type LeftOut = {
  readonly count: number;
  /** What is wrong with the first: `connections[7].stop: expected RFC 3339 time, received string "soon"`. */
  readonly problem: string;
};

export type DecodedRows<T> = { readonly rows: readonly T[]; readonly leftOut: LeftOut | null };

/** Every row that can be decoded, and what is wrong with the others. */
export function rowByRow<T>(
  rows: readonly unknown[],
  decode: (row: unknown, index: number) => Decoded<T>,
): DecodedRows<T> {
  const decoded: T[] = [];
  const problems: string[] = [];
  for (const [index, row] of rows.entries()) {
    const each = decode(row, index);
    if (each.ok) decoded.push(each.value);
    else problems.push(each.problem);
  }
  const [problem] = problems;
  return { rows: decoded, leftOut: problem === undefined ? null : { count: problems.length, problem } };
}

/** The problem of a list in which no row is as expected: then it is not a bad row, but another shape. */
export const problemOfAll = ({ rows, leftOut }: DecodedRows<unknown>): string | null =>
  rows.length === 0 && leftOut !== null ? leftOut.problem : null;
