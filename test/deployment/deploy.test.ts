import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudWatchClient,
  GetDashboardCommand,
  ListDashboardsCommand,
  paginateDescribeAlarms,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmSpec } from '../../infra/cloudwatch/alarm-spec.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { dashboardBody } from '../../infra/dashboard/body.ts';
import { dashboardSpecs } from '../../infra/dashboard/dashboards.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { deployToMoto, type Deployed } from '../infra/deploy.ts';
import { liveTemplate } from '../infra/live-stacks.ts';
import type { Template } from '../infra/template-alarms.ts';
import { awsEndpoint, unsigned } from '../infra/unsigned.ts';
import { exampleSettings } from '../services/example-settings.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { deployedCode } from './deployed-code.ts';

const file = exampleSettings();
const ids = checks.map(({ id }) => id);

let moto: Moto;
let deployed: Deployed;
let template: Template;
beforeAll(async () => {
  moto = await borrowMoto();
  deployed = await deployToMoto(moto, file);
  template = await liveTemplate(awsEndpoint(moto), 'nats-cloudwatch-checks');
});
afterAll(() => moto.stop());

const client = () => awsEndpoint(moto).client;
const api = async (service: string, url: string) =>
  JSON.parse(await unsigned(awsEndpoint(moto), service, url)) as Readonly<Record<string, unknown>>;
const resources = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);

