import {
  absentLabels,
  metricName,
  type Binary,
  type Call,
  type Expression,
} from '../../../../lambdas/promql/index.ts';

/** Functions whose result has no labels. */
const bare = ['vector', 'scalar', 'time', 'pi'];

/**
 * Where an expression loses a label for good: no element of its result has it. Undefined if some may have it, as far as
 * the expression tells; what series have is not asked.
 */
export function lossOf(node: Expression, label: string): Expression | undefined {
  const of = (child: Expression): Expression | undefined => lossOf(child, label);
  switch (node.kind) {
    case 'number':
    case 'string':
      return node;
    case 'selector':
      return node.matchers.some((each) => each.label === label && each.operator === '=' && each.value === '')
        ? node
        : undefined;
    case 'range':
      return of(node.selector);
    case 'subquery':
    case 'unary':
    case 'parentheses':
      return of(node.expression);
    case 'aggregation': {
      const inner = of(node.expression);
      const { parameter, operator, grouping } = node;
      if (operator === 'topk' || operator === 'bottomk') return inner;
      if (operator === 'count_values' && parameter?.kind === 'string' && parameter.value === label)
        return undefined;
      return inner ?? (grouping.labels.includes(label) === grouping.without ? node : undefined);
    }
    case 'call':
      return lossInCall(node, label);
    case 'binary':
      return lossInBinary(node, label);
  }
}

function lossInCall(node: Call, label: string): Expression | undefined {
  if (bare.includes(node.name)) return node;
  const [first, second] = node.arguments;
  if (node.name === 'absent' || node.name === 'absent_over_time')
    return first !== undefined && label in absentLabels(first) && label !== metricName ? undefined : node;
  const replaces = node.name === 'label_replace' || node.name === 'label_join';
  if (replaces && second?.kind === 'string' && second.value === label) return undefined;
  const vector = node.arguments.find(({ type }) => type === 'vector' || type === 'range');
  return vector === undefined ? node : lossOf(vector, label);
}

function lossInBinary(node: Binary, label: string): Expression | undefined {
  const { operator, left, right, matching } = node;
  const of = (child: Expression): Expression | undefined => lossOf(child, label);
  if (left.type !== 'vector') return of(right);
  if (right.type !== 'vector' || operator === 'and' || operator === 'unless') return of(left);
  // Whichever side has it is enough.
  if (operator === 'or') return of(left) && of(right);
  const { many, on, labels, include } = matching;
  if (many === 'neither') return of(left) ?? (labels.includes(label) === on ? undefined : node);
  const [ofMany, ofOne] = many === 'left' ? [left, right] : [right, left];
  return include.includes(label) ? of(ofOne) : of(ofMany);
}
