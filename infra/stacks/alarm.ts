import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Direction } from '../../lambdas/limits.ts';
import type { AlarmSpec, Compared, Metric, Promql } from '../cloudwatch/alarm-spec.ts';
import { expressionOf, type Expression } from '../cloudwatch/expression.ts';

const operators = {
  above: 'GreaterThanThreshold',
  atLeast: 'GreaterThanOrEqualToThreshold',
  below: 'LessThanThreshold',
  atMost: 'LessThanOrEqualToThreshold',
} as const satisfies Record<Direction, string>;

const dimensionsOf = ({ dimensions }: Metric) =>
  Object.entries(dimensions).map(([name, value]) => ({ name, value }));

/** An empty label is none, and CloudFormation takes no empty tag. */
const tagsOf = ({ tags }: AlarmSpec) =>
  Object.entries(tags).flatMap(([key, value]) => (value === '' ? [] : [{ key, value }]));

/**
 * The CloudWatch alarm of a spec, telling ALARM and OK to its topic. Its parent must not be the stack: only deeper in the
 * tree do ids get the hash that keeps `hub-1` and `hub1` apart. An L1 construct: the L2 has no warm-up, and gives an alarm
 * another id once it compares a query, which CloudFormation would take for a second alarm of that name.
 */
export function alarm(scope: Construct, spec: AlarmSpec, topicArn: string): CfnAlarm {
  return new CfnAlarm(scope, spec.name, {
    alarmName: spec.name,
    alarmDescription: spec.description,
    ...(spec.compared.kind === 'promql' ? ofQuery(spec, spec.compared) : ofMetrics(spec, spec.compared)),
    ...(spec.isSilent ? {} : { alarmActions: [topicArn], okActions: [topicArn] }),
    tags: tagsOf(spec),
  });
}

function ofMetrics(spec: AlarmSpec, compared: Exclude<Compared, Promql>): Partial<CfnAlarmProps> {
  const { warmUp } = spec;
  return {
    ...(compared.kind === 'metric' && compared.zeroCountsWhere === undefined
      ? {
          namespace: compared.metric.namespace,
          metricName: compared.metric.name,
          dimensions: dimensionsOf(compared.metric),
          statistic: compared.metric.statistic,
          period: spec.periodSeconds,
        }
      : ofExpression(expressionOf(compared), spec.periodSeconds)),
    comparisonOperator: operators[spec.direction],
    threshold: spec.threshold,
    evaluationPeriods: spec.evaluationPeriods,
    datapointsToAlarm: spec.datapointsToAlarm ?? spec.evaluationPeriods,
    treatMissingData: spec.missing,
    ...(warmUp && {
      warmUpConfiguration: {
        warmUpPeriodDurationInMinutes: warmUp.minutes,
        onlyStartEvaluatingAfterWarmUpPeriodEnds: warmUp.whole,
      },
    }),
  };
}

const ofExpression = (
  { expression, label, metrics }: Expression,
  period: number,
): Partial<CfnAlarmProps> => ({
  metrics: [
    { id: 'result', expression, label, returnData: true },
    ...Object.entries(metrics).map(([id, metric]) => ({
      id,
      returnData: false,
      metricStat: {
        metric: {
          namespace: metric.namespace,
          metricName: metric.name,
          dimensions: dimensionsOf(metric),
        },
        stat: metric.statistic,
        period,
      },
    })),
  ],
});

const ofQuery = (
  { periodSeconds }: AlarmSpec,
  { query, pendingSeconds, recoverySeconds }: Promql,
): Partial<CfnAlarmProps> => ({
  evaluationCriteria: {
    promQlCriteria: { query, pendingPeriod: pendingSeconds, recoveryPeriod: recoverySeconds },
  },
  evaluationInterval: periodSeconds,
});