describe('cdk deploy of the example settings', () => {
  it('makes two stacks, in the second of which those of the alarms are nested, and a function for each check', () => {
    expect(deployed.stacks).toEqual([
      'nats-cloudwatch-checks',
      'nats-cloudwatch-alarms',
      ...deployed.stacks
        .slice(2)
        .map(() => expect.stringMatching(/^nats-cloudwatch-alarms-group\d+NestedStack/) as string),
    ]);
    expect(Object.keys(deployed.functions).sort()).toEqual([...ids].sort());
  });

  it.each(ids)('gives %s Node 24, its minute, the network and where things are', async (check) => {
    const { Configuration } = await api('lambda', `/2015-03-31/functions/nats-cloudwatch-${check}`);
    expect(Configuration).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 50,
      MemorySize: 256,
      VpcConfig: {
        SubnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb2'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      },
      Environment: {
        Variables: {
          CHECK_ID: check,
          GROUP_CHECKS: expect.stringContaining(check) as string,
          MEMORY_TABLE: deployed.table,
          FINDINGS_TOPIC_ARN: deployed.topics.findings,
          NODE_OPTIONS: '--enable-source-maps',
        },
      },
    });
  });

  it('asks CloudFormation for what moto does not keep: arm64, no second try, items that expire', () => {
    const asked = (type: string, key: string) => resources(type).map(({ Properties }) => Properties?.[key]);
    expect(asked('AWS::Lambda::Function', 'Architectures')).toEqual(ids.map(() => ['arm64']));
    expect(asked('AWS::Lambda::EventInvokeConfig', 'MaximumRetryAttempts')).toEqual(ids.map(() => 0));
    expect(asked('AWS::Lambda::EventInvokeConfig', 'MaximumEventAgeInSeconds')).toEqual(ids.map(() => 60));
    expect(asked('AWS::DynamoDB::Table', 'TimeToLiveSpecification')).toEqual([
      { AttributeName: 'expires', Enabled: true },
    ]);
  });

  it('uploads what was bundled, with the watched part of the settings and the rules, and all functions run it', async () => {
    const { folder, sha256 } = await deployedCode(moto, 'nats-cloudwatch-checks');
    const read = (from: string) =>
      Object.fromEntries(
        readdirSync(from, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .map((name) => [path.relative(from, name), readFileSync(name, 'utf8')]),
      );
    const uploaded = read(folder);
    expect(
      Object.keys(uploaded)
        .filter((name) => !name.startsWith('parts/'))
        .sort(),
    ).toEqual([...['index.mjs', 'index.mjs.map', 'rules.json', 'settings.json']]);
    const { watch, translated } = loadSettings(file);
    expect(JSON.parse(uploaded['settings.json'] ?? '')).toEqual(watch);
    expect(JSON.parse(uploaded['rules.json'] ?? '')).toEqual(translated.plan);
    const bundled = read(deployed.asset);
    expect(Object.keys(bundled).filter((name) => bundled[name] !== uploaded[name])).toEqual([]);
    const { Functions } = await api('lambda', '/2015-03-31/functions/');
    expect((Functions as { CodeSha256: string }[]).map(({ CodeSha256 }) => CodeSha256)).toEqual(
      ids.map(() => sha256),
    );
  });

  it.each(checks)(
    'starts $id as often as it runs, told the minute, and never twice',
    async ({ id: check, every }) => {
      const name = `nats-cloudwatch-${check}`;
      expect(await api('scheduler', `/schedules/${name}`)).toMatchObject({
        ScheduleExpression: every === 60_000 ? 'rate(1 minute)' : 'rate(5 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        State: 'ENABLED',
        Target: {
          Arn: `arn:aws:lambda:${moto.region}:${moto.account}:function:${name}`,
          Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","clusters":["prod"]}',
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        },
      });
    },
  );

  it('keeps memory in a table paid by request', async () => {
    const dynamo = new DynamoDBClient(client());
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: deployed.table }));
    expect({ key: Table?.KeySchema, billing: Table?.BillingModeSummary?.BillingMode }).toEqual({
      key: [{ AttributeName: 'id', KeyType: 'HASH' }],
      billing: 'PAY_PER_REQUEST',
    });
  });

  it('makes no key for its three topics, which SNS encrypts by itself', async () => {
    const sns = new SNSClient(client());
    const keys = await Promise.all(
      Object.values(deployed.topics).map(async (TopicArn) => {
        const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
        return Attributes?.['KmsMasterKeyId'];
      }),
    );
    expect(keys).toEqual([undefined, undefined, undefined]);
  });

  it('subscribes whom the settings name, findings filtered as they ask', async () => {
    const sns = new SNSClient(client());
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    const seen = await Promise.all(
      Subscriptions.map(async ({ SubscriptionArn, TopicArn = '', Protocol, Endpoint }) => {
        const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
        const filter = JSON.parse(Attributes['FilterPolicy'] ?? 'null') as unknown;
        return [TopicArn.split(':').at(-1), Protocol, Endpoint, filter];
      }),
    );
    const team = 'nats-team@example.com';
    expect(seen).toEqual([
      ['nats-cloudwatch-critical', 'https', '{{resolve:secretsmanager:nats-cloudwatch/pagerduty}}', null],
      ['nats-cloudwatch-warning', 'email', team, null],
      [
        'nats-cloudwatch-findings',
        'email',
        team,
        { severity: ['critical'], status: ['opened', 'raised', 'resolved'] },
      ],
    ]);
  });

  it('has every alarm of the specs, and CloudWatch takes each as its spec says', async () => {
    const cloudWatch = new CloudWatchClient(client());
    const described: MetricAlarm[] = [];
    for await (const page of paginateDescribeAlarms({ client: cloudWatch }, {}))
      described.push(...(page.MetricAlarms ?? []));
    const specs = alarmSpecs({ checks, ...loadSettings(file) });
    const byName = (all: readonly ReturnType<typeof asDescribed>[]) =>
      Object.fromEntries(all.map((each) => [each.name, each] as const));
    expect(byName(described.map(asDescribed))).toEqual(
      byName(specs.map((spec) => asSpecified(spec, deployed.topics))),
    );
  });

  it('has the dashboard of its cluster, whose alarms are those that it has', async () => {
    const cloudWatch = new CloudWatchClient(client());
    const { DashboardEntries = [] } = await cloudWatch.send(new ListDashboardsCommand({}));
    const specs = dashboardSpecs({ checks, ...loadSettings(file) });
    expect(DashboardEntries.map(({ DashboardName }) => DashboardName)).toEqual(['nats-cloudwatch-prod']);
    const { DashboardBody = '' } = await cloudWatch.send(
      new GetDashboardCommand({ DashboardName: 'nats-cloudwatch-prod' }),
    );
    const { region, account } = moto;
    const alarmArn = (name: string) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
    expect([JSON.parse(DashboardBody)]).toEqual(
      specs.map((spec) => dashboardBody(spec, { region, alarmArn })),
    );
    const described: (string | undefined)[] = [];
    for await (const page of paginateDescribeAlarms({ client: cloudWatch }, {}))
      described.push(...(page.MetricAlarms ?? []).map(({ AlarmArn }) => AlarmArn));
    const shown = specs.flatMap(({ widgets }) =>
      widgets.flatMap((widget) => (widget.kind === 'alarms' ? widget.alarms.map(alarmArn) : [])),
    );
    // moto has no composite alarms.
    const composite = ['not-running', 'several-not-running'].map((name) =>
      alarmArn(`nats/nats-cloudwatch/${name}`),
    );
    expect(shown.filter((arn) => !described.includes(arn)).toSorted()).toEqual(composite);
  });
});

