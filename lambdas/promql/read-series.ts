import type { At, Expression, RangeSelector, Selector, Subquery } from './ast.ts';
import type { Edition } from './edition.ts';
import { keyOf } from './labels.ts';
import type { Labels } from './labels.ts';
import { firstAfter } from './series.ts';
import type { Columns, Read } from './series.ts';
import { lookBackMs, spansOf } from './windows.ts';
import type { Span } from './windows.ts';
import type { Points, Value, VectorSample } from './values.ts';

/** Values of nodes at the time of evaluation. */
export type Known = {
  readonly get: (node: Expression) => Value | undefined;
  readonly set: (node: Expression, value: Value) => void;
};

/** What one evaluation reads from, and the language it reads by. */
export type Source = {
  readonly at: number;
  readonly edition: Edition;
  readonly intervalMs: number;
  readonly known: Known | undefined;
  readonly series: (selector: Selector) => readonly Columns[];
  readonly vectorOf: (node: Expression, at: number, source: Source) => readonly VectorSample[];
};

/** Each selector is read once, over all the time that the evaluation touches. */
export function makeSource(
  ast: Expression,
  given: Pick<Source, 'at' | 'edition' | 'intervalMs' | 'known'> & { readonly read: Read },
  vectorOf: Source['vectorOf'],
): Source {
  const spans = spansOf(ast, given.at);
  const found = new Map<Selector, readonly Columns[]>();
  const series = (selector: Selector): readonly Columns[] => {
    const known = found.get(selector);
    if (known !== undefined) return known;
    const { fromMs, toMs } = spans.get(selector) ?? { fromMs: given.at, toMs: given.at };
    const read = given.read(selector, fromMs, toMs);
    found.set(selector, read);
    return read;
  };
  const { at, edition, intervalMs, known } = given;
  return { at, edition, intervalMs, known, series, vectorOf };
}

function referenceTime(at: At | undefined, offsetMs: number, time: number, source: Source): number {
  const base = at === undefined ? time : typeof at === 'number' ? at : source.at;
  return base - offsetMs;
}

/** Whether a sample as old as the window's start is outside: it is since Prometheus 3. */
const startIsOutside = (edition: Edition): boolean => edition !== 2;

/** What `give` makes of the last sample of each series within the look-back. */
export function latest<T>(
  selector: Selector,
  time: number,
  source: Source,
  give: (labels: Labels, value: number, atMs: number) => T,
): readonly T[] {
  const reference = referenceTime(selector.at, selector.offsetMs, time, source);
  const oldest = reference - lookBackMs + (startIsOutside(source.edition) ? 1 : 0);
  const lastOf = indexer(reference);
  const made: T[] = [];
  for (const { labels, times, values } of source.series(selector)) {
    const last = lastOf(times) - 1;
    const [atMs, value] = [times[last], values[last]];
    if (atMs === undefined || atMs < oldest || value === undefined || value === null) continue;
    made.push(give(labels, value, atMs));
  }
  return made;
}

export const instantSamples = (selector: Selector, time: number, source: Source): readonly VectorSample[] =>
  latest(selector, time, source, (labels, value) => ({ labels, value }));

/** `firstAfter` that time, asked once for a list of times that series share. */
function indexer(atMs: number): (times: readonly number[]) => number {
  let asked: readonly number[] | undefined;
  let index = 0;
  return (times) => {
    if (times !== asked) index = firstAfter(times, atMs);
    asked = times;
    return index;
  };
}

export type Window = Span & {
  readonly series: readonly (Points & { readonly labels: Labels })[];
};

/** What a range in brackets or a subquery holds at that time: series with at least one sample. */
export function windowAt(node: RangeSelector | Subquery, time: number, source: Source): Window {
  return node.kind === 'range' ? rangeAt(node, time, source) : subqueryAt(node, time, source);
}

function rangeAt({ selector, rangeMs }: RangeSelector, time: number, source: Source): Window {
  const toMs = referenceTime(selector.at, selector.offsetMs, time, source);
  const fromMs = toMs - rangeMs;
  const before = startIsOutside(source.edition) ? fromMs : fromMs - 1;
  const all = source.series(selector);
  const known = windows.get(all);
  if (known?.before === before && known.toMs === toMs) return { fromMs, toMs, series: known.series };
  const series = seriesWithin(all, before, toMs);
  windows.set(all, { before, toMs, series });
  return { fromMs, toMs, series };
}

// Rules ask for several functions of one window, one rule after the other.
const windows = new WeakMap<
  readonly Columns[],
  { readonly before: number; readonly toMs: number; readonly series: Window['series'] }
>();

function seriesWithin(all: readonly Columns[], before: number, toMs: number): Window['series'] {
  const [firstOf, endOf] = [indexer(before), indexer(toMs)];
  let given: readonly number[] | undefined;
  let part: readonly number[] = [];
  const series: Window['series'][number][] = [];
  for (const { labels, times, values } of all) {
    const [first, end] = [firstOf(times), endOf(times)];
    const isWhole = first === 0 && end === times.length;
    if (times !== given) part = isWhole ? times : times.slice(first, end);
    given = times;
    const points = present(part, isWhole ? values : values.slice(first, end));
    if (points.values.length > 0) series.push({ labels, ...points });
  }
  return series;
}

/** Without stale markers. */
function present(times: readonly number[], values: readonly (number | null)[]): Points {
  if (hasAll(values)) return { times, values };
  const isThere = (index: number): boolean => values[index] !== null;
  return {
    times: times.filter((_time, index) => isThere(index)),
    values: values.filter((value) => value !== null),
  };
}

const hasAll = (values: readonly (number | null)[]): values is readonly number[] => !values.includes(null);

/** Steps stand at multiples of the step since the epoch, not since the start of the window. */
function subqueryAt(node: Subquery, time: number, source: Source): Window {
  const toMs = referenceTime(node.at, node.offsetMs, time, source);
  const fromMs = toMs - node.rangeMs;
  const stepMs = node.stepMs ?? source.intervalMs;
  let step = Math.trunc(fromMs / stepMs) * stepMs;
  if (step < fromMs || (step === fromMs && startIsOutside(source.edition))) step += stepMs;
  const found = new Map<string, { labels: Labels; times: number[]; values: number[] }>();
  for (; step <= toMs; step += stepMs) {
    for (const { labels, value } of source.vectorOf(node.expression, step, source)) {
      const key = keyOf(labels);
      const series = found.get(key) ?? { labels, times: [], values: [] };
      found.set(key, series);
      series.times.push(step);
      series.values.push(value);
    }
  }
  return { fromMs, toMs, series: [...found.values()] };
}
