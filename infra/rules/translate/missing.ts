import { unwrap, type Expression } from '../../../lambdas/promql/index.ts';
import type { CompiledAlert } from '../../../lambdas/rules/compile.ts';
import type { AlarmSpec } from '../../alarms/alarm-spec.ts';

/**
 * What a minute without a datapoint is. Prometheus drops an alert whose series has ended: not breaching. `up` never ends
 * there, so without it nobody looks: breaching. What rules publish comes with each run whatever servers say, so that
 * without it nothing is known and the alarm keeps its state, which the check's watchdog tells of; but silence is what a
 * rule of absence is about.
 */
export function missingOf({ shape, ast }: CompiledAlert): AlarmSpec['missing'] {
  if (shape.kind === 'plain') {
    const isDown =
      shape.series.collector === 'up' && (shape.direction === 'below' || shape.direction === 'atMost');
    return isDown ? 'breaching' : 'notBreaching';
  }
  return isOfAbsence(ast) ? 'breaching' : 'ignore';
}

/** Whether the expression has a result where there is nothing to read. */
function isOfAbsence(expression: Expression): boolean {
  const node = unwrap(expression);
  if (node.kind === 'call') return node.name === 'absent' || node.name === 'absent_over_time';
  if (node.kind === 'aggregation') return isOfAbsence(node.expression);
  if (node.kind !== 'binary') return false;
  const [left, right] = [isOfAbsence(node.left), isOfAbsence(node.right)];
  if (node.operator === 'or') return left || right;
  if (node.operator === 'and') return left && right;
  return left || (right && node.operator !== 'unless');
}
