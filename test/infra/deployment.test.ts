import { beforeAll, describe, expect, it } from 'vitest';
import { checks as allChecks } from '../../lambdas/checks/catalogue.ts';
import { checks } from './catalogue.ts';
import { fleet, ofType, readableOfType, synthesize, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});
const all = (type: string) => readableOfType(stacks, type);
const one = (type: string, part: Readonly<Record<string, unknown>>) =>
  all(type).find((properties) => Object.entries(part).every(([key, value]) => properties[key] === value));

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
              Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
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

  it('may send series of any namespace only where it sends them to the endpoint that knows none', () => {
    const grants = (engine: string) =>
      ofType(synthesize(fleet(1, { alarms: { engine } }), allChecks), 'AWS::IAM::Role').flatMap((role) => {
        const statements = JSON.stringify(role['Policies'] ?? []);
        if (!statements.includes('PutMetricData')) return [];
        const isLimited = statements.includes('{"StringEquals":{"cloudwatch:namespace":"NATS"}}');
        return [`${String(role['Description'])}: ${isLimited ? 'NATS' : 'any'}`];
      });
    const limited = allChecks.map(({ id }) => `What NATS check ${id} may do: NATS`);
    expect(grants('classic')).toEqual(limited);
    expect(grants('promql')).toEqual(
      limited.map((each) => (each.includes('rule-series') ? each.replace(/NATS$/, 'any') : each)),
    );
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
    const arns = checks
      .map(({ id }) => `arn:PARTITION:lambda:REGION:ACCOUNTID:function:nats-cloudwatch-${id}`)
      .toSorted();
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
