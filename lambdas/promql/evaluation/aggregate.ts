import type { Aggregation } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { frameOf, groupsBy } from './frame.ts';
import type { Frame } from './frame.ts';
import { KahanSum, mean } from './kahan.ts';
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
  const of = (values: readonly number[]): number => {
    switch (operator) {
      case 'sum':
        return sum(values);
      case 'avg':
        return mean(values);
      case 'min':
        return values.reduce((best, value) => (best > value || Number.isNaN(best) ? value : best));
      case 'max':
        return values.reduce((best, value) => (best < value || Number.isNaN(best) ? value : best));
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
  };
  const { frame, places, members } = membersBy(grouping, vector);
  const valuesOf = (indexes: readonly number[]) => indexes.map((index) => vector.values[index] ?? NaN);
  return { type: 'vector', frame, places, values: members.map((indexes) => of(valuesOf(indexes))) };
}

/** The groups that have members, and the indexes of each one's. */
function membersBy(
  { without, labels }: Aggregation['grouping'],
  vector: Vector,
): Pick<Vector, 'frame' | 'places'> & { readonly members: readonly (readonly number[])[] } {
  const { of, frame } = groupsBy(vector.frame, !without, labels);
  const members = new Map<number, number[]>();
  vector.places.forEach((place, index) => {
    const group = of[place] ?? 0;
    const own = members.get(group);
    if (own === undefined) members.set(group, [index]);
    else own.push(index);
  });
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

function sum(values: readonly number[]): number {
  const total = new KahanSum();
  for (const value of values) total.add(value);
  return total.total;
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
