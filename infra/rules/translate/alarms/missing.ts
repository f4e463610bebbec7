import { isOfAbsence } from '../../../../lambdas/rules/absence.ts';
import type { CompiledAlert } from '../../../../lambdas/rules/compile.ts';
import type { AlarmSpec } from '../../../cloudwatch/alarm-spec.ts';

/**
 * What a minute without a datapoint is. Prometheus drops an alert whose series has ended: not breaching. `up` never ends
 * there, so without it nobody looks: breaching. What rules publish comes with each run whatever servers say, unless several
 * of them answer at one URL; without it nothing is known and the alarm keeps its state, which the check's watchdog or
 * SERVER_111 reports; but missing data is what a rule of absence is about.
 */
export function missingOf({ shape, ast }: CompiledAlert): AlarmSpec['missing'] {
  if (shape.kind === 'plain') {
    const isDown =
      shape.series.collector === 'up' && (shape.direction === 'below' || shape.direction === 'atMost');
    return isDown ? 'breaching' : 'notBreaching';
  }
  return isOfAbsence(ast) ? 'breaching' : 'ignore';
}
