import { unwrap, type ComparisonOperator, type Expression } from '../../../../lambdas/promql/index.ts';
import { fingerprint } from './fingerprint.ts';
import type { Subject } from './subject.ts';
import { scaledBy, scaledValue, unscaledValue, vectorBelow, type Scale } from './scale.ts';
import { comparisonOf, flipped } from './threshold.ts';

/** Where a band ends; what is 1 at the low end begins right above the value, at the high end right below it. */
type End = { readonly value: number; readonly beyond: 0 | 1 };

/** The values of an expression at which an alert fires, its other conditions given. */
export type Band = {
  /** Equal for alerts that compare the same, under the same other conditions. */
  readonly key: string;
  /** In the units of what is below all arithmetic with constants. */
  readonly low: End;
  readonly high: End;
  /** What that arithmetic makes of it. */
  readonly scale: Scale;
  /** The comparison that the band is of, behind which a further bound may be written. */
  readonly comparison: Expression;
  /** Whether the greatest of a group is compared, or the least, which is beyond the limit while any of the group is. */
  readonly isOfGroups: boolean;
};

type Bound = Pick<Band, 'low' | 'high'>;

/**
 * The band of `a > 5`, `a > 5 <= 9` and `a > 5 and a <= 9 and b`; null for all else. That of `max by (x) (a) > 5` and of
 * `min by (x) (a) < 5` is the one of `a`.
 */
export function bandOf(subject: Subject): Band | null {
  const [above, below] = [bandOfEach(subject, 'max'), bandOfEach(subject, 'min')];
  if (above?.high === highest) return above;
  return below?.low === lowest ? below : bandOfEach(subject);
}

/** The extreme of a group stands for each of it. */
type Extreme = 'max' | 'min';

function bandOfEach(subject: Subject, extreme?: Extreme): Band | null {
  const conjuncts = conjunctsOf(subject.ast);
  const taken = conjuncts.length === 1 ? extreme : undefined;
  const parts = conjuncts.map(({ node, on }) => ({ ...chainOf(node, subject, taken), on, node }));
  const [main, ...others] = parts;
  if (main === undefined || main.bounds.length === 0) return null;
  const same = others.filter(({ key, on, bounds }) => key === main.key && on === '' && bounds.length > 0);
  const rest = others.filter((part) => !same.includes(part));
  const bounds = [main, ...same].flatMap((part) => part.bounds);
  if (bounds.includes(null)) return null;
  const known = bounds.flatMap((bound) => bound ?? []);
  return {
    key: [main.key, ...rest.map(({ node, on }) => on + fingerprint(node, subject)).toSorted()].join('\n'),
    low: known.map(({ low }) => low).reduce((a, b) => (compareLow(a, b) < 0 ? b : a)),
    high: known.map(({ high }) => high).reduce((a, b) => (compareHigh(a, b) > 0 ? b : a)),
    scale: main.scale,
    comparison: main.node,
    isOfGroups: main.isOfGroups,
  };
}

/** Whether each value of the inner band is one of the outer. */
export const contains = (outer: Band, inner: Band): boolean =>
  compareLow(outer.low, inner.low) <= 0 && compareHigh(outer.high, inner.high) >= 0;

/** What ends the outer band where the inner one begins, in its own units: `<= 5000`. Null where they begin and end alike. */
export function cutBefore(outer: Band, inner: Band): string | null {
  const { scale } = outer;
  const written = (operator: keyof typeof flipped, value: number) =>
    `${scale.factor < 0 ? flipped[operator] : operator} ${scaledValue(value, scale)}`;
  if (compareLow(outer.low, inner.low) < 0)
    return written(inner.low.beyond === 1 ? '<=' : '<', inner.low.value);
  if (compareHigh(outer.high, inner.high) > 0)
    return written(inner.high.beyond === 1 ? '>=' : '>', inner.high.value);
  return null;
}

const compareLow = (a: End, b: End): number => a.value - b.value || a.beyond - b.beyond;
const compareHigh = (a: End, b: End): number => a.value - b.value || b.beyond - a.beyond;

function conjunctsOf(
  node: Expression,
  on = '',
): readonly { readonly node: Expression; readonly on: string }[] {
  const top = unwrap(node);
  if (top.kind !== 'binary' || top.operator !== 'and') return [{ node: top, on }];
  const { matching } = top;
  const isPlain = !matching.on && matching.labels.length === 0;
  return [...conjunctsOf(top.left, on), ...conjunctsOf(top.right, isPlain ? on : JSON.stringify(matching))];
}

type Chain = Pick<Band, 'key' | 'scale' | 'isOfGroups'> & { readonly bounds: readonly (Bound | null)[] };

/**
 * What is compared, below all arithmetic with constants, what that makes of it, and each bound that it must meet; null for one
 * that is no band.
 */
function chainOf(node: Expression, subject: Subject, extreme?: Extreme): Chain {
  const { vector, scale: outer } = vectorBelow(node);
  const comparison = comparisonOf(vector);
  if (comparison === undefined) {
    const each =
      vector.kind === 'aggregation' && vector.operator === extreme
        ? chainOf(vector.expression, subject)
        : null;
    return each === null || each.bounds.length > 0 || each.scale.factor <= 0
      ? { key: fingerprint(vector, subject), scale: outer, bounds: [], isOfGroups: false }
      : { ...each, scale: scaledBy(each.scale, outer), isOfGroups: true };
  }
  const { key, scale, bounds, isOfGroups } = chainOf(comparison.vector, subject, extreme);
  const { operator, constant } = comparison;
  const value = unscaledValue(constant, scale);
  const own = Number.isFinite(value) ? boundOf(scale.factor < 0 ? flipped[operator] : operator, value) : null;
  return { key, scale: scaledBy(scale, outer), bounds: [...bounds, own], isOfGroups };
}

const lowest: End = { value: -Infinity, beyond: 0 };
const highest: End = { value: Infinity, beyond: 0 };

function boundOf(operator: ComparisonOperator, value: number): Bound | null {
  const [at, beyond] = [
    { value, beyond: 0 },
    { value, beyond: 1 },
  ] as const;
  switch (operator) {
    case '>':
      return { low: beyond, high: highest };
    case '>=':
      return { low: at, high: highest };
    case '<':
      return { low: lowest, high: beyond };
    case '<=':
      return { low: lowest, high: at };
    case '==':
      return { low: at, high: at };
    case '!=':
      return null;
  }
}
