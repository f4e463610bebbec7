import { isComparison, type Expression } from '../../../../lambdas/promql/index.ts';

/** Something that must hold, or must not, for an alert to fire. */
export type Condition = { readonly node: Expression; readonly holds: boolean };

/** Conditions that together are enough. None: fires whenever there are series. */
export type Way = readonly Condition[];

/** Beyond this an expression is a list of cases that no sentence would sum up. */
const mostWays = 64;

/** The ways in which an expression has a result; none where there are too many. */
export function waysOf(ast: Expression): readonly Way[] {
  const ways = within(ast);
  return ways.length > mostWays ? [] : ways;
}

const always: readonly Way[] = [[]];

function within(node: Expression): readonly Way[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'range':
    case 'subquery':
      return always;
    case 'parentheses':
    case 'unary':
    case 'aggregation':
      return within(node.expression);
    case 'call':
      if (node.name === 'absent' || node.name === 'absent_over_time') return [[{ node, holds: true }]];
      if (node.type === 'scalar') return always;
      return node.arguments
        .filter(({ type }) => type === 'vector')
        .map(within)
        .reduce(both, always);
    case 'binary': {
      const { operator, left, right, bool } = node;
      if (operator === 'or') return [...within(left), ...within(right)].slice(0, mostWays + 1);
      if (operator === 'unless') return both(within(left), [[{ node: right, holds: false }]]);
      const sides = both(within(left), within(right));
      return isComparison(operator) && !bool ? both(sides, [[{ node, holds: true }]]) : sides;
    }
  }
}

const both = (some: readonly Way[], others: readonly Way[]): readonly Way[] =>
  some.flatMap((one) => others.map((other) => [...one, ...other])).slice(0, mostWays + 1);

/** Whether the place is within the condition. */
export const holdsWithin = ({ node }: Condition, part: Expression): boolean =>
  node.from <= part.from && part.to <= node.to;

/** What is found in every condition of a way, those that `isNeutral` aside; nothing of a way with another condition. */
export function inAll<T>(
  ways: readonly Way[],
  isNeutral: (condition: Condition) => boolean,
  find: (condition: Condition) => T | undefined,
): readonly T[] {
  return ways.flatMap((way) => {
    const conditions = way.filter((condition) => !isNeutral(condition));
    const found = conditions.flatMap((condition) => find(condition) ?? []);
    return found.length === conditions.length ? found : [];
  });
}
