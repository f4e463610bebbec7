import {
  constantOf,
  isComparison,
  unwrap,
  type ComparisonOperator,
  type Expression,
  type Selector,
} from '../../../../lambdas/promql/index.ts';
import { followedBy } from './signal.ts';
import { flipped } from './threshold.ts';

/** A selector of which an expression's value is made: that value rises with it, or falls. */
type Part = { readonly selector: Selector; readonly rises: boolean };

/** What a comparison compares, each as if it stood alone on the left: `a - b > 5` asks for much of a and little of b. */
export function comparedIn(
  node: Expression,
): readonly { readonly selector: Selector; readonly operator: ComparisonOperator }[] {
  const top = unwrap(node);
  if (top.kind !== 'binary' || top.bool || !isComparison(top.operator)) return [];
  const operator = top.operator as ComparisonOperator;
  return [...partsOf(top.left, true), ...partsOf(top.right, false)].map(({ selector, rises }) => ({
    selector,
    operator: rises ? operator : flipped[operator],
  }));
}

function partsOf(node: Expression, rises: boolean): readonly Part[] {
  switch (node.kind) {
    case 'selector':
      return [{ selector: node, rises }];
    case 'unary':
      return partsOf(node.expression, rises === (node.operator === '+'));
    case 'binary': {
      const { operator, left, right } = node;
      const isNegative = [left, right].some((side) => (constantOf(side) ?? 0) < 0);
      switch (operator) {
        case '+':
        case 'or':
          return [...partsOf(left, rises), ...partsOf(right, rises)];
        case '-':
          return [...partsOf(left, rises), ...partsOf(right, !rises)];
        case '*':
          return [...partsOf(left, rises !== isNegative), ...partsOf(right, rises !== isNegative)];
        case '/':
          return [...partsOf(left, rises !== isNegative), ...partsOf(right, rises === isNegative)];
      }
    }
  }
  const followed = followedBy(node);
  return followed === undefined ? [] : partsOf(followed, rises);
}
