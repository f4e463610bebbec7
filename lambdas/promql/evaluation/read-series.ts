import type { At, Expression, RangeSelector, Selector, Subquery } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { keyOf } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { firstAfter, matrixOf } from './series.ts';
import type { Matrix, Read, Sample } from './series.ts';
import { lookBackMs, spansOf } from './windows.ts';
import { samplesOf } from './vector.ts';
import type { Value, Vector } from './vector.ts';
import type { Window } from './window.ts';

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
  readonly series: (selector: Selector) => Matrix;
  readonly vectorOf: (node: Expression, at: number, source: Source) => Vector;
};

/** Each selector is read once, over all the time that the evaluation touches. */
export function makeSource(
  ast: Expression,
  given: Pick<Source, 'at' | 'edition' | 'intervalMs' | 'known'> & { readonly read: Read },
  vectorOf: Source['vectorOf'],
): Source {
  const spans = spansOf(ast, given.at);
  const found = new Map<Selector, Matrix>();
  const series = (selector: Selector): Matrix => {
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
): Vector & { readonly times: readonly number[] } {
  const reference = referenceTime(selector.at, selector.offsetMs, time, source);
  const oldest = reference - lookBackMs + (startIsOutside(source.edition) ? 1 : 0);
  const { frame, blocks } = source.series(selector);
  const [places, values, times]: [number[], number[], number[]] = [[], [], []];
  for (const { from, places: own, rows } of blocks) {
    const young = rows.slice(firstAfter(rows, oldest - 1), firstAfter(rows, reference));
    const newest = young.reverse();
    for (const place of own) {
      for (const { at, cells } of newest) {
        const cell = cells[place];
        if (cell === undefined) continue;
        if (cell !== null) {
          places.push(from + place);
          values.push(cell);
          times.push(at);
        }
        break;
      }
    }
  }
  return { type: 'vector', frame, places, values, times };
}

/** What a range in brackets or a subquery holds at that time. */
export function windowAt(node: RangeSelector | Subquery, time: number, source: Source): Window {
  const { offsetMs, at } = node.kind === 'range' ? node.selector : node;
  const toMs = referenceTime(at, offsetMs, time, source);
  const fromMs = toMs - node.rangeMs;
  const matrix =
    node.kind === 'range' ? source.series(node.selector) : stepsOf(node, { fromMs, toMs }, source);
  return { fromMs, toMs, matrix, startIsOutside: startIsOutside(source.edition) };
}

/** Steps stand at multiples of the step since the epoch, not since the start of the window. */
function stepsOf(node: Subquery, { fromMs, toMs }: Pick<Window, 'fromMs' | 'toMs'>, source: Source): Matrix {
  const stepMs = node.stepMs ?? source.intervalMs;
  let step = Math.trunc(fromMs / stepMs) * stepMs;
  if (step < fromMs || (step === fromMs && startIsOutside(source.edition))) step += stepMs;
  const found = new Map<string, { readonly labels: Labels; readonly samples: Sample[] }>();
  for (; step <= toMs; step += stepMs) {
    for (const { labels, value } of samplesOf(source.vectorOf(node.expression, step, source))) {
      const key = keyOf(labels);
      const series = found.get(key) ?? { labels, samples: [] };
      found.set(key, series);
      series.samples.push([step, value]);
    }
  }
  return matrixOf([...found.values()]);
}
