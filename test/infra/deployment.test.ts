import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { checks } from './catalogue.ts';
import { resolveIntrinsics } from './intrinsics.ts';
import { appOf, ofType, synthesize, type Resource, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});

/** As a person reads it: `<Topic>`, `<Table.Arn>`, and one word for each pseudo parameter. */
const readable = (value: unknown) =>
  resolveIntrinsics(value, {
    ref: (id) => (id.startsWith('AWS::') ? id.slice(5).toUpperCase() : `<${id.replace(/[0-9A-F]{8}$/, '')}>`),
    attribute: (id, name) => `<${id.replace(/[0-9A-F]{8}$/, '')}.${name}>`,
    imported: (name) => `<import ${name}>`,
  });
const all = (type: string) =>
  ofType(stacks, type).map((properties) => readable(properties) as Resource['Properties']);
const one = (type: string, part: Readonly<Record<string, unknown>>) =>
  all(type).find((properties) => Object.entries(part).every(([key, value]) => properties[key] === value));

/** Settings of one cluster with so many servers. */
function fleet(servers: number): string {
  const targets = Array.from({ length: servers }, (_, i) => ({
    name: `hub-${i + 1}`,
    url: `http://hub${i + 1}:8222`,
  }));
  const file = path.join(temporaryFolder('fleet'), 'settings.yaml');
  writeFileSync(file, JSON.stringify({ clusters: [{ name: 'prod.eu', targets, expect: { leafnodes: 1 } }] }));
  return file;
}

describe('the stacks of the example settings', () => {
  it('are the checks, then the alarms of each cluster', () => {
    expect(stacks.map(({ name, dependencies }) => [name, dependencies])).toEqual([
      ['nats-cloudwatch-checks', []],
      ['nats-cloudwatch-alarms-prod', ['nats-cloudwatch-checks']],
    ]);
  });

  it('hold these resources and no others', () => {
    const counts = stacks.map(({ resources }) =>
      Object.entries(Object.groupBy(Object.values(resources), ({ Type }) => Type))
        .map(([type, list]) => `${list?.length ?? 0} ${type}`)
        .sort(),
    );
    expect(counts).toEqual([
      [
        '1 AWS::DynamoDB::Table',
        '1 AWS::KMS::Key',
        '3 AWS::CloudWatch::Alarm',
        '3 AWS::Lambda::EventInvokeConfig',
        '3 AWS::Lambda::Function',
        '3 AWS::Logs::LogGroup',
        '3 AWS::SNS::Subscription',
        '3 AWS::SNS::Topic',
        '3 AWS::SNS::TopicPolicy',
        '3 AWS::Scheduler::Schedule',
        '4 AWS::IAM::Role',
      ],
      ['11 AWS::CloudWatch::Alarm'],
    ]);
  });

  it('pass the AWS Solutions rules of cdk-nag and the rules of CDK itself', () => {
    const { app } = appOf('infra/settings.yaml', checks, {
      context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
    });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    const report = JSON.parse(readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')) as {
      pluginReports: {
        pluginName: string;
        violations: unknown[];
        suppressedViolations: { ruleName: string }[];
      }[];
    };
    const nag = report.pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
    expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
    expect(new Set(nag?.suppressedViolations.map(({ ruleName }) => ruleName))).toEqual(
      new Set(['AwsSolutions-DDB3', 'AwsSolutions-IAM5[Resource::*]']),
    );
  });
});

describe('a function', () => {
  it('runs one check from the shared asset, in the VPC, within its minute, and is told where things are', () => {
    const { Code, ...rest } =
      one('AWS::Lambda::Function', { FunctionName: 'nats-cloudwatch-server-up' }) ?? {};
    expect(rest).toEqual({
      FunctionName: 'nats-cloudwatch-server-up',
      Description: 'NATS check server-up',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 256,
      Timeout: 50,
      Role: '<serverupRole.Arn>',
      LoggingConfig: { LogGroup: '<serverupLogs>' },
      VpcConfig: {
        SubnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb2'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      },
      Environment: {
        Variables: {
          CHECK_ID: 'server-up',
          MEMORY_TABLE: '<Memory>',
          FINDINGS_TOPIC_ARN: '<findingsTopic>',
          NODE_OPTIONS: '--enable-source-maps',
        },
      },
    });
    expect(new Set(all('AWS::Lambda::Function').map((each) => JSON.stringify(each['Code'])))).toEqual(
      new Set([JSON.stringify(Code)]),
    );
  });

  it('is not tried again by Lambda, and has a log group of 30 days', () => {
    expect(all('AWS::Lambda::EventInvokeConfig')[0]).toEqual({
      FunctionName: '<serverup>',
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
      Qualifier: '$LATEST',
    });
    expect(all('AWS::Logs::LogGroup')[0]).toEqual({
      LogGroupName: '/aws/lambda/nats-cloudwatch-server-up',
      RetentionInDays: 30,
    });
  });

  it('may do these things: everything on all resources is what AWS cannot limit, and denied to its own code', () => {
    const role = one('AWS::IAM::Role', { Description: 'What NATS check server-up may do' });
    const interfaces = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    expect(role?.['Policies']).toEqual([
      {
        PolicyName: 'check',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: '<serverupLogs.Arn>',
            },
            {
              Effect: 'Allow',
              Action: 'cloudwatch:PutMetricData',
              Resource: '*',
              Condition: { StringEquals: { 'cloudwatch:namespace': 'NATS' } },
            },
            {
              Effect: 'Allow',
              Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
              Resource: '<Memory.Arn>',
            },
            { Effect: 'Allow', Action: 'sns:Publish', Resource: '<findingsTopic>' },
            { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<TopicsKey.Arn>' },
            { Effect: 'Allow', Action: interfaces, Resource: '*' },
            {
              Effect: 'Deny',
              Action: interfaces,
              Resource: '*',
              Condition: {
                ArnEquals: {
                  'lambda:SourceFunctionArn':
                    'arn:PARTITION:lambda:REGION:ACCOUNTID:function:nats-cloudwatch-server-up',
                },
              },
            },
          ],
        },
      },
    ]);
    expect(role).not.toHaveProperty('ManagedPolicyArns');
  });

  it('outside a VPC may not touch network interfaces', () => {
    const outside = synthesize(fleet(1), checks);
    const [role] = ofType(outside, 'AWS::IAM::Role').filter((each) => each['Description'] !== undefined);
    expect(JSON.stringify(role)).not.toContain('ec2:');
    expect(
      ofType(outside, 'AWS::Lambda::Function').filter((each) => each['VpcConfig'] !== undefined),
    ).toEqual([]);
  });
});

