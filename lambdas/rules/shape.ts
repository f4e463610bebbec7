import type { Direction } from '../limits.ts';
import {
  constantOf,
  unwrap,
  type ComparisonOperator,
  type Expression,
  type Selector,
} from '../promql/index.ts';
import { collectorOf, hasLabel, type SeriesDefinition } from '../series/definition.ts';

/** What a rule's alarm compares, read from the top of its expression. */
export type Shape =
  /** One series of single servers against a constant: the alarm compares the series itself. */
  | {
      readonly kind: 'plain';
      readonly selector: Selector;
      readonly series: SeriesDefinition;
      readonly direction: Direction;
      readonly threshold: number;
    }
  /** Something against a constant: the something is published. */
  | {
      readonly kind: 'value';
      readonly compared: Expression;
      readonly direction: Direction;
      readonly threshold: number;
    }
  /** Published is 1 while the rule has a result, else 0. */
  | { readonly kind: 'boolean' };

export type ShapeContext = {
  /** Alarms by cluster compare the worst server, which no series of a server is. */
  readonly per: 'server' | 'cluster';
  /** Labels hold templates: an alert whose labels change with the value is another alert, which no plain alarm knows. */
  readonly templated: boolean;
  /** The alert goes on after its expression has ended, so that nothing compared would tell. */
  readonly keepFiring: boolean;
  readonly seriesOf: (selector: Selector) => SeriesDefinition | undefined;
};

const directions = { '>': 'above', '>=': 'atLeast', '<': 'below', '<=': 'atMost' } as const;
const flipped = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' } as const;

/** The shape of a rule's parsed expression. */
export function shapeOf(ast: Expression, context: ShapeContext): Shape {
  if (context.keepFiring) return { kind: 'boolean' };
  const comparison = comparisonOf(ast);
  if (comparison !== null && context.per === 'server' && !context.templated) {
    const plain = plainOf(comparison, context);
    if (plain !== null) return plain;
  }
  return valueOf(ast, context);
}

type Comparison = {
  readonly compared: Expression;
  readonly operator: ComparisonOperator;
  readonly threshold: number;
};

/** `compared OP constant`, whichever side the constant is on. */
function comparisonOf(ast: Expression): Comparison | null {
  const top = unwrap(ast);
  if (top.kind !== 'binary' || top.bool || !(top.operator in flipped)) return null;
  const operator = top.operator as ComparisonOperator;
  const [left, right] = [constantOf(top.left), constantOf(top.right)];
  if (top.left.type === 'vector' && isThreshold(right))
    return { compared: top.left, operator, threshold: right };
  if (top.right.type === 'vector' && isThreshold(left)) {
    return { compared: top.right, operator: flipped[operator], threshold: left };
  }
  return null;
}

/** CloudWatch's bounds for a value, with room for a value beyond the threshold. */
const largestThreshold = 2 ** 359;
const isThreshold = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) <= largestThreshold;

function plainOf({ compared, operator, threshold }: Comparison, { seriesOf }: ShapeContext): Shape | null {
  const selector = unwrap(compared);
  if (selector.kind !== 'selector' || selector.offsetMs !== 0 || selector.at !== undefined) return null;
  const series = seriesOf(selector);
  if (series === undefined || !isOnePerServer(series)) return null;
  const isOfTarget = ({ label }: Selector['matchers'][number]) =>
    label === '__name__' || label === 'server_id' || !hasLabel(series, label);
  if (!selector.matchers.every(isOfTarget)) return null;
  const limit = limitOf(series, operator, threshold);
  return limit === null ? null : { kind: 'plain', selector, series, ...limit };
}

/** Whether a server has one series of that name, and not one a label. */
export const isOnePerServer = (series: SeriesDefinition): boolean =>
  collectorOf(series).per === 'server' && series.kind !== 'info' && series.as !== 'ok';

/** CloudWatch knows no equality: what equals 0 and is never below it is at most 0. */
function limitOf(
  { collector, kind }: SeriesDefinition,
  operator: ComparisonOperator,
  threshold: number,
): { readonly direction: Direction; readonly threshold: number } | null {
  if (operator !== '==' && operator !== '!=') return { direction: directions[operator], threshold };
  if (collector === 'up') {
    const isDown = (operator === '==' && threshold === 0) || (operator === '!=' && threshold === 1);
    return isDown ? { direction: 'below', threshold: 1 } : null;
  }
  // Limits that are configured say -1 for none.
  if (threshold !== 0 || kind === 'config') return null;
  return { direction: operator === '==' ? 'atMost' : 'above', threshold };
}

/** `LHS OP k`, and the same behind `and` and `unless`, which let elements of the left through or not. */
function valueOf(ast: Expression, context: ShapeContext): Shape {
  const top = unwrap(ast);
  if (top.kind === 'binary' && (top.operator === 'and' || top.operator === 'unless'))
    return valueOf(top.left, context);
  const comparison = comparisonOf(top);
  if (comparison === null) return { kind: 'boolean' };
  const { compared, operator, threshold } = comparison;
  if (operator !== '==' && operator !== '!=')
    return { kind: 'value', compared, direction: directions[operator], threshold };
  const plain = plainOf(comparison, context);
  if (plain?.kind !== 'plain') return { kind: 'boolean' };
  return { kind: 'value', compared, direction: plain.direction, threshold: plain.threshold };
}
