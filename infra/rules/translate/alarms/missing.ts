import type { CompiledAlert } from '../../../../lambdas/rules/compile.ts';
import type { AlarmSpec } from '../../../cloudwatch/alarm-spec.ts';
import { comparesUp } from '../../../../lambdas/rules/compares-up.ts';

/**
 * What a minute without a datapoint is. Prometheus drops an alert whose series has ended: not breaching. `up`, and what rules
 * publish, come with each run whatever servers say, unless one could not be asked or several answer at its URL: without them
 * nothing is known and the alarm keeps its state. That nobody looks the check's watchdog says, the rest SERVER_114 and SERVER_111.
 */
export const missingOf = (alert: CompiledAlert): AlarmSpec['missing'] =>
  alert.shape.kind === 'plain' && !comparesUp(alert) ? 'notBreaching' : 'ignore';
