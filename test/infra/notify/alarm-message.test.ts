import { describe, expect, it } from 'vitest';
import type { AlarmSpec } from '../../../infra/cloudwatch/alarm-spec.ts';
import { alarmMessage } from '../../../infra/notify/alarm-message.ts';

const spec: AlarmSpec = {
  name: 'nats/prod/NatsServerDown/hub1/critical',
  description: 'NATS server hub1 has not answered for 3 minutes.\nWhat to do: look.',
  checks: ['server-up'],
  cluster: 'prod',
  target: 'hub1',
  severity: 'critical',
  compared: {
    kind: 'metric',
    metric: { namespace: 'NATS', name: 'up', dimensions: { cluster: 'prod' }, statistic: 'Minimum' },
  },
  direction: 'below',
  threshold: 1,
  periodSeconds: 60,
  evaluationPeriods: 2,
  missing: 'breaching',
  warmUp: null,
  tags: {},
};
const at = Date.parse('2026-11-30T03:00:00Z');
const topicArn = 'arn:aws:sns:eu-west-1:123456789012:nats-cloudwatch-critical';
const place = { region: 'eu-west-1', account: '123456789012', topicArn };
const reason =
  'Threshold Crossed: 2 out of the last 2 datapoints [0.0 (30/11/26 02:59:00), 0.0 (30/11/26 02:58:00)] were less than the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).';

describe('an alarm as CloudWatch writes it', () => {
  it('is an e-mail with the name, the description and why', () => {
    const { subject, email } = alarmMessage(spec, 'ALARM', at, place);
    expect(subject).toBe('ALARM: "nats/prod/NatsServerDown/hub1/critical" in eu-west-1');
    expect(email)
      .toBe(`You are receiving this email because your Amazon CloudWatch Alarm "nats/prod/NatsServerDown/hub1/critical" in the eu-west-1 region has entered the ALARM state, because "${reason}" at "Mon, 30 Nov 2026 03:00:00 UTC".

View this alarm in the AWS Management Console:
https://eu-west-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=eu-west-1#alarmsV2:alarm/nats%2Fprod%2FNatsServerDown%2Fhub1%2Fcritical

Alarm Details:
- Name:                       nats/prod/NatsServerDown/hub1/critical
- Description:                NATS server hub1 has not answered for 3 minutes.
What to do: look.
- State Change:               OK -> ALARM
- Reason for State Change:    ${reason}
- Timestamp:                  Mon, 30 Nov 2026 03:00:00 UTC
- AWS Account:                123456789012
- Alarm Arn:                  arn:aws:cloudwatch:eu-west-1:123456789012:alarm:nats/prod/NatsServerDown/hub1/critical

Threshold:
- The alarm is in the ALARM state when the metric is LessThanThreshold 1.0 for at least 2 of the last 2 period(s) of 60 seconds.

State Change Actions:
- OK: [${topicArn}]
- ALARM: [${topicArn}]
- INSUFFICIENT_DATA:
`);
  });

  it('is JSON for pagers, with the trigger that they read, and ends with OK under the same name', () => {
    const [alarm, ok] = (['ALARM', 'OK'] as const).map(
      (state) => JSON.parse(alarmMessage(spec, state, at, place).json) as Record<string, unknown>,
    );
    expect(alarm).toEqual({
      AlarmName: spec.name,
      AlarmDescription: spec.description,
      AWSAccountId: '123456789012',
      NewStateValue: 'ALARM',
      NewStateReason: reason,
      StateChangeTime: '2026-11-30T03:00:00.000+0000',
      Region: 'eu-west-1',
      AlarmArn: `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${spec.name}`,
      OldStateValue: 'OK',
      OKActions: [topicArn],
      AlarmActions: [topicArn],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'up',
        Namespace: 'NATS',
        StatisticType: 'Statistic',
        Statistic: 'MINIMUM',
        Unit: null,
        Dimensions: [{ value: 'prod', name: 'cluster' }],
        Period: 60,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'breaching',
      },
    });
    expect([ok?.['AlarmName'], ok?.['NewStateValue'], ok?.['OldStateValue']]).toEqual([
      spec.name,
      'OK',
      'ALARM',
    ]);
  });

  it('has the metrics of an expression, where it compares one', () => {
    const dimensions = { cluster: 'prod' };
    const all = { namespace: 'NATS', name: 'nats_servers_up', dimensions, statistic: 'Maximum' } as const;
    const up = { namespace: 'NATS', name: 'up', dimensions, statistic: 'Minimum' } as const;
    const compared = { kind: 'metric', metric: up, zeroCountsWhere: { metric: all, atLeast: 1 } } as const;
    const { Trigger } = JSON.parse(alarmMessage({ ...spec, compared }, 'ALARM', at, place).json) as {
      readonly Trigger: object;
    };
    const query = (Id: string, MetricName: string, Stat: string) => {
      const Metric = { Dimensions: [{ value: 'prod', name: 'cluster' }], MetricName, Namespace: 'NATS' };
      return { Id, MetricStat: { Metric, Period: 60, Stat }, ReturnData: false };
    };
    expect(Trigger).toEqual({
      Period: 60,
      Metrics: [
        {
          Expression: 'IF(value, value, IF(condition >= 1, value))',
          Id: 'result',
          Label: 'up',
          ReturnData: true,
        },
        query('value', 'up', 'Minimum'),
        query('condition', 'nats_servers_up', 'Maximum'),
      ],
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });
});
