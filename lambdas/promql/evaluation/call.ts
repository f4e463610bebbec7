import { absentLabels } from './absent.ts';
import type { Call, Expression, RangeSelector, Subquery } from '../ast.ts';
import { unwrap } from '../ast.ts';
import { withoutName } from '../labels.ts';
import { labelJoin, labelReplace } from './label-functions.ts';
import { calendar, goMax, goMin, mathematics, roundTo } from './mathematics.ts';
import { ascending, descending } from './order.ts';
import { overTime } from './over-time.ts';
import { quantile } from './quantile.ts';
import { extrapolated, lastChange } from './rates.ts';
import { latest, windowAt } from './read-series.ts';
import type { Source, Window } from './read-series.ts';
import { regression } from './regression.ts';
import { smoothed } from './smoothing.ts';
import { EvaluationError, distinct, oneName } from './values.ts';
import type { Point, Value, VectorSample } from './values.ts';

type ValueOf = (node: Expression, at: number, source: Source) => Value;

/** A function call. */
export function callFunction(node: Call, at: number, source: Source, valueOf: ValueOf): Value {
  const given = node.arguments;
  const vector = (samples: readonly VectorSample[]): Value => ({ type: 'vector', samples });
  const number = (index: number, otherwise = NaN): number => {
    const argument = given[index];
    const value = argument && valueOf(argument, at, source);
    return value === undefined ? otherwise : value.type === 'scalar' ? value.value : NaN;
  };
  const samples = (index: number): readonly VectorSample[] => {
    const argument = given[index];
    const value = argument && valueOf(argument, at, source);
    return value?.type === 'vector' ? value.samples : [];
  };
  const texts = (): readonly string[] =>
    given.slice(1).map((argument) => {
      const value = valueOf(argument, at, source);
      return value.type === 'string' ? value.value : '';
    });
  const mapped = (change: (value: number) => number): Value => vector(nameless(samples(0), change));
  const seconds = at / 1000;

  const simple = mathematics.get(node.name);
  if (simple !== undefined) return mapped(simple);
  const dated = calendar.get(node.name);
  if (dated !== undefined)
    return given.length === 0 ? vector([{ labels: {}, value: dated(seconds) }]) : mapped(dated);
  const range = given
    .map(unwrap)
    .find((argument) => argument.kind === 'range' || argument.kind === 'subquery');
  if (range !== undefined) return vector(ofWindow(node, range, at, source, number));

  switch (node.name) {
    case 'time':
      return { type: 'scalar', value: seconds };
    case 'pi':
      return { type: 'scalar', value: Math.PI };
    case 'vector':
      return vector([{ labels: {}, value: number(0) }]);
    case 'scalar': {
      const [first, second] = samples(0);
      return { type: 'scalar', value: first === undefined || second !== undefined ? NaN : first.value };
    }
    case 'clamp':
      return vector(clamp(samples(0), number(1), number(2)));
    case 'clamp_min':
      return vector(clamp(samples(0), number(1), Infinity));
    case 'clamp_max':
      return vector(clamp(samples(0), -Infinity, number(1)));
    case 'round': {
      const nearest = number(1, 1);
      return mapped((value) => roundTo(value, nearest));
    }
    case 'sort':
      return vector([...samples(0)].sort(ascending));
    case 'sort_desc':
      return vector([...samples(0)].sort(descending));
    case 'absent':
      if (samples(0).length > 0 || given[0] === undefined) return vector([]);
      return vector([{ labels: absentLabels(given[0], source.edition), value: 1 }]);
    case 'timestamp':
      return vector(timestamps(given[0], samples, at, source));
    case 'label_replace':
      return vector(labelReplace(samples(0), texts(), source.edition));
    case 'label_join':
      return vector(labelJoin(samples(0), texts(), source.edition));
  }
  throw new EvaluationError(`${node.name} is not evaluated here`);
}

/** A plain selector gives the times of its samples, anything else the time of evaluation. */
function timestamps(
  argument: Expression | undefined,
  samples: (index: number) => readonly VectorSample[],
  at: number,
  source: Source,
): readonly VectorSample[] {
  const inner = argument && unwrap(argument);
  if (inner?.kind !== 'selector') return nameless(samples(0), () => at / 1000);
  const found = latest(inner, at, source);
  const timed = found.map(({ labels, atMs }) => ({ labels: withoutName(labels), value: atMs / 1000 }));
  return oneName(found) ? timed : distinct(timed);
}

function ofWindow(
  node: Call,
  range: RangeSelector | Subquery,
  at: number,
  source: Source,
  number: (index: number) => number,
): readonly VectorSample[] {
  const window = windowAt(range, at, source);
  if (node.name === 'absent_over_time') {
    const [argument] = node.arguments;
    return window.series.length > 0 || argument === undefined
      ? []
      : [{ labels: absentLabels(argument, source.edition), value: 1 }];
  }
  const reduce = reducer(node.name, window, at, source, number);
  const keepsName = node.name === 'last_over_time';
  const made: VectorSample[] = [];
  for (const { labels, points } of window.series) {
    const value = reduce(points);
    if (value !== undefined) made.push({ labels: keepsName ? labels : withoutName(labels), value });
  }
  return keepsName || oneName(window.series) ? made : distinct(made);
}

function reducer(
  name: string,
  window: Window,
  at: number,
  source: Source,
  number: (index: number) => number,
): (points: readonly Point[]) => number | undefined {
  const simple = overTime.get(name);
  if (simple !== undefined) return simple;
  switch (name) {
    case 'rate':
    case 'increase':
    case 'delta':
      return (points) => extrapolated(name, points, window, source.edition);
    case 'irate':
    case 'idelta':
      return (points) => lastChange(name, points);
    case 'deriv':
      return (points) => (points.length < 2 ? undefined : regression(points, points[0]?.[0] ?? 0).slope);
    case 'predict_linear': {
      const ahead = number(1);
      return (points) => {
        if (points.length < 2) return undefined;
        const { slope, intercept } = regression(points, at);
        return slope * ahead + intercept;
      };
    }
    case 'holt_winters': {
      const [smoothing, trend] = [number(1), number(2)];
      return (points) => smoothed(points, smoothing, trend);
    }
    case 'quantile_over_time': {
      const q = number(0);
      return (points) =>
        quantile(
          q,
          points.map(([, value]) => value),
        );
    }
  }
  throw new EvaluationError(`${name} is not evaluated here`);
}

function nameless(
  samples: readonly VectorSample[],
  change: (value: number) => number,
): readonly VectorSample[] {
  const made = samples.map(({ labels, value }) => ({ labels: withoutName(labels), value: change(value) }));
  return oneName(samples) ? made : distinct(made);
}

function clamp(samples: readonly VectorSample[], least: number, most: number): readonly VectorSample[] {
  return most < least ? [] : nameless(samples, (value) => goMax(least, goMin(most, value)));
}
