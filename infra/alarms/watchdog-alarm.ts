import type { Check } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { watchdogAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { functionName, periodSecondsOf, type AlarmSpec, type Metric } from '../cloudwatch/alarm-spec.ts';
import { batchesOf } from '../settings/batches.ts';
import type { AlarmInput } from './alarm-input.ts';
import { alarmDescription } from '../cloudwatch/description.ts';
import { linkTo, pages } from '../../lambdas/engine/links.ts';

/**
 * With one batch each period has a run, and so many of so many periods must lack theirs. Of minutes half may be late. Of
 * longer periods the last one may not have had its run yet, so that it counts as lost while it goes on.
 */
export const lostOf = (check: Check) =>
  periodSecondsOf(check) === 60 ? { runs: 5, of: 7 } : { runs: 3, of: 4 };

/** In words: `5 min of the last 7 min`. */
export function lostWords(check: Check): string {
  const { runs, of } = lostOf(check);
  const spanOf = (count: number) => formatDuration(count * check.every);
  return `${spanOf(runs)} of the last ${spanOf(of)}`;
}

/** With more, of a window of so many minutes each batch has so many runs, and two may be lost in it. */
const window = { runs: 5, mayBeLost: 2 } as const;

/**
 * The alarm that a check's function did not run, or failed. It tells nobody: what is told of all functions together is the
 * composite alarms' ([stopped-alarms.ts](stopped-alarms.ts)). With several batches, a batch that never runs loses no more
 * runs than a bad minute of all of them: what is lost must be lost in two windows, one after the other. That takes longer,
 * but tells one from the other. Another number of batches is another alarm, which warms up: the runs before it were not as
 * many.
 */
export function watchdogAlarm(check: Check, { settings }: Pick<AlarmInput, 'settings'>): AlarmSpec {
  const dimensions = { FunctionName: functionName(settings.name, check.id) };
  const metric = (name: string, statistic: Metric['statistic']): Metric => ({
    ...{ namespace: 'AWS/Lambda', name, dimensions, statistic },
  });
  const batches = batchesOf(settings.clusters).length;
  const looks = batches === 1 ? ofMinutes(check, metric) : ofWindows(check, batches, metric);
  const log = `/aws/lambda/${dimensions.FunctionName}`;
  return {
    name: watchdogAlarmName(dimensions.FunctionName, batches),
    description: alarmDescription({
      headline: `NATS check ${check.id} of ${settings.name} ${looks.words}.`,
      meaning:
        'Nobody looks at what it looks at, so that silence means nothing: its other alarms keep their state. It does not say that servers are down.',
      steps:
        `Read the function's log, ${log}${batches === 1 ? '.' : ': it has a line for each cluster that was run, and errors name theirs; a cluster without a line is not run.'} ` +
        `Look for denied or timed-out calls of CloudWatch, SNS or DynamoDB (endpoints, role), and for ${batches === 1 ? 'its schedule' : 'a schedule'} being disabled.`,
      finding: 'Finding: none, as a check that does not run finds nothing.',
      link: linkTo(settings.alarms.readme, check.id, pages.lambda),
    }),
    checks: [check.id],
    cluster: null,
    target: null,
    severity: 'critical',
    ...looks.alarm,
    missing: 'breaching',
    // A window counts as full with its first run in it, and one run is below the threshold.
    warmUp: {
      minutes: Math.max(
        settings.alarms.warmUp / 60_000,
        (looks.alarm.periodSeconds / 60) * (looks.alarm.evaluationPeriods + 1),
      ),
      whole: true,
    },
    isSilent: true,
    tags: { check: check.id, severity: 'critical' },
  };
}

type Looks = {
  readonly words: string;
  readonly alarm: Pick<
    AlarmSpec,
    'compared' | 'direction' | 'threshold' | 'periodSeconds' | 'evaluationPeriods' | 'datapointsToAlarm'
  >;
};
type MetricOf = (name: string, statistic: Metric['statistic']) => Metric;

/**
 * Lambda tells of each run whether it failed, 0 or 1: the smallest of a minute is 0 if one finished. A minute without any run
 * has no datapoint, and CloudWatch then looks at an older, good one in its stead: filled, it is as if one had failed.
 */
function ofMinutes(check: Check, metric: MetricOf): Looks {
  const { runs, of } = lostOf(check);
  return {
    words: `is not running: in ${lostWords(check)} no run of it has finished`,
    alarm: {
      compared: {
        kind: 'expression',
        expression: 'FILL(failed, 1)',
        label: 'no run finished',
        metrics: { failed: metric('Errors', 'Minimum') },
      },
      direction: 'atLeast',
      threshold: 1,
      periodSeconds: periodSecondsOf(check),
      evaluationPeriods: of,
      datapointsToAlarm: runs,
    },
  };
}

/** No run is 0 runs: filled as above. */
function ofWindows(check: Check, batches: number, metric: MetricOf): Looks {
  const periodSeconds = periodSecondsOf(check) * window.runs;
  const runs = window.runs * batches;
  const finished = runs - window.mayBeLost;
  const span = formatDuration(periodSeconds * 1_000);
  return {
    words: `is not running, for some or all of ${batches} batches of clusters: under ${finished} of ${runs} runs have finished in each of the last two times ${span}`,
    alarm: {
      compared: {
        kind: 'expression',
        expression: 'FILL(invocations, 0) - FILL(errors, 0)',
        label: 'runs finished',
        metrics: { invocations: metric('Invocations', 'Sum'), errors: metric('Errors', 'Sum') },
      },
      direction: 'below',
      threshold: finished,
      periodSeconds,
      evaluationPeriods: 2,
    },
  };
}
