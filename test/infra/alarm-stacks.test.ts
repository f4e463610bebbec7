import { beforeAll, describe, expect, it } from 'vitest';
import { checks as allChecks } from '../../lambdas/checks/catalogue.ts';
import { checks } from './catalogue.ts';
import { fitsCloudWatch } from './limits.ts';
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
    const isSilent = (alarm: Resource['Properties']) =>
      /\/nats-cloudwatch-.*not-running$/.test(String(alarm['AlarmName']));
    const alarms = [...all('AWS::CloudWatch::Alarm'), ...all('AWS::CloudWatch::CompositeAlarm')];
    const topic = (alarm: Resource['Properties']) => [
      `<${severityOf(alarm)}Topic>`,
      `arn:PARTITION:sns:REGION:ACCOUNTID:nats-cloudwatch-${severityOf(alarm)}`,
    ];
    const stray = alarms.filter((alarm) => {
      const [action] = (alarm['AlarmActions'] ?? []) as string[];
      const isToTopic = topic(alarm).includes(String(action));
      return isToTopic === isSilent(alarm) || String(alarm['OKActions']) !== String(alarm['AlarmActions']);
    });
    expect(stray).toEqual([]);
    expect(alarms.filter(isSilent)).toHaveLength(3);
    expect(alarms).toHaveLength(16);
  });

  it('of all functions together tell for the watchdogs: several in place of one', () => {
    const names = ['server-up', 'leafnode-connections', 'connection-count'].map(
      (check) => `"nats/nats-cloudwatch-${check}/not-running"`,
    );
    const rules = all('AWS::CloudWatch::CompositeAlarm').map((alarm) => [
      alarm['AlarmName'],
      alarm['AlarmRule'],
      alarm['ActionsSuppressor'] ?? null,
      alarm['ActionsSuppressorWaitPeriod'] ?? null,
      alarm['ActionsSuppressorExtensionPeriod'] ?? null,
    ]);
    expect(rules).toEqual([
      [
        'nats/nats-cloudwatch/several-not-running',
        `AT_LEAST(2, ALARM, (${names.join(', ')}))`,
        null,
        null,
        null,
      ],
      [
        'nats/nats-cloudwatch/not-running',
        names.map((name) => `ALARM(${name})`).join(' OR '),
        'nats/nats-cloudwatch/several-not-running',
        120,
        120,
      ],
    ]);
  });

  it('of single servers are silent while all of the cluster are down', () => {
    const pair = ['hub1', 'hub2'].map((name) => ({ name, url: `http://${name}:8222` }));
    const two = synthesize(fleet(1, { clusters: [{ name: 'prod', targets: pair }] }), allChecks, null);
    const down = readableOfType(two, 'AWS::CloudWatch::Alarm').find(
      (alarm) => alarm['AlarmName'] === 'nats/prod/NatsServerDown/hub1/critical',
    );
    const stat = (id: string, name: string, statistic: string, more: readonly object[]) => ({
      Id: id,
      ReturnData: false,
      MetricStat: {
        Metric: {
          Namespace: 'NATS',
          MetricName: name,
          Dimensions: [{ Name: 'cluster', Value: 'prod' }, ...more],
        },
        Period: 60,
        Stat: statistic,
      },
    });
    expect(down).toMatchObject({
      Metrics: [
        { Id: 'result', Expression: 'IF(value, value, IF(condition >= 1, value))', ReturnData: true },
        stat('value', 'up', 'Minimum', [{ Name: 'server_id', Value: 'hub1' }]),
        stat('condition', 'nats_servers_up', 'Maximum', []),
      ],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      DatapointsToAlarm: 3,
      TreatMissingData: 'ignore',
    });
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
      TreatMissingData: 'ignore',
    });
  });

  it('compare what a watchdog sees: whether each run of a minute failed, as where there was none', () => {
    const name = 'nats/nats-cloudwatch-server-up/not-running';
    const watchdog = one('AWS::CloudWatch::Alarm', { AlarmName: name });
    expect(watchdog).toMatchObject({
      Metrics: [
        { Id: 'result', Expression: 'FILL(failed, 1)', ReturnData: true },
        {
          Id: 'failed',
          ReturnData: false,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Errors',
              Dimensions: [{ Name: 'FunctionName', Value: 'nats-cloudwatch-server-up' }],
            },
            Period: 60,
            Stat: 'Minimum',
          },
        },
      ],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      EvaluationPeriods: 7,
      DatapointsToAlarm: 5,
      TreatMissingData: 'breaching',
    });
    expect(watchdog).not.toHaveProperty('Period');
  });

  it('whose missing data is breaching warm up, so that a first deployment pages nobody; no others do', () => {
    const warmUps = all('AWS::CloudWatch::Alarm').map(
      (alarm) =>
        `${String(alarm['TreatMissingData'])} ${JSON.stringify(alarm['WarmUpConfiguration'] ?? null)}`,
    );
    const waits =
      'breaching {"OnlyStartEvaluatingAfterWarmUpPeriodEnds":true,"WarmUpPeriodDurationInMinutes":15}';
    expect(new Set(warmUps)).toEqual(new Set([waits, 'ignore null', 'notBreaching null']));
  });
});

