import { type Expression, type Selector } from '../../../lambdas/promql/index.ts';

/**
 * How a matcher on an expression's result becomes one on what it reads: selectors that take the matcher over. `missing`
 * says that no element has the label, so that the matcher lets through all or nothing.
 */
export type Pushed =
  | { readonly kind: 'selectors'; readonly selectors: readonly Selector[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

const missing: Pushed = { kind: 'missing' };
const refused = (reason: string): Pushed => ({ kind: 'refused', reason });

/** Where a matcher on the label may go without a change of the result. */
export function pushed(node: Expression, label: string): Pushed {
  const into = (child: Expression): Pushed => pushed(child, label);
  switch (node.kind) {
    case 'number':
    case 'string':
      return missing;
    case 'selector':
      return { kind: 'selectors', selectors: [node] };
    case 'range':
      return into(node.selector);
    case 'subquery':
    case 'unary':
    case 'parentheses':
      return into(node.expression);
    case 'aggregation':
      return intoAggregation(node, label);
    case 'call':
      return intoCall(node, label);
    case 'binary':
      return intoBinary(node, label);
  }
}

function intoAggregation(node: Extract<Expression, { kind: 'aggregation' }>, label: string): Pushed {
  const { operator, grouping, parameter, expression } = node;
  const isKept = grouping.labels.includes(label) !== grouping.without;
  if (operator === 'count_values' && parameter?.kind === 'string' && parameter.value === label)
    return refused(`count_values makes the label ${label} of values`);
  if (isKept) return pushed(expression, label);
  if (operator === 'topk' || operator === 'bottomk')
    return refused(`${operator} chooses among all before it could be asked for ${label}`);
  return missing;
}

const bare = ['vector', 'scalar', 'time', 'pi'];

function intoCall(node: Extract<Expression, { kind: 'call' }>, label: string): Pushed {
  if (bare.includes(node.name)) return missing;
  if (node.name === 'absent' || node.name === 'absent_over_time')
    return refused(`${node.name}() would miss other series if asked for ${label}`);
  const [, second] = node.arguments;
  const replaces = node.name === 'label_replace' || node.name === 'label_join';
  if (replaces && !(second?.kind === 'string' && second.value !== label))
    return refused(`${node.name}() makes the label ${label}`);
  const vector = node.arguments.find(({ type }) => type === 'vector' || type === 'range');
  return vector === undefined ? missing : pushed(vector, label);
}

function intoBinary(node: Extract<Expression, { kind: 'binary' }>, label: string): Pushed {
  const { operator, left, right, matching } = node;
  if (left.type !== 'vector') return pushed(right, label);
  if (right.type !== 'vector' || operator === 'and' || operator === 'unless') return pushed(left, label);
  const isMatched = matching.labels.includes(label) === matching.on;
  if (operator === 'or') {
    if (!isMatched) return refused(`or goes by other labels than ${label}`);
    return together(pushed(left, label), pushed(right, label), label);
  }
  if (matching.many === 'neither') return isMatched ? pushed(left, label) : missing;
  const [many, one] = matching.many === 'left' ? [left, right] : [right, left];
  return pushed(matching.include.includes(label) ? one : many, label);
}

function together(left: Pushed, right: Pushed, label: string): Pushed {
  if (left.kind === 'refused') return left;
  if (right.kind === 'refused' || left.kind === 'missing') {
    return right.kind === left.kind || right.kind === 'refused'
      ? right
      : refused(`only one side of or has ${label}`);
  }
  return right.kind === 'missing'
    ? refused(`only one side of or has ${label}`)
    : { kind: 'selectors', selectors: [...left.selectors, ...right.selectors] };
}
