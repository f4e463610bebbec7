import { Duration } from 'aws-cdk-lib';
import { CfnAlarm, PromQLAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Direction } from '../../lambdas/limits.ts';
import type { AlarmSpec, Compared, Metric, Promql } from '../cloudwatch/alarm-spec.ts';

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
 * tree do ids get the hash that keeps `hub-1` and `hub1` apart.
 */
export function alarm(scope: Construct, spec: AlarmSpec, topicArn: string): void {
  const { compared } = spec;
  if (compared.kind === 'promql') promqlAlarm(scope, spec, compared, topicArn);
  else metricAlarm(scope, spec, compared, topicArn);
}

/** An L1 construct: the L2 has no warm-up. */
function metricAlarm(
  scope: Construct,
  spec: AlarmSpec,
  compared: Exclude<Compared, Promql>,
  topicArn: string,
): void {
  const { warmUp } = spec;
  new CfnAlarm(scope, spec.name, {
    alarmName: spec.name,
    alarmDescription: spec.description,
    ...(compared.kind === 'metric'
      ? {
          namespace: compared.metric.namespace,
          metricName: compared.metric.name,
          dimensions: dimensionsOf(compared.metric),
          statistic: compared.metric.statistic,
          period: spec.periodSeconds,
        }
      : {
          metrics: [
            { id: 'result', expression: compared.expression, label: compared.label, returnData: true },
            ...Object.entries(compared.metrics).map(([id, metric]) => ({
              id,
              returnData: false,
              metricStat: {
                metric: {
                  namespace: metric.namespace,
                  metricName: metric.name,
                  dimensions: dimensionsOf(metric),
                },
                stat: metric.statistic,
                period: spec.periodSeconds,
              },
            })),
          ],
        }),
    comparisonOperator: operators[spec.direction],
    threshold: spec.threshold,
    evaluationPeriods: spec.evaluationPeriods,
    datapointsToAlarm: spec.evaluationPeriods,
    treatMissingData: spec.missing,
    ...(warmUp && {
      warmUpConfiguration: {
        warmUpPeriodDurationInMinutes: warmUp.minutes,
        onlyStartEvaluatingAfterWarmUpPeriodEnds: warmUp.whole,
      },
    }),
    alarmActions: [topicArn],
    okActions: [topicArn],
    tags: tagsOf(spec),
  });
}

function promqlAlarm(
  scope: Construct,
  spec: AlarmSpec,
  { query, pendingSeconds, recoverySeconds }: Promql,
  topicArn: string,
): void {
  const { name, description, periodSeconds } = spec;
  const made = new PromQLAlarm(scope, name, {
    alarmName: name,
    alarmDescription: description,
    query,
    evaluationInterval: Duration.seconds(periodSeconds),
    pendingPeriod: Duration.seconds(pendingSeconds),
    recoveryPeriod: Duration.seconds(recoverySeconds),
  });
  const topic = { bind: () => ({ alarmActionArn: topicArn }) };
  made.addAlarmAction(topic);
  made.addOkAction(topic);
  (made.node.defaultChild as CfnAlarm).tags = tagsOf(spec);
}
