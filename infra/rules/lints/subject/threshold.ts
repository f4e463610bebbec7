import {
  constantOf,
  isComparison,
  unwrap,
  type ComparisonOperator,
  type Expression,
} from '../../../../lambdas/promql/index.ts';
import { unscaledValue } from './scale.ts';
import { signalOf, type Signal } from './signal.ts';

/** A comparison that decides which elements of a vector stay. */
export type Comparison = {
  readonly vector: Expression;
  readonly operator: ComparisonOperator;
  readonly constant: number;
};

export const flipped = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' } as const;

/** `vector OP constant`, whichever side the constant is on. */
export function comparisonOf(node: Expression): Comparison | undefined {
  const top = unwrap(node);
  if (top.kind !== 'binary' || top.bool || !isComparison(top.operator)) return undefined;
  const operator = top.operator as ComparisonOperator;
  const [left, right] = [constantOf(top.left), constantOf(top.right)];
  if (top.left.type === 'vector' && right !== undefined)
    return { vector: top.left, operator, constant: right };
  if (top.right.type === 'vector' && left !== undefined)
    return { vector: top.right, operator: flipped[operator], constant: left };
  return undefined;
}

const negated = { '>': '<=', '>=': '<', '<': '>=', '<=': '>', '==': '!=', '!=': '==' } as const;

/** `(vector < bool 3) > 0` as `vector < 3`, and `== 0` as its contrary; any other comparison as it is. */
function withoutBool(comparison: Comparison): Comparison {
  const inner = unwrap(comparison.vector);
  if (inner.kind !== 'binary' || !inner.bool || !isComparison(inner.operator)) return comparison;
  const asked = comparisonOf({ ...inner, bool: false });
  const [ofTrue, ofFalse] = [1, 0].map((value) => holds(value, comparison.operator, comparison.constant));
  if (asked === undefined || ofTrue === ofFalse) return comparison;
  return ofTrue ? asked : { ...asked, operator: negated[asked.operator] };
}

function holds(value: number, operator: ComparisonOperator, constant: number): boolean {
  switch (operator) {
    case '>':
      return value > constant;
    case '>=':
      return value >= constant;
    case '<':
      return value < constant;
    case '<=':
      return value <= constant;
    case '==':
      return value === constant;
    case '!=':
      return value !== constant;
  }
}

/** What the series itself, or its change, is compared with. */
export type Threshold = {
  readonly signal: Signal;
  readonly operator: ComparisonOperator;
  readonly limit: number;
};

/** `gnatsd_varz_cpu / 100 < 0.8` is the series below 80. */
export function thresholdOf(node: Expression): Threshold | undefined {
  const written = comparisonOf(node);
  const comparison = written && withoutBool(written);
  const signal = comparison && signalOf(comparison.vector);
  if (comparison === undefined || signal === undefined) return undefined;
  const { operator, constant } = comparison;
  const limit = unscaledValue(constant, signal);
  if (!Number.isFinite(limit)) return undefined;
  return { signal, operator: signal.factor < 0 ? flipped[operator] : operator, limit };
}
