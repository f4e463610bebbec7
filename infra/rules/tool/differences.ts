import { formatDuration } from '../../../lambdas/durations.ts';
import { everyMs, type CompiledAlert } from '../../../lambdas/rules/compile.ts';
import { nodesOf, parse } from '../../../lambdas/promql/index.ts';
import type { AlarmSpec } from '../../alarms/alarm-spec.ts';
import { unpublished } from '../../alarms/unpublished.ts';

/** In words, where a rule's alarms of the classic engine part from Prometheus' alerts. */
export function classicDifferences(
  { rule, shape, scope }: CompiledAlert,
  { missing, evaluationPeriods, warmUp }: AlarmSpec,
): readonly string[] {
  const of = scope === 'server' ? 'of a server' : 'of a cluster';
  const isPlain = shape.kind === 'plain';
  const longer = unpublished.evaluationRange(evaluationPeriods) - evaluationPeriods;
  return [
    ...(isPlain
      ? []
      : [
          `Prometheus has an alert for each element of the result; the alarm ${of} is in ALARM while any fires, and a finding names them.`,
        ]),
    ...(rule.forMs % everyMs === 0
      ? []
      : [`for: ${formatDuration(rule.forMs)} counts in whole minutes: ${evaluationPeriods} datapoints.`]),
    ...(isPlain && missing === 'notBreaching'
      ? [
          `While the server cannot be read there is no datapoint, which does not breach; but the alarm looks for ${evaluationPeriods} datapoints a little further back, and may stay in ALARM for ${longer} minutes where Prometheus drops the alert at once.`,
        ]
      : []),
    ...(missing === 'breaching'
      ? ['If the check itself does not run, the alarm goes to ALARM; Prometheus would not know of it.']
      : []),
    ...(missing === 'ignore'
      ? [
          'If the check itself does not run, the alarm keeps its state, and the watchdog of the check tells of it.',
        ]
      : []),
    ...(warmUp === null
      ? []
      : [`A new alarm waits for its first datapoints, ${warmUp.minutes} minutes at most.`]),
    ...(shape.kind === 'boolean'
      ? ['The alarm shows 1 while the rule fires and 0 while it does not, in place of a value.']
      : []),
  ];
}

/** The same of the promql engine, which asks CloudWatch the rule's own expression. */
export function promqlDifferences(expr: string, query: string): readonly string[] {
  const { ast } = parse(query, 3);
  const hasWindow =
    ast !== undefined && [...nodesOf(ast)].some(({ kind }) => kind === 'range' || kind === 'subquery');
  return [
    ...(query === expr ? [] : ['Recorded names are written out, as CloudWatch records nothing.']),
    ...(hasWindow
      ? [
          'Windows are those of Prometheus 3: one of 5 minutes holds five samples a minute apart, 2 has the sixth at its start.',
        ]
      : []),
    'A series that stops coming has recovered for CloudWatch; an alarm of its own tells that series stopped coming.',
    'The alarm starts in OK, and is in ALARM while any element of the result is.',
  ];
}
