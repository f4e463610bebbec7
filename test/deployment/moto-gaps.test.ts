import { gzipSync } from 'node:zlib';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutAlarmMuteRuleCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCloudFormation, makeBucket } from '../infra/live-stacks.ts';
import { awsEndpoint, unsigned } from '../infra/unsigned.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';

let moto: Moto;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  moto = await borrowMoto();
  cloudWatch = new CloudWatchClient(awsEndpoint(moto).client);
});
afterAll(() => moto.stop());

const alarm = { AlarmName: 'a', ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 1 } as const;

/** Each of these is a row of README.md beside this file. One that fails is good news: the row, and its proof elsewhere, may go. */
describe('moto is not like AWS:', () => {
  it('it drops the query of an alarm', async () => {
    const EvaluationCriteria = {
      PromQLCriteria: { Query: 'up == 0', PendingPeriod: 60, RecoveryPeriod: 60 },
    };
    await cloudWatch.send(
      new PutMetricAlarmCommand({ AlarmName: 'query', EvaluationCriteria, EvaluationInterval: 60 }),
    );
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['query'] }));
    expect(MetricAlarms?.map((each) => each.EvaluationCriteria)).toEqual([undefined]);
  });

  it('it computes no metric math', async () => {
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: 'n',
        MetricData: [{ MetricName: 'm', Value: 2, Timestamp: at }],
      }),
    );
    const { MetricDataResults = [] } = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(at.getTime() - 60_000),
        EndTime: new Date(at.getTime() + 60_000),
        MetricDataQueries: [
          { Id: 'm', MetricStat: { Metric: { Namespace: 'n', MetricName: 'm' }, Period: 60, Stat: 'Sum' } },
          { Id: 'twice', Expression: 'm * 2' },
        ],
      }),
    );
    expect(MetricDataResults.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['m', [2]],
      ['twice', []],
    ]);
  });

  it('it evaluates no alarm and takes what CloudWatch refuses', async () => {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        ...alarm,
        Namespace: 'n',
        MetricName: 'm',
        Statistic: 'Sum',
        Period: 45,
        DatapointsToAlarm: 3,
        Threshold: 100,
        AlarmName: 'x'.repeat(256),
      }),
    );
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'xxx' }));
    expect(MetricAlarms?.map(({ Period, StateValue }) => [Period, StateValue])).toEqual([[45, 'OK']]);
  });

  it('it has no composite alarms by the protocol of the SDK', async () => {
    const composite = new PutCompositeAlarmCommand({ AlarmName: 'c', AlarmRule: 'ALARM(a)' });
    await expect(cloudWatch.send(composite)).rejects.toThrow(SyntaxError);
  });

  it('it has no alarm mute rules', async () => {
    const rule = new PutAlarmMuteRuleCommand({
      Name: 'm',
      Rule: { Schedule: { Expression: 'at(2026-11-30T03:00)', Duration: 'PT1H' } },
      MuteTargets: { AlarmNames: ['a'] },
    });
    await expect(cloudWatch.send(rule)).rejects.toThrow();
  });

  it('it fails on a body sent with gzip', async () => {
    const port = /Running on http:\/\/[^\s:]+:(\d+)/.exec(await moto.log())?.[1];
    const reply = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-encoding': 'gzip',
        'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData',
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${moto.region}/monitoring/aws4_request, SignedHeaders=host, Signature=none`,
      },
      body: gzipSync(JSON.stringify({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1 }] })),
    });
    expect(reply.status).toBe(500);
  });

  it('its CloudFormation makes no topic policy, subscription, alarm or schedule, and no table whose items expire', async () => {
    const topic = { Ref: 'Topic' };
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: topic,
      Sid: 'TlsOnly',
    };
    const template = {
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'topic' } },
        Policy: {
          Type: 'AWS::SNS::TopicPolicy',
          Properties: { Topics: [topic], PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
        },
        Subscription: {
          Type: 'AWS::SNS::Subscription',
          Properties: { TopicArn: topic, Protocol: 'email', Endpoint: 'a@example.com' },
        },
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: { ...alarm, AlarmName: 'deployed', Namespace: 'n', MetricName: 'm', Threshold: 1 },
        },
        Schedule: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            Name: 'schedule',
            ScheduleExpression: 'rate(1 minute)',
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: {
              Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
              RoleArn: 'arn:aws:iam::123456789012:role/r',
            },
          },
        },
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
            TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          },
        },
      },
      Outputs: { Topic: { Value: topic } },
    };
    const aws = awsEndpoint(moto);
    const body = new URLSearchParams({
      Action: 'CreateStack',
      Version: '2010-05-15',
      StackName: 'gaps',
      TemplateBody: JSON.stringify(template),
    });
    await unsigned(aws, 'cloudformation', '/', { method: 'POST', body: body.toString() });

    const sns = new SNSClient(aws.client);
    const dynamo = new DynamoDBClient(aws.client);
    const { Topics: [made] = [] } = await sns.send(new ListTopicsCommand({}));
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: made?.TopicArn }));
    const { TableNames: [table] = [] } = await dynamo.send(new ListTablesCommand({}));
    const { TimeToLiveDescription } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect({
      policy: Attributes?.['Policy']?.includes('TlsOnly'),
      subscriptions: (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions,
      alarms: (await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['deployed'] }))).MetricAlarms,
      schedules: (JSON.parse(await unsigned(aws, 'scheduler', '/schedules')) as { Schedules: unknown })
        .Schedules,
      expiry: TimeToLiveDescription?.TimeToLiveStatus,
    }).toEqual({
      policy: false,
      subscriptions: [],
      alarms: [],
      schedules: [],
      expiry: 'DISABLED',
    });
  });

  it('it replaces a nested stack that changes, and takes an alarm whose name another stack has', async () => {
    const aws = awsEndpoint(moto);
    const named = { ...alarm, AlarmName: 'twice', Namespace: 'n', MetricName: 'm', Threshold: 1 };
    const nested = (topic: string) => ({
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: topic } },
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: named },
      },
    });
    await makeBucket(aws, 'templates');
    for (const topic of ['before', 'after'])
      await unsigned(aws, 's3', `/templates/${topic}`, {
        method: 'PUT',
        body: JSON.stringify(nested(topic)),
      });
    const parent = (...topics: readonly string[]) =>
      JSON.stringify({
        Resources: Object.fromEntries(
          topics.map((topic, i) => [
            `Nested${i}`,
            {
              Type: 'AWS::CloudFormation::Stack',
              Properties: { TemplateURL: `https://s3.${moto.region}.amazonaws.com/templates/${topic}` },
            },
          ]),
        ),
      });
    const idOf = async () => {
      const xml = await askCloudFormation(aws, { Action: 'DescribeStacks' });
      return /<StackId>([^<]*stack\/parent-Nested0[^<]*)</.exec(xml)?.[1];
    };
    await askCloudFormation(aws, {
      Action: 'CreateStack',
      StackName: 'parent',
      TemplateBody: parent('before', 'before'),
    });
    const first = await idOf();
    await askCloudFormation(aws, {
      Action: 'UpdateStack',
      StackName: 'parent',
      TemplateBody: parent('after', 'before'),
    });
    const second = await idOf();
    expect(first).toMatch(/parent-Nested0/);
    expect(second).toMatch(/parent-Nested0/);
    expect(second).not.toBe(first);
  });
});
