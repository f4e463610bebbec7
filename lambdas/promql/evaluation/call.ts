import { absentLabels } from './absent.ts';
import type { Call, Expression, RangeSelector, Subquery } from '../ast.ts';
import { unwrap } from '../ast.ts';
import type { Labels } from '../labels.ts';
import type { Edition } from '../edition.ts';
import { labelJoin, labelReplace } from './label-functions.ts';
import { calendar, goMax, goMin, mathematics, roundTo } from './mathematics.ts';
import { ascending, descending, inOrder } from './order.ts';
import { overTime } from './over-time.ts';
import { quantile } from './quantile.ts';
import { extrapolated, lastChange } from './rates.ts';
import { latest, windowAt } from './read-series.ts';
import type { Source } from './read-series.ts';
import { regression } from './regression.ts';
import { smoothed } from './smoothing.ts';
import { EvaluationError } from './values.ts';
import { elementsAt, nameless, vectorOf } from './vector.ts';
import type { Value, Vector } from './vector.ts';
import { isEmpty, reduced } from './window.ts';
import type { Points, Window } from './window.ts';

type ValueOf = (node: Expression, at: number, source: Source) => Value;

/** A function call. */
export function callFunction(node: Call, at: number, source: Source, valueOf: ValueOf): Value {
  const given = node.arguments;
  const number = (index: number, otherwise = NaN): number => {
    const argument = given[index];
    const value = argument && valueOf(argument, at, source);
    return value === undefined ? otherwise : value.type === 'scalar' ? value.value : NaN;
  };
  const vector = (index: number): Vector => {
    const argument = given[index];
    const value = argument && valueOf(argument, at, source);
    return value?.type === 'vector' ? value : nothing;
  };
  const texts = (): readonly string[] =>
    given.slice(1).map((argument) => {
      const value = valueOf(argument, at, source);
      return value.type === 'string' ? value.value : '';
    });
  const mapped = (change: (value: number) => number): Vector => {
    const given = vector(0);
    return nameless(given, given.values.map(change));
  };
  const seconds = at / 1000;

  const simple = mathematics.get(node.name);
  if (simple !== undefined) return mapped(simple);
  const dated = calendar.get(node.name);
  if (dated !== undefined) return given.length === 0 ? single({}, dated(seconds)) : mapped(dated);
  const range = given
    .map(unwrap)
    .find((argument) => argument.kind === 'range' || argument.kind === 'subquery');
  if (range !== undefined) return ofWindow(node, range, at, source, number);

  switch (node.name) {
    case 'time':
      return { type: 'scalar', value: seconds };
    case 'pi':
      return { type: 'scalar', value: Math.PI };
    case 'vector':
      return single({}, number(0));
    case 'scalar': {
      const [first, second] = vector(0).values;
      return { type: 'scalar', value: first === undefined || second !== undefined ? NaN : first };
    }
    case 'clamp':
      return clamp(vector(0), number(1), number(2));
    case 'clamp_min':
      return clamp(vector(0), number(1), Infinity);
    case 'clamp_max':
      return clamp(vector(0), -Infinity, number(1));
    case 'round': {
      const nearest = number(1, 1);
      return mapped((value) => roundTo(value, nearest));
    }
    case 'sort':
      return sorted(vector(0), ascending);
    case 'sort_desc':
      return sorted(vector(0), descending);
    case 'absent':
      if (vector(0).values.length > 0 || given[0] === undefined) return nothing;
      return single(absentLabels(given[0], source.edition), 1);
    case 'timestamp':
      return timestamps(given[0], vector, at, source);
    case 'label_replace':
      return labelReplace(vector(0), texts(), source.edition);
    case 'label_join':
      return labelJoin(vector(0), texts(), source.edition);
  }
  throw new EvaluationError(`${node.name} is not evaluated here`);
}

const nothing = vectorOf([]);
const single = (labels: Labels, value: number): Vector => vectorOf([{ labels, value }]);

const sorted = (vector: Vector, order: typeof ascending): Vector =>
  elementsAt(vector, inOrder(vector.values, order));

/** A plain selector gives the times of its samples, anything else the time of evaluation. */
function timestamps(
  argument: Expression | undefined,
  vector: (index: number) => Vector,
  at: number,
  source: Source,
): Vector {
  const inner = argument && unwrap(argument);
  if (inner?.kind !== 'selector') {
    const given = vector(0);
    return nameless(
      given,
      given.values.map(() => at / 1000),
    );
  }
  const given = latest(inner, at, source);
  return nameless(
    given,
    given.times.map((time) => time / 1000),
  );
}

function ofWindow(
  node: Call,
  range: RangeSelector | Subquery,
  at: number,
  source: Source,
  number: (index: number) => number,
): Vector {
  const window = windowAt(range, at, source);
  if (node.name === 'absent_over_time') {
    const [argument] = node.arguments;
    return argument !== undefined && isEmpty(window)
      ? single(absentLabels(argument, source.edition), 1)
      : nothing;
  }
  const made = reducedBy(node.name, window, (numbersAt) => ({
    window,
    at,
    edition: source.edition,
    numbers: numbersAt.map((index) => number(index)),
  }));
  return node.name === 'last_over_time' ? made : nameless(made, made.values);
}

function reducedBy(name: string, window: Window, givenBy: (numbersAt: readonly number[]) => Given): Vector {
  const simple = overTime.get(name);
  if (simple !== undefined) return reduced(window, ofValues, simple);
  const reducer = reducers.get(name);
  if (reducer === undefined) throw new EvaluationError(`${name} is not evaluated here`);
  const [of, ...numbersAt] = reducer;
  return reduced(window, of, givenBy(numbersAt));
}

const ofValues = ({ values }: Points, of: (values: Points['values']) => number): number => of(values);

/** What a function of a window is given beside each series' points: `numbers` are its other arguments. */
type Given = {
  readonly window: Window;
  readonly at: number;
  readonly edition: Edition;
  readonly numbers: readonly number[];
};
type Reduce = (points: Points, given: Given) => number | undefined;

/** Functions of a window, and where among the arguments their numbers stand. */
const reducers: ReadonlyMap<string, readonly [of: Reduce, ...numbersAt: number[]]> = new Map<
  string,
  readonly [Reduce, ...number[]]
>([
  ['rate', [(points, { window, edition }) => extrapolated('rate', points, window, edition)]],
  ['increase', [(points, { window, edition }) => extrapolated('increase', points, window, edition)]],
  ['delta', [(points, { window, edition }) => extrapolated('delta', points, window, edition)]],
  ['irate', [(points) => lastChange('irate', points)]],
  ['idelta', [(points) => lastChange('idelta', points)]],
  ['deriv', [slopeOf]],
  ['predict_linear', [predicted, 1]],
  [
    'holt_winters',
    [(points, { numbers: [factor = NaN, trend = NaN] }) => smoothed(points, factor, trend), 1, 2],
  ],
  ['quantile_over_time', [({ values }, { numbers: [q = NaN] }) => quantile(q, values), 0]],
]);

function slopeOf(points: Points): number | undefined {
  return points.times.length < 2 ? undefined : regression(points, points.times[0] ?? 0).slope;
}

function predicted(points: Points, { at, numbers: [ahead = NaN] }: Given): number | undefined {
  if (points.times.length < 2) return undefined;
  const { slope, intercept } = regression(points, at);
  return slope * ahead + intercept;
}

const clamp = (vector: Vector, least: number, most: number): Vector =>
  most < least
    ? nothing
    : nameless(
        vector,
        vector.values.map((value) => goMax(least, goMin(most, value))),
      );
