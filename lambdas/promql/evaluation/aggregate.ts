import type { Aggregation } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { KahanSum, mean } from './kahan.ts';
import { ascending, descending } from './order.ts';
import { keyOf, keysBy, metricName, only, withLabel, without } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { goNumber } from './numbers.ts';
import { quantile } from './quantile.ts';
import { EvaluationError } from './values.ts';
import type { Value, VectorSample } from './values.ts';

type Group = { readonly labels: Labels; readonly members: VectorSample[] };

/** `sum by (…) (…)` and its like, over the evaluated operand. */
export function aggregate(
  { operator, grouping }: Aggregation,
  parameter: Value | undefined,
  samples: readonly VectorSample[],
  edition: Edition,
): readonly VectorSample[] {
  if (operator === 'count_values') return countValues(grouping, parameter, samples, edition);
  if (operator === 'topk' || operator === 'bottomk') {
    const size = wholeNumber(numberOf(parameter), operator);
    if (size < 1) return [];
    return groups(samples, grouping).flatMap(({ members }) =>
      [...members].sort(operator === 'topk' ? descending : ascending).slice(0, size),
    );
  }
  const q = operator === 'quantile' ? numberOf(parameter) : NaN;
  return groups(samples, grouping).map(({ labels, members }) => {
    const values = members.map(({ value }) => value);
    switch (operator) {
      case 'sum':
        return { labels, value: sum(values) };
      case 'avg':
        return { labels, value: mean(values) };
      case 'min':
        return {
          labels,
          value: values.reduce((best, value) => (best > value || Number.isNaN(best) ? value : best)),
        };
      case 'max':
        return {
          labels,
          value: values.reduce((best, value) => (best < value || Number.isNaN(best) ? value : best)),
        };
      case 'count':
        return { labels, value: values.length };
      case 'group':
        return { labels, value: 1 };
      case 'stddev':
        return { labels, value: Math.sqrt(variance(values, edition)) };
      case 'stdvar':
        return { labels, value: variance(values, edition) };
      case 'quantile':
        return { labels, value: quantile(q, values) };
    }
  });
}

function groups(
  samples: readonly VectorSample[],
  { without: drops, labels }: Aggregation['grouping'],
): Group[] {
  const found = new Map<string, Group>();
  const dropped = [...labels, metricName];
  const groupOf = keysBy(labels);
  for (const sample of samples) {
    const kept = drops ? without(sample.labels, dropped) : undefined;
    const key = kept === undefined ? groupOf(sample.labels) : keyOf(kept);
    const group = found.get(key);
    if (group === undefined)
      found.set(key, { labels: kept ?? only(sample.labels, labels), members: [sample] });
    else group.members.push(sample);
  }
  return [...found.values()];
}

function countValues(
  grouping: Aggregation['grouping'],
  parameter: Value | undefined,
  samples: readonly VectorSample[],
  edition: Edition,
): readonly VectorSample[] {
  const label = parameter?.type === 'string' ? parameter.value : '';
  if (!isLabelName(label, edition))
    throw new EvaluationError(`count_values: ${JSON.stringify(label)} is no label name`);
  const labelled = samples.map(({ labels, value }) => ({
    labels: withLabel(labels, label, goNumber(value)),
    value,
  }));
  const by = grouping.without ? grouping : { without: false, labels: [...grouping.labels, label] };
  return groups(labelled, by).map(({ labels, members }) => ({ labels, value: members.length }));
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
