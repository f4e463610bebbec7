import type { Aggregation } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { frameOf, groupsBy } from './frame.ts';
import type { Frame } from './frame.ts';
import { mean, sum } from './kahan.ts';
import { ascending, descending, inOrder } from './order.ts';
import { withLabel } from '../labels.ts';
import { goNumber } from './numbers.ts';
import { quantile } from './quantile.ts';
import { EvaluationError } from './values.ts';
import { elementsAt } from './vector.ts';
import type { Value, Vector } from './vector.ts';

/** `sum by (…) (…)` and its like, over the evaluated operand. */
export function aggregate(
  { operator, grouping }: Aggregation,
  parameter: Value | undefined,
  vector: Vector,
  edition: Edition,
): Vector {
  if (operator === 'count_values') return countValues(grouping, parameter, vector, edition);
  if (operator === 'topk' || operator === 'bottomk') {
    const size = wholeNumber(numberOf(parameter), operator);
    if (size < 1) return elementsAt(vector, []);
    const order = operator === 'topk' ? descending : ascending;
    const first = membersBy(grouping, vector).members.flatMap((indexes) => {
      const own = elementsAt(vector, indexes);
      return inOrder(own.values, order)
        .slice(0, size)
        .map((index) => indexes[index] ?? 0);
    });
    return elementsAt(vector, first);
  }
  const q = operator === 'quantile' ? numberOf(parameter) : NaN;
  const { frame, places, members } = membersBy(grouping, vector);
  const values: number[] = [];
  for (const indexes of members) values.push(reduced(operator, q, valuesAt(vector, indexes), edition));
  return { type: 'vector', frame, places, values };
}

function valuesAt({ values }: Vector, indexes: readonly number[]): readonly number[] {
  const some: number[] = [];
  for (const index of indexes) some.push(values[index] ?? NaN);
  return some;
}

function reduced(
  operator: Exclude<Aggregation['operator'], 'count_values' | 'topk' | 'bottomk'>,
  q: number,
  values: readonly number[],
  edition: Edition,
): number {
  switch (operator) {
    case 'sum':
      return sum(values);
    case 'avg':
      return mean(values);
    case 'min':
      return values.reduce(lesser);
    case 'max':
      return values.reduce(greater);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'stddev':
      return Math.sqrt(variance(values, edition));
    case 'stdvar':
      return variance(values, edition);
    case 'quantile':
      return quantile(q, values);
  }
}

const lesser = (best: number, value: number): number => (best > value || Number.isNaN(best) ? value : best);
const greater = (best: number, value: number): number => (best < value || Number.isNaN(best) ? value : best);

/** The groups that have members, and the indexes of each one's. */
function membersBy(
  { without, labels }: Aggregation['grouping'],
  vector: Vector,
): Pick<Vector, 'frame' | 'places'> & { readonly members: readonly (readonly number[])[] } {
  const { of, frame } = groupsBy(vector.frame, !without, labels);
  const members = new Map<number, number[]>();
  for (let index = 0; index < vector.places.length; index += 1) {
    const group = of[vector.places[index] ?? 0] ?? 0;
    const own = members.get(group);
    if (own === undefined) members.set(group, [index]);
    else own.push(index);
  }
  return { frame, places: [...members.keys()], members: [...members.values()] };
}

function countValues(
  grouping: Aggregation['grouping'],
  parameter: Value | undefined,
  { frame, places, values }: Vector,
  edition: Edition,
): Vector {
  const label = parameter?.type === 'string' ? parameter.value : '';
  if (!isLabelName(label, edition))
    throw new EvaluationError(`count_values: ${JSON.stringify(label)} is no label name`);
  const labelled: Frame = frameOf(
    places.map((place, index) => withLabel(frame.labelsAt(place), label, goNumber(values[index] ?? NaN))),
  );
  const by = grouping.without ? grouping : { without: false, labels: [...grouping.labels, label] };
  const counted = membersBy(by, { type: 'vector', frame: labelled, places: [...places.keys()], values });
  return { type: 'vector', ...counted, values: counted.members.map(({ length }) => length) };
}

/** Prometheus 3 takes any text but the empty one for a label name. */
export function isLabelName(name: string, edition: Edition): boolean {
  return edition === 2 ? /^[a-zA-Z_]\w*$/.test(name) : name !== '';
}

/** Welford's; in edition 3 one infinite value alone has no variance, in 2 it has 0. */
function variance(values: readonly number[], edition: Edition): number {
  let average = values[0] ?? NaN;
  let squares = Number.isFinite(average) || edition === 2 ? 0 : NaN;
  for (let index = 1; index < values.length; index += 1) {
    const distance = (values[index] ?? NaN) - average;
    average += distance / (index + 1);
    squares += distance * ((values[index] ?? NaN) - average);
  }
  return squares / values.length;
}

const numberOf = (parameter: Value | undefined): number =>
  parameter?.type === 'scalar' ? parameter.value : NaN;

function wholeNumber(value: number, operator: string): number {
  if (Number.isNaN(value) || Math.abs(value) >= 2 ** 63) {
    throw new EvaluationError(`${operator}: ${value} is no count of series`);
  }
  return Math.trunc(value);
}
