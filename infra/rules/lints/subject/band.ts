import { unwrap, type ComparisonOperator, type Expression } from '../../../../lambdas/promql/index.ts';
import { fingerprint } from './fingerprint.ts';
import type { Subject } from './subject.ts';
import { comparisonOf } from './threshold.ts';

/** Where a band ends; what is 1 at the low end begins right above the value, at the high end right below it. */
type End = { readonly value: number; readonly beyond: 0 | 1 };

/** The values of an expression at which an alert fires, its other conditions given. */
export type Band = {
  /** Equal for alerts that compare the same, under the same other conditions. */
  readonly key: string;
  readonly low: End;
  readonly high: End;
  /** The comparison that the band is of, behind which a further bound may be written. */
  readonly comparison: Expression;
};

type Bound = Pick<Band, 'low' | 'high'>;

/** The band of `a > 5`, `a > 5 <= 9` and `a > 5 and a <= 9 and b`; null for all else. */
export function bandOf(subject: Subject): Band | null {
  const parts = conjunctsOf(subject.ast).map(({ node, on }) => ({ ...chainOf(node, subject), on, node }));
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
    comparison: main.node,
  };
}

/** Whether each value of the inner band is one of the outer. */
export const contains = (outer: Band, inner: Band): boolean =>
  compareLow(outer.low, inner.low) <= 0 && compareHigh(outer.high, inner.high) >= 0;

/** What ends the outer band where the inner one begins: `<= 5000`. Null where they begin and end alike. */
export function cutBefore(outer: Band, inner: Band): string | null {
  if (compareLow(outer.low, inner.low) < 0)
    return `${inner.low.beyond === 1 ? '<=' : '<'} ${inner.low.value}`;
  if (compareHigh(outer.high, inner.high) > 0)
    return `${inner.high.beyond === 1 ? '>=' : '>'} ${inner.high.value}`;
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

/** What is compared, and each bound that it must meet; null for one that is no band. */
function chainOf(
  node: Expression,
  subject: Subject,
): { readonly key: string; readonly bounds: readonly (Bound | null)[] } {
  const comparison = comparisonOf(node);
  if (comparison === undefined) return { key: fingerprint(node, subject), bounds: [] };
  const { key, bounds } = chainOf(comparison.vector, subject);
  return { key, bounds: [...bounds, boundOf(comparison.operator, comparison.constant)] };
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
