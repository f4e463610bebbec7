import type { Check } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { watchdogAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { functionName, periodSecondsOf, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { AlarmInput } from './alarm-input.ts';
import { alarmDescription } from '../cloudwatch/description.ts';

/** How many of its last runs a check must have finished. */
const watchdog = { runs: 5, finished: 3 } as const;

/** The alarm that a check's function did not run, or failed. */
export function watchdogAlarm(check: Check, { settings }: Pick<AlarmInput, 'settings'>): AlarmSpec {
  const dimensions = { FunctionName: functionName(settings.name, check.id) };
  const metric = (name: string) => ({ namespace: 'AWS/Lambda', name, dimensions, statistic: 'Sum' }) as const;
  const periodSeconds = periodSecondsOf(check) * watchdog.runs;
  return {
    name: watchdogAlarmName(dimensions.FunctionName),
    description: alarmDescription({
      title: `Check ${check.id} is not running: under ${watchdog.finished} of ${watchdog.runs} runs finished in ${formatDuration(periodSeconds * 1_000)}.`,
      why: 'While it does not run, nobody looks: its other alarms keep their state or lack data.',
      remedy: `Read the function's log, /aws/lambda/${dimensions.FunctionName}. Look for denied or timed-out calls of CloudWatch, SNS or DynamoDB (endpoints, role), and for its schedule being disabled.`,
      anchor: `${settings.alarms.readme}#${check.id}`,
    }),
    check: check.id,
    cluster: null,
    target: null,
    severity: 'critical',
    compared: {
      kind: 'expression',
      // A window without any run has no datapoint, and CloudWatch then looks at an older, good one in its stead: 5 minutes
      // after the last run the alarm would be OK for a while. Filled, no run is 0 runs.
      expression: 'FILL(invocations, 0) - FILL(errors, 0)',
      label: 'runs finished',
      metrics: { invocations: metric('Invocations'), errors: metric('Errors') },
    },
    direction: 'below',
    threshold: watchdog.finished,
    periodSeconds,
    evaluationPeriods: 1,
    missing: 'breaching',
    // The window counts as full with its first run in it, and one run is below the threshold.
    warmUp: { minutes: Math.max(settings.alarms.warmUp / 60_000, (periodSeconds / 60) * 2), whole: true },
    tags: { check: check.id, severity: 'critical' },
  };
}