describe('an alarm on a query', () => {
  const rules = `
groups:
  - name: g
    rules:
      - alert: Backlog
        expr: max by (consumer_name) (jetstream_consumer_num_pending) > 1000
        for: 5m
        keep_firing_for: 10m
        labels: { severity: page, team: messaging }
`;

  it('has the expression word for word, its times, its topic and its tags', () => {
    const asked = synthesize(fleet(1, { alarms: { engine: 'promql' } }), checks, rules);
    const alarm = readableOfType(asked, 'AWS::CloudWatch::Alarm').find(
      (each) => each['EvaluationCriteria'] !== undefined,
    );
    const topic = 'arn:PARTITION:sns:REGION:ACCOUNTID:nats-cloudwatch-critical';
    expect(alarm).toEqual({
      AlarmName: 'nats/prod.eu/Backlog/critical',
      AlarmDescription: [
        'NATS cluster prod.eu: Backlog fires (max by (consumer_name) (jetstream_consumer_num_pending) > 1000) for 5 minutes.',
        "First: Look at the graph of this alarm, then at the servers' logs and monitoring ports.",
        "Finding: none; the alarm's contributors in CloudWatch say of which server it is.",
        'Rule Backlog: max by (consumer_name) (jetstream_consumer_num_pending) > 1000, for 5 min.',
        'Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring',
      ].join('\n'),
      EvaluationCriteria: {
        PromQLCriteria: {
          Query: 'max by (consumer_name) (jetstream_consumer_num_pending) > 1000',
          PendingPeriod: 300,
          RecoveryPeriod: 600,
        },
      },
      EvaluationInterval: 60,
      AlarmActions: [topic],
      OKActions: [topic],
      Tags: [
        { Key: 'check', Value: 'rule-series' },
        { Key: 'cluster', Value: 'prod.eu' },
        { Key: 'rule', Value: 'Backlog' },
        { Key: 'severity', Value: 'critical' },
        { Key: 'team', Value: 'messaging' },
      ],
    });
  });

  it('of a rule over several clusters is named by the deployment, and beside the alarms of clusters', () => {
    const edge = { name: 'edge', targets: [{ name: 'hub', url: 'http://edge:8222' }] };
    const prod = { name: 'prod', targets: [{ name: 'hub', url: 'http://prod:8222' }] };
    const file = fleet(1, { clusters: [prod, edge], alarms: { engine: 'promql' } });
    const asked = synthesize(file, checks, rules).filter(({ name }) => name.includes('/'));
    const queries = ofType(asked, 'AWS::CloudWatch::Alarm').filter((each) => 'EvaluationCriteria' in each);
    expect(queries.map((each) => each['AlarmName']).toSorted()).toEqual([
      'nats/edge/findings/critical',
      'nats/edge/findings/warning',
      'nats/nats-cloudwatch/Backlog/critical',
      'nats/prod/findings/critical',
      'nats/prod/findings/warning',
    ]);
  });
});

describe('a cluster of many servers', () => {
  it.each([
    ['as intended', {}],
    ['as they are published', { mirror: 'literal' }],
  ])('of 200, with all built-in rules %s, fits the limits of CloudFormation and CloudWatch', (_, more) => {
    const many = synthesize(fleet(200, { ...more, alarms: { stacks: 2 } }), allChecks, null);
    const alarms = ofType(many, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(200 * 12);
    expect(Math.max(...many.map(({ resources }) => Object.keys(resources).length))).toBeLessThanOrEqual(500);
    const bytes = many.map(({ resources }) => Buffer.byteLength(JSON.stringify({ resources })));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(1_000_000);
    expect(alarms.filter((alarm) => !fitsCloudWatch(alarm))).toEqual([]);
  });
});
