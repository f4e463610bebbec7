import type { At, Expression, RangeSelector, Selector, Subquery } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { keyOf } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { firstAfter } from './series.ts';
import type { Read, Sample, Series } from './series.ts';
import { lookBackMs, spansOf } from './windows.ts';
import type { Span } from './windows.ts';
import type { Point, Value, VectorSample } from './values.ts';

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
  readonly series: (selector: Selector) => readonly Series[];
  readonly vectorOf: (node: Expression, at: number, source: Source) => readonly VectorSample[];
};

/** Each selector is read once, over all the time that the evaluation touches. */
export function makeSource(
  ast: Expression,
  given: Pick<Source, 'at' | 'edition' | 'intervalMs' | 'known'> & { readonly read: Read },
  vectorOf: Source['vectorOf'],
): Source {
  const spans = spansOf(ast, given.at);
  const found = new Map<Selector, readonly Series[]>();
  const series = (selector: Selector): readonly Series[] => {
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

/** The last sample of each series within the look-back, with its own time. */
export function latest(
  selector: Selector,
  time: number,
  source: Source,
): readonly (VectorSample & { readonly atMs: number })[] {
  const reference = referenceTime(selector.at, selector.offsetMs, time, source);
  const oldest = reference - lookBackMs + (startIsOutside(source.edition) ? 1 : 0);
  const samples: (VectorSample & { readonly atMs: number })[] = [];
  for (const series of source.series(selector)) {
    const sample = series.samples[firstAfter(series.samples, reference) - 1];
    if (sample === undefined || sample[1] === null || sample[0] < oldest) continue;
    samples.push({ labels: series.labels, value: sample[1], atMs: sample[0] });
  }
  return samples;
}

export function instantSamples(selector: Selector, time: number, source: Source): readonly VectorSample[] {
  return latest(selector, time, source);
}

export type Window = Span & {
  readonly series: readonly { readonly labels: Labels; readonly points: readonly Point[] }[];
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
  readonly Series[],
  { readonly before: number; readonly toMs: number; readonly series: Window['series'] }
>();

function seriesWithin(all: readonly Series[], before: number, toMs: number): Window['series'] {
  const series: Window['series'][number][] = [];
  for (const { labels, samples } of all) {
    const [first, end] = [firstAfter(samples, before), firstAfter(samples, toMs)];
    const points = first === 0 && end === samples.length ? samples : samples.slice(first, end);
    const present = allPresent(points) ? points : points.filter(isPresent);
    if (present.length > 0) series.push({ labels, points: present });
  }
  return series;
}

const isPresent = (sample: Sample): sample is Point => sample[1] !== null;
const allPresent = (samples: readonly Sample[]): samples is readonly Point[] => samples.every(isPresent);

/** Steps stand at multiples of the step since the epoch, not since the start of the window. */
function subqueryAt(node: Subquery, time: number, source: Source): Window {
  const toMs = referenceTime(node.at, node.offsetMs, time, source);
  const fromMs = toMs - node.rangeMs;
  const stepMs = node.stepMs ?? source.intervalMs;
  let step = Math.trunc(fromMs / stepMs) * stepMs;
  if (step < fromMs || (step === fromMs && startIsOutside(source.edition))) step += stepMs;
  const found = new Map<string, { labels: Labels; points: Point[] }>();
  for (; step <= toMs; step += stepMs) {
    for (const { labels, value } of source.vectorOf(node.expression, step, source)) {
      const key = keyOf(labels);
      const series = found.get(key);
      if (series === undefined) found.set(key, { labels, points: [[step, value]] });
      else series.points.push([step, value]);
    }
  }
  return { fromMs, toMs, series: [...found.values()] };
}