const operators = {
  above: 'GreaterThanThreshold',
  atLeast: 'GreaterThanOrEqualToThreshold',
  below: 'LessThanThreshold',
  atMost: 'LessThanOrEqualToThreshold',
} as const;

/** What of an alarm decides when it pages, and whom. */
function asSpecified(spec: AlarmSpec, topics: Deployed['topics']) {
  const { name, description, compared, direction, threshold, evaluationPeriods, missing, severity } = spec;
  if (compared.kind === 'promql') throw new Error(`${name} is a query, which moto would lose`);
  const metrics =
    compared.kind === 'metric'
      ? [compared.metric, ...(compared.zeroCountsWhere ? [compared.zeroCountsWhere.metric] : [])]
      : Object.values(compared.metrics);
  const told = spec.isSilent === true ? [] : [topics[severity]];
  return {
    name,
    description,
    metrics: metrics.map((metric) => [metric.namespace, metric.name, metric.statistic, metric.dimensions]),
    operator: operators[direction],
    threshold,
    periods: [evaluationPeriods, spec.datapointsToAlarm ?? evaluationPeriods],
    seconds: metrics.map(() => spec.periodSeconds),
    missing,
    actions: [told, told],
  };
}

function asDescribed(alarm: MetricAlarm): ReturnType<typeof asSpecified> {
  const { Metrics, MetricName, Namespace, Dimensions, Statistic, Period } = alarm;
  const labels = (dimensions: MetricAlarm['Dimensions'] = []) =>
    Object.fromEntries(dimensions.map(({ Name, Value }) => [Name ?? '', Value ?? '']));
  const several = (Metrics ?? []).flatMap(({ MetricStat }) => (MetricStat ? [MetricStat] : []));
  const metrics =
    several.length > 0
      ? several.map(({ Metric, Stat }) => [
          Metric?.Namespace,
          Metric?.MetricName,
          Stat,
          labels(Metric?.Dimensions),
        ])
      : [[Namespace, MetricName, Statistic, labels(Dimensions)]];
  return {
    name: alarm.AlarmName ?? '',
    description: alarm.AlarmDescription ?? '',
    metrics: metrics as ReturnType<typeof asSpecified>['metrics'],
    operator: alarm.ComparisonOperator as ReturnType<typeof asSpecified>['operator'],
    threshold: alarm.Threshold ?? NaN,
    periods: [alarm.EvaluationPeriods ?? NaN, alarm.DatapointsToAlarm ?? NaN],
    seconds: several.length > 0 ? several.map((stat) => stat.Period ?? NaN) : [Period ?? NaN],
    missing: alarm.TreatMissingData as AlarmSpec['missing'],
    actions: [alarm.AlarmActions ?? [], alarm.OKActions ?? []],
  };
}
