import { fitted } from '../../lines.ts';
import type { Page, Style } from './styles.ts';

/** The beginning of a text that is too long. */
export const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;

/** Both ends of a name that is too long: either may tell it from the next one. */
export const cutWithin = (name: string, width: number): string =>
  name.length > width
    ? `${name.slice(0, Math.ceil((width - 1) / 2))}…${name.slice(name.length - Math.floor((width - 1) / 2))}`
    : name;

export type Row = {
  /** Of the first cell. */
  readonly style: Style;
  readonly cells: readonly string[];
  /** A line whatever its length: what does not fit is cut, where else it goes on below. */
  readonly isOneLine?: boolean;
};

/** Rows below a head, each column as wide as its widest cell, at most a third of the page, the last one as wide as is left. */
export function table(
  head: readonly string[],
  rows: readonly Row[],
  { paint, width }: Page,
): readonly string[] {
  const most = Math.max(14, Math.floor(width / 3));
  const last = head.length - 1;
  const widths = head
    .slice(0, last)
    .map((_, i) =>
      Math.min(
        most,
        Math.max(...[head, ...rows.map(({ cells }) => cells)].map((cells) => cells[i]?.length ?? 0)),
      ),
    );
  const left = Math.max(20, width - widths.reduce((sum, each) => sum + each + 2, 0));
  const line = (cells: readonly string[], text: string) =>
    [...widths.map((each, i) => cutWithin(cells[i] ?? '', each).padEnd(each)), text].join('  ').trimEnd();
  const body = rows.flatMap(({ style, cells, isOneLine = false }) => {
    const text = cells[last] ?? '';
    const [first = '', ...more] = isOneLine ? [cut(text, left)] : fitted(text, left);
    const whole = line(cells, first);
    const lead = cells[0]?.length ?? 0;
    return [
      `${paint(style, whole.slice(0, lead))}${whole.slice(lead)}`,
      ...more.map((each) => line([], each)),
    ];
  });
  return [paint('bold', line(head, head[last] ?? '')), ...body];
}