describe('a schedule', () => {
  it('starts its check each minute with the scheduled time, and never again for the same minute', () => {
    expect(all('AWS::Scheduler::Schedule')[0]).toEqual({
      Name: 'nats-cloudwatch-server-up',
      Description: 'Runs NATS check server-up',
      ScheduleExpression: 'rate(1 minute)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: {
        Arn: '<serverup.Arn>',
        RoleArn: '<SchedulerRole.Arn>',
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      },
    });
  });

  it('may start the checks and nothing else', () => {
    const role = one('AWS::IAM::Role', { Description: 'Lets schedules start the NATS checks' });
    const arns = checks.map(
      ({ id }) => `arn:PARTITION:lambda:REGION:ACCOUNTID:function:nats-cloudwatch-${id}`,
    );
    expect(role).toMatchObject({
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': 'ACCOUNTID' } },
          },
        ],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arns }],
          },
        },
      ],
    });
  });
});

describe('the topics', () => {
  const byAlarms = {
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': 'ACCOUNTID' },
      ArnLike: { 'aws:SourceArn': 'arn:PARTITION:cloudwatch:REGION:ACCOUNTID:alarm:nats/*' },
    },
  };

  it('are encrypted with a key that lets the alarms of this account publish', () => {
    expect(all('AWS::SNS::Topic').map((each) => [each['TopicName'], each['KmsMasterKeyId']])).toEqual([
      ['nats-cloudwatch-critical', '<TopicsKey.Arn>'],
      ['nats-cloudwatch-warning', '<TopicsKey.Arn>'],
      ['nats-cloudwatch-findings', '<TopicsKey.Arn>'],
    ]);
    expect(all('AWS::KMS::Key')[0]).toMatchObject({
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          { Effect: 'Allow', Action: 'kms:*', Principal: { AWS: 'arn:PARTITION:iam::ACCOUNTID:root' } },
          { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], ...byAlarms },
        ],
      },
    });
  });

  it('take messages over TLS alone, those for alarms from the alarms of this account', () => {
    const tls = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const alarms = { Effect: 'Allow', Action: 'sns:Publish', ...byAlarms };
    const policies = all('AWS::SNS::TopicPolicy').map(({ Topics, PolicyDocument }) => [
      Topics,
      (PolicyDocument as { Statement: object[] }).Statement.map((statement) =>
        Object.fromEntries(Object.entries(statement).filter(([key]) => !['Sid', 'Resource'].includes(key))),
      ),
    ]);
    expect(policies).toEqual([
      [['<criticalTopic>'], [tls, alarms]],
      [['<warningTopic>'], [tls, alarms]],
      [['<findingsTopic>'], [tls]],
    ]);
  });

  it('have the subscriptions of the settings, and their keys stay out of the ids that deployments show', () => {
    expect(all('AWS::SNS::Subscription')).toEqual([
      {
        TopicArn: '<criticalTopic>',
        Protocol: 'https',
        Endpoint: 'https://events.pagerduty.com/integration/0123456789abcdef/enqueue',
      },
      { TopicArn: '<warningTopic>', Protocol: 'email', Endpoint: 'nats-team@example.com' },
      {
        TopicArn: '<findingsTopic>',
        Protocol: 'email',
        Endpoint: 'nats-team@example.com',
        FilterPolicy: { severity: ['critical'], status: ['opened', 'raised', 'resolved'] },
      },
    ]);
    expect(Object.keys(stacks[0]?.resources ?? {}).filter((id) => id.includes('0123456789abcdef'))).toEqual(
      [],
    );
  });
});

describe('memory', () => {
  it('is one table, paid by request, whose items expire', () => {
    expect(all('AWS::DynamoDB::Table')).toEqual([
      {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      },
    ]);
  });
});

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
        { Id: 'result', Expression: 'invocations - errors', ReturnData: true },
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
