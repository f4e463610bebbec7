import type { Check } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { watchdogAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { functionName, periodSecondsOf, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { batchesOf } from '../settings/batches.ts';
import type { AlarmInput } from './alarm-input.ts';
import { alarmDescription } from '../cloudwatch/description.ts';

/** Of a window of so many minutes each batch has so many runs, and two may be lost in it: late, or one that AWS failed. */
const window = { runs: 5, mayBeLost: 2 } as const;

/**
 * The alarm that a check's function did not run, or failed. With several batches, a batch that never runs loses no more runs
 * than a bad minute of all of them: what is lost must be lost in two windows, one after the other. That takes longer, but
 * tells one from the other. Another number of batches is another alarm, which warms up: the runs before it were not as many.
 */
export function watchdogAlarm(check: Check, { settings }: Pick<AlarmInput, 'settings'>): AlarmSpec {
  const dimensions = { FunctionName: functionName(settings.name, check.id) };
  const metric = (name: string) => ({ namespace: 'AWS/Lambda', name, dimensions, statistic: 'Sum' }) as const;
  const periodSeconds = periodSecondsOf(check) * window.runs;
  const batches = batchesOf(settings.clusters).length;
  const runs = window.runs * batches;
  const finished = runs - window.mayBeLost;
  const evaluationPeriods = batches === 1 ? 1 : 2;
  const span = formatDuration(periodSeconds * 1_000);
  const log = `/aws/lambda/${dimensions.FunctionName}`;
  return {
    name: watchdogAlarmName(dimensions.FunctionName, batches),
    description: alarmDescription({
      title:
        batches === 1
          ? `Check ${check.id} is not running: under ${finished} of ${runs} runs finished in ${span}.`
          : `Check ${check.id} is not running, for some or all of ${batches} batches of clusters: under ${finished} of ${runs} runs finished in each of two times ${span}.`,
      why: 'While it does not run, nobody looks: its other alarms keep their state or lack data.',
      remedy:
        `Read the function's log, ${log}${batches === 1 ? '.' : ': it has a line for each cluster that was run, and errors name theirs; a cluster without a line is not run.'} ` +
        `Look for denied or timed-out calls of CloudWatch, SNS or DynamoDB (endpoints, role), and for ${batches === 1 ? 'its schedule' : 'a schedule'} being disabled.`,
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
    threshold: finished,
    periodSeconds,
    evaluationPeriods,
    missing: 'breaching',
    // A window counts as full with its first run in it, and one run is below the threshold.
    warmUp: {
      minutes: Math.max(settings.alarms.warmUp / 60_000, (periodSeconds / 60) * (evaluationPeriods + 1)),
      whole: true,
    },
    tags: { check: check.id, severity: 'critical' },
  };
}
