import { unwrap, type Expression } from '../promql/index.ts';

/** Whether the expression has a result where there is nothing to read. */
export function isOfAbsence(expression: Expression): boolean {
  const node = unwrap(expression);
  if (node.kind === 'call') return node.name === 'absent' || node.name === 'absent_over_time';
  if (node.kind === 'aggregation') return isOfAbsence(node.expression);
  if (node.kind !== 'binary') return false;
  const [left, right] = [isOfAbsence(node.left), isOfAbsence(node.right)];
  if (node.operator === 'or') return left || right;
  if (node.operator === 'and') return left && right;
  return left || (right && node.operator !== 'unless');
}
