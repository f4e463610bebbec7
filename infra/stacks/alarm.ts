import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Direction } from '../../lambdas/engine/limits.ts';
import type { AlarmSpec, Metric } from '../alarms/alarm-spec.ts';

const operators = {
  above: 'GreaterThanThreshold',
  atLeast: 'GreaterThanOrEqualToThreshold',
  below: 'LessThanThreshold',
  atMost: 'LessThanOrEqualToThreshold',
} as const satisfies Record<Direction, string>;

const dimensionsOf = ({ dimensions }: Metric) =>
  Object.entries(dimensions).map(([name, value]) => ({ name, value }));

/**
 * The CloudWatch alarm of a spec, telling ALARM and OK to its topic. An L1 construct: the L2 has no warm-up. Its
 * parent must not be the stack: only deeper in the tree do ids get the hash that keeps `hub-1` and `hub1` apart.
 */
export function alarm(scope: Construct, spec: AlarmSpec, topicArn: string): CfnAlarm {
  const { compared, warmUp } = spec;
  return new CfnAlarm(scope, spec.name, {
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
    tags: Object.entries(spec.tags).map(([key, value]) => ({ key, value })),
  });
}
