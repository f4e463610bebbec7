import type { Compared, Promql } from './alarm-spec.ts';

/** What CloudWatch computes of metrics. */
export type Expression = Omit<Extract<Compared, { readonly kind: 'expression' }>, 'kind'>;

/**
 * What is compared as an expression. IF has no datapoint where its condition has none, or where it does not hold and there is
 * no third argument; where it holds and the value is missing it would have 0, so that the value is asked for first.
 */
export function expressionOf(compared: Exclude<Compared, Promql>): Expression {
  if (compared.kind === 'expression') return compared;
  const { metric, zeroCountsWhere } = compared;
  if (zeroCountsWhere === undefined)
    return { expression: 'value', label: metric.name, metrics: { value: metric } };
  return {
    expression: `IF(value, value, IF(condition >= ${zeroCountsWhere.atLeast}, value))`,
    label: metric.name,
    metrics: { value: metric, condition: zeroCountsWhere.metric },
  };
}
