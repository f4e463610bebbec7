import {
  isComparison,
  unwrap,
  type Aggregation,
  type Binary,
  type Call,
  type Expression,
  type Selector,
  type Unary,
} from '../../../../lambdas/promql/index.ts';
import { scaledBy, stepOf } from './scale.ts';

/** What a function makes of a window of one series. */
export type Change = { readonly name: string; readonly call: Call; readonly rangeMs: number };

/**
 * The one series whose value, or whose change over a window, an expression follows: the expression's value is
 * `factor` times it plus `shift`, give or take aggregation, rounding and filters.
 */
export type Signal = {
  readonly selector: Selector;
  /** The largest part of the expression that is about the series alone, scaled by nothing. */
  readonly leaf: Expression;
  readonly change: Change | null;
  readonly factor: number;
  readonly shift: number;
};

const keepsLevel = new Set([
  ...['avg_over_time', 'last_over_time', 'max_over_time', 'min_over_time', 'quantile_over_time'],
]);
const givesChange = new Set([
  ...['rate', 'increase', 'irate', 'delta', 'idelta', 'deriv', 'changes', 'resets'],
]);
const follows = new Set([
  ...['abs', 'ceil', 'floor', 'round', 'sort', 'sort_desc', 'clamp', 'clamp_min', 'clamp_max'],
  ...['label_replace', 'label_join', 'scalar'],
]);
const estimates = new Set(['predict_linear', 'holt_winters']);
const followsGroup: ReadonlySet<Aggregation['operator']> = new Set([
  ...(['sum', 'max', 'min', 'avg', 'topk', 'bottomk', 'quantile'] as const),
]);

/** Undefined where the expression follows no series, or several. */
export function signalOf(node: Expression): Signal | undefined {
  switch (node.kind) {
    case 'selector':
      return { selector: node, leaf: node, change: null, factor: 1, shift: 0 };
    case 'unary':
      return scaledSignal(node);
    case 'call':
      return signalOfCall(node);
    case 'binary':
      return signalOfBinary(node);
    default: {
      const followed = followedBy(node);
      return followed && signalOf(followed);
    }
  }
}

/** The part that an expression follows, give or take aggregation, windows, rounding and filters. */
export function followedBy(node: Expression): Expression | undefined {
  switch (node.kind) {
    case 'range':
      return node.selector;
    case 'parentheses':
    case 'subquery':
      return node.expression;
    case 'aggregation':
      return followsGroup.has(node.operator) ? node.expression : undefined;
    case 'call': {
      const isFollowing = [keepsLevel, givesChange, follows, estimates].some((names) => names.has(node.name));
      return isFollowing ? givenTo(node) : undefined;
    }
    case 'binary':
      if (isComparison(node.operator))
        return node.bool ? undefined : node.left.type === 'vector' ? node.left : node.right;
      return node.operator === 'and' || node.operator === 'unless' ? node.left : undefined;
    default:
      return undefined;
  }
}

const givenTo = (call: Call): Expression | undefined =>
  call.arguments.find(({ type }) => type === 'vector' || type === 'range');

function signalOfCall(node: Call): Signal | undefined {
  const given = givenTo(node);
  const signal = given && signalOf(given);
  if (given === undefined || signal === undefined) return undefined;
  if (keepsLevel.has(node.name)) return signal.change === null ? { ...signal, leaf: node } : signal;
  if (givesChange.has(node.name)) {
    const range = unwrap(given);
    if (signal.change !== null || (range.kind !== 'range' && range.kind !== 'subquery')) return undefined;
    return {
      ...signal,
      leaf: node,
      change: { name: node.name, call: node, rangeMs: range.rangeMs },
      shift: 0,
    };
  }
  return follows.has(node.name) ? signal : undefined;
}

function signalOfBinary(node: Binary): Signal | undefined {
  const followed = followedBy(node);
  if (followed !== undefined) return signalOf(followed);
  return scaledSignal(node);
}

/** Of arithmetic with a constant. */
function scaledSignal(node: Binary | Unary): Signal | undefined {
  const step = stepOf(node);
  const signal = step === null ? undefined : signalOf(step.vector);
  return step === null || signal === undefined ? undefined : { ...signal, ...scaledBy(signal, step.scale) };
}
