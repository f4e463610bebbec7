import { stripVTControlCharacters } from 'node:util';
import { cut } from './layout.ts';

/** Lines that stand together. */
export type Section = {
  readonly lines: readonly string[];
  /** How many rows come before those of other sections. */
  readonly share: number;
  /** In place of lines that do not fit all. */
  readonly instead?: string;
};

export type Size = { readonly rows: number; readonly width: number };

/**
 * Sections one below another on a screen. Each gets its share first, then what is left goes to them in their order; one that
 * is cut ends with how much is left out.
 */
export function frame(sections: readonly Section[], { rows, width }: Size): readonly string[] {
  const needed = sections.map(({ lines }) => sum(lines.map((line) => heightOf(line, width))));
  const given = sections.map(() => 0);
  let left = rows;
  const give = (i: number, most: number) => {
    const more = Math.max(0, Math.min(most, needed[i] ?? 0) - (given[i] ?? 0));
    given[i] = (given[i] ?? 0) + Math.min(more, left);
    left -= Math.min(more, left);
  };
  for (const [i, { share }] of sections.entries()) give(i, share);
  for (const i of sections.keys()) give(i, Infinity);
  return sections.flatMap((section, i) =>
    given[i] === needed[i] ? section.lines : beginning(section, given[i] ?? 0, width),
  );
}

function beginning({ lines, instead }: Section, rows: number, width: number): readonly string[] {
  if (rows === 0) return [];
  if (instead !== undefined) return [instead];
  const end = lines.findIndex(
    (_, i) => sum(lines.slice(0, i + 1).map((line) => heightOf(line, width))) > rows - 1,
  );
  return [
    ...lines.slice(0, end),
    cut(`… ${lines.length - end} more lines: npm start without --watch`, width),
  ];
}

/** A line that is longer than the screen is wide goes on below. */
const heightOf = (line: string, width: number): number =>
  Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
