import { formatValue } from '../../lambdas/engine/format.ts';
import type { Unit } from '../../lambdas/limits.ts';
import { escape } from './html.ts';
import type { DrawnLine, Point } from './looks.ts';
import { lineClasses } from './style.ts';

/** In CSS pixels of a widget a third of 1,280 wide; it grows and shrinks with its widget. */
const picture = { width: 400, height: 170 } as const;
const plot = { left: 68, right: 392, top: 10, bottom: 146 } as const;
const ticks = 4;

export type Chart = {
  readonly title: string;
  readonly unit: Unit;
  readonly isStacked: boolean;
  readonly lines: readonly DrawnLine[];
  /** Epoch ms. */
  readonly span: { readonly from: number; readonly to: number };
};

/** The title says that it is a second. */
const tickUnits: Readonly<Partial<Record<Unit, Unit>>> = { perSecond: 'count', bytesPerSecond: 'bytes' };

/** The class of a line in the style sheet; beyond the last they begin anew. */
export const colourOf = (line: number): string => `c${line % lineClasses}`;

/** The lines as inline SVG: each with its points, which tell their values. */
export function chart({ title, unit, isStacked, lines, span }: Chart): string {
  const drawn = isStacked ? stacked(lines) : lines;
  const top = niceTop(Math.max(0, ...drawn.flatMap(({ points }) => points.map(({ value }) => value))), unit);
  const x = (at: number) => scale(at, [span.from, span.to], [plot.left, plot.right]);
  const y = (value: number) => scale(value, [0, top], [plot.bottom, plot.top]);
  const levels = Array.from({ length: ticks + 1 }, (_, i) => (top * i) / ticks);
  const grid = levels.map(
    (level) =>
      `<line class="rule" x1="${plot.left}" x2="${plot.right}" y1="${px(y(level))}" y2="${px(y(level))}"/>` +
      `<text class="tick" x="${plot.left - 6}" y="${px(y(level) + 4)}" text-anchor="end">${escape(formatValue(level, tickUnits[unit] ?? unit))}</text>`,
  );
  const times = [
    [span.from, 'start', plot.left],
    [span.to, 'end', plot.right],
  ] as const;
  const marks = times.map(
    ([at, anchor, at_]) =>
      `<text class="tick" x="${at_}" y="${plot.bottom + 18}" text-anchor="${anchor}">${clock(at)}</text>`,
  );
  // What is drawn first lies below: in a stack the whole, else what the legend names last.
  const shapes = drawn
    .map((line, i) => {
      const told = lines[i] ?? line;
      // What adds nothing to a stack would be drawn over what is below it.
      const isNothing = isStacked && i > 0 && told.points.every(({ value }) => value === 0);
      return isNothing ? '' : shape(line, colourOf(i), { x, y, isStacked, told, unit });
    })
    .toReversed();
  return (
    `<svg viewBox="0 0 ${picture.width} ${picture.height}" role="img" aria-label="${escape(title)}">` +
    `${grid.join('')}${marks.join('')}${shapes.join('')}</svg>`
  );
}

type Drawing = {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly isStacked: boolean;
  /** The line with its own values, which a stack adds to others. */
  readonly told: DrawnLine;
  readonly unit: Unit;
};

function shape(
  { label, points }: DrawnLine,
  colour: string,
  { x, y, isStacked, told, unit }: Drawing,
): string {
  const place = ({ at, value }: Point) => `${px(x(at))},${px(y(value))}`;
  const own = new Map(told.points.map(({ at, value }) => [at, value]));
  const dots = points.map(
    (point) =>
      `<circle class="dot ${colour}" cx="${px(x(point.at))}" cy="${px(y(point.value))}" r="1.75"><title>` +
      `${escape(`${label}: ${formatValue(own.get(point.at) ?? point.value, unit)}, ${clock(point.at)}`)}</title></circle>`,
  );
  const lines = unbroken(points).map((part) => {
    const along = part.map(place).join(' ');
    const base = px(y(0));
    const ends = [part.at(-1), part[0]].map((point) => `${px(x(point?.at ?? 0))},${base}`);
    const area = isStacked ? `<polygon class="area ${colour}" points="${along} ${ends.join(' ')}"/>` : '';
    return `${area}<polyline class="line ${colour}" points="${along}"/>`;
  });
  return `${lines.join('')}${dots.join('')}`;
}

/** Parts of a line between looks that had no point of it. */
function unbroken(points: readonly Point[]): readonly (readonly Point[])[] {
  const steps = points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? at));
  const usual = Math.min(...steps);
  return points.reduce<Point[][]>((parts, point, i) => {
    const isNew = i === 0 || (steps[i - 1] ?? 0) > usual * 1.5;
    if (isNew) parts.push([]);
    parts.at(-1)?.push(point);
    return parts;
  }, []);
}

/** Each line with those before it below it. */
function stacked(lines: readonly DrawnLine[]): readonly DrawnLine[] {
  const below = new Map<number, number>();
  return lines.map(({ label, points }) => ({
    label,
    points: points.map(({ at, value }) => {
      below.set(at, (below.get(at) ?? 0) + value);
      return { at, value: below.get(at) ?? 0 };
    }),
  }));
}

/** What an axis steps by at least: a share or a count is not cut finer. */
const leastStep: Readonly<Partial<Record<Unit, number>>> = { count: 1, ratio: 0.01, percent: 1 };

/** The end of an axis on which each tick is a round number, of bytes a round one of their unit. */
function niceTop(most: number, unit: Unit): number {
  const isBytes = unit === 'bytes' || unit === 'bytesPerSecond';
  const base = isBytes ? 1_024 ** Math.floor(Math.log2(Math.max(1, most)) / 10) : 1;
  const least = leastStep[unit] ?? 0;
  const step = Math.max(least, most / ticks / base) || 1;
  const power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  const isFit = (each: number) => each >= step * 0.999 && (unit !== 'count' || Number.isInteger(each));
  return ([1, 2, 2.5, 5, 10].map((each) => each * power).find(isFit) ?? 10 * power) * base * ticks;
}

const scale = (
  value: number,
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): number => (to === from ? end : start + ((value - from) / (to - from)) * (end - start));

const px = (n: number): string => n.toFixed(1).replace('.0', '');
const clock = (at: number): string => `${new Date(at).toISOString().slice(11, 19).replace(/:00$/, '')} UTC`;
