import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from './catalogue.ts';
import { fleet, ofType, readableOfType, synthesize, type Resource, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});
const all = (type: string) => readableOfType(stacks, type);
const one = (type: string, part: Readonly<Record<string, unknown>>) =>
  all(type).find((properties) => Object.entries(part).every(([key, value]) => properties[key] === value));

describe('alarms', () => {
  it('tell ALARM and OK to the topic of their severity', () => {
    const severityOf = (alarm: Resource['Properties']) =>
      (alarm['Tags'] as { Key: string; Value: string }[]).find(({ Key }) => Key === 'severity')?.Value;
    const alarms = all('AWS::CloudWatch::Alarm');
    const topic = (alarm: Resource['Properties']) => [
      `<${severityOf(alarm)}Topic>`,
      `arn:PARTITION:sns:REGION:ACCOUNTID:nats-cloudwatch-${severityOf(alarm)}`,
    ];
    const stray = alarms.filter((alarm) => {
      const [action] = alarm['AlarmActions'] as string[];
      return (
        !topic(alarm).includes(String(action)) || String(alarm['OKActions']) !== String(alarm['AlarmActions'])
      );
    });
    expect(alarms).toHaveLength(14);
    expect(stray).toEqual([]);
  });

  it('compare a series', () => {
    expect(
      one('AWS::CloudWatch::Alarm', { AlarmName: 'nats/prod/NatsServerDown/hub1/critical' }),
    ).toMatchObject({
      Namespace: 'NATS',
      MetricName: 'up',
      Dimensions: [
        { Name: 'cluster', Value: 'prod' },
        { Name: 'server_id', Value: 'hub1' },
      ],
      Statistic: 'Minimum',
      Period: 60,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'breaching',
    });
  });

  it('compare what a watchdog sees: invocations less errors', () => {
    const stat = (id: string, name: string) => ({
      Id: id,
      ReturnData: false,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Lambda',
          MetricName: name,
          Dimensions: [{ Name: 'FunctionName', Value: 'nats-cloudwatch-server-up' }],
        },
        Period: 300,
        Stat: 'Sum',
      },
    });
    const name = 'nats/nats-cloudwatch-server-up/not-running';
    const watchdog = one('AWS::CloudWatch::Alarm', { AlarmName: name });
    expect(watchdog).toMatchObject({
      Metrics: [
        { Id: 'result', Expression: 'FILL(invocations, 0) - FILL(errors, 0)', ReturnData: true },
        stat('invocations', 'Invocations'),
        stat('errors', 'Errors'),
      ],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 3,
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    });
    expect(watchdog).not.toHaveProperty('Period');
  });

  it('to which silence is breaching warm up, so that a first deployment pages nobody; no others do', () => {
    const warmUps = all('AWS::CloudWatch::Alarm').map(
      (alarm) =>
        `${String(alarm['TreatMissingData'])} ${JSON.stringify(alarm['WarmUpConfiguration'] ?? null)}`,
    );
    const waits = (whole: boolean) =>
      `breaching {"OnlyStartEvaluatingAfterWarmUpPeriodEnds":${whole},"WarmUpPeriodDurationInMinutes":15}`;
    expect(new Set(warmUps)).toEqual(
      new Set([waits(false), waits(true), 'ignore null', 'notBreaching null']),
    );
  });
});

describe('a cluster of many servers', () => {
  it('of 200 fits the limits of CloudFormation and CloudWatch', () => {
    const many = synthesize(fleet(200), checks);
    const alarms = ofType(many, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(200 * 2 + 1 + 6 + 3);
    expect(Math.max(...many.map(({ resources }) => Object.keys(resources).length))).toBeLessThanOrEqual(500);
    const beyond = alarms.filter((alarm) => {
      const tags = alarm['Tags'] as readonly { Key: string; Value: string }[];
      const metrics = (alarm['Metrics'] as readonly unknown[] | undefined)?.length ?? 1;
      const periods = Number(alarm['Period'] ?? 300) * Number(alarm['EvaluationPeriods']);
      return (
        !String(alarm['AlarmName']).startsWith('nats/') ||
        String(alarm['AlarmName']).length > 255 ||
        String(alarm['AlarmDescription']).length > 1_024 ||
        (alarm['AlarmActions'] as readonly unknown[]).length > 5 ||
        tags.length > 50 ||
        tags.some(({ Key, Value }) => Key.length > 128 || Value.length > 256) ||
        metrics > 10 ||
        periods > 86_400
      );
    });
    expect(beyond).toEqual([]);
  });
});
