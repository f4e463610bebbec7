import { isComparison, metricName, type Expression } from '../promql/index.ts';
import { nameOf } from './identity.ts';

/** The name that every element of an expression's result has, '' where it loses its own; undefined where they may differ. */
export function resultName(node: Expression): string | undefined {
  switch (node.kind) {
    case 'number':
    case 'string':
      return '';
    case 'selector':
      return nameOf(node);
    case 'range':
      return resultName(node.selector);
    case 'subquery':
    case 'parentheses':
      return resultName(node.expression);
    case 'unary':
      return node.operator === '+' ? resultName(node.expression) : '';
    case 'aggregation': {
      const { without, labels } = node.grouping;
      const isKept = picks.includes(node.operator) || (!without && labels.includes(metricName));
      return isKept ? resultName(node.expression) : '';
    }
    case 'call':
      return nameAfterCall(node);
    case 'binary':
      return nameAfterOperator(node);
  }
}

const picks = ['topk', 'bottomk'];
const keeping = ['sort', 'sort_desc', 'last_over_time', 'label_replace', 'label_join'];

function nameAfterCall({ name, arguments: [first, second] }: Extract<Expression, { kind: 'call' }>) {
  if (first === undefined || !keeping.includes(name)) return '';
  const isReplaced = second?.kind === 'string' && second.value === metricName;
  return isReplaced ? undefined : resultName(first);
}

/** A comparison that filters keeps the name of what it lets through. */
function nameAfterOperator(node: Extract<Expression, { kind: 'binary' }>): string | undefined {
  const { operator, left, right, bool, matching } = node;
  if (operator === 'and' || operator === 'unless') return resultName(left);
  if (operator === 'or') {
    const [one, other] = [resultName(left), resultName(right)];
    return one === other ? one : undefined;
  }
  if (bool || !isComparison(operator)) return '';
  if (left.type !== 'vector') return resultName(right);
  if (right.type !== 'vector') return resultName(left);
  if (matching.many === 'neither' && matching.labels.includes(metricName) !== matching.on) return '';
  return resultName(matching.many === 'right' ? right : left);
}
