import { beforeAll, describe, expect, it } from 'vitest';
import { checks as allChecks } from '../../lambdas/checks/catalogue.ts';
import { checks } from './catalogue.ts';
import { written } from './settings-file.ts';
import { fleet, ofType, readableOfType, synthesize, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});
const all = (type: string) => readableOfType(stacks, type);
const one = (type: string, part: Readonly<Record<string, unknown>>) =>
  all(type).find((properties) => Object.entries(part).every(([key, value]) => properties[key] === value));

describe('the stacks of the example settings', () => {
  const isNested = ({ name }: Synthesized) => name.includes('/');

  it('are the checks, then the alarms, in stacks that are nested and deployed together', () => {
    const names = stacks.map(({ name, dependencies }) => [name.replace(/\d+$/, 'N'), dependencies]);
    expect(names).toEqual([
      ['nats-cloudwatch-checks', []],
      ['nats-cloudwatch-alarms', ['nats-cloudwatch-checks']],
      ...stacks.filter(isNested).map(() => ['nats-cloudwatch-alarms/group-N', []]),
    ]);
    expect(stacks.filter(isNested)).toHaveLength(4);
  });

  it('hold these resources and no others', () => {
    const [checksStack, alarmsStack, ...nested] = stacks.map(({ resources }) => Object.values(resources));
    const counts = [checksStack ?? [], alarmsStack ?? [], nested.flat()].map((resources) =>
      Object.entries(Object.groupBy(resources, ({ Type }) => Type))
        .map(([type, list]) => `${list?.length ?? 0} ${type}`)
        .sort(),
    );
    expect(counts).toEqual([
      [
        '1 AWS::DynamoDB::Table',
        '1 AWS::SQS::Queue',
        '1 AWS::SQS::QueuePolicy',
        '2 AWS::CloudWatch::CompositeAlarm',
        '3 AWS::Lambda::EventInvokeConfig',
        '3 AWS::Lambda::Function',
        '3 AWS::Logs::LogGroup',
        '3 AWS::SNS::Subscription',
        '3 AWS::SNS::Topic',
        '3 AWS::SNS::TopicPolicy',
        '3 AWS::Scheduler::Schedule',
        '4 AWS::IAM::Role',
        '7 AWS::CloudWatch::Alarm',
      ],
      ['1 AWS::CloudWatch::Dashboard', '4 AWS::CloudFormation::Stack'],
      ['7 AWS::CloudWatch::Alarm'],
    ]);
  });
});

it('tells what each output is', () => {
  const outputs = stacks.flatMap(({ outputs: own }) => Object.entries(own));
  expect(outputs.map(([name, { Description }]) => [name, Description])).toEqual([
    ['criticalTopicArn', 'Topic of critical alarms'],
    ['warningTopicArn', 'Topic of warning alarms'],
    ['findingsTopicArn', 'Topic of findings'],
    ['MemoryTableName', 'Table of what checks keep between runs'],
  ]);
});

describe('dashboards', () => {
  const shown = (more: object) =>
    synthesize(fleet(1, more), checks).flatMap(({ name, resources }) =>
      Object.values(resources).flatMap(({ Type, Properties: { DashboardName, DashboardBody } }) =>
        Type === 'AWS::CloudWatch::Dashboard' ? [{ name, DashboardName, DashboardBody }] : [],
      ),
    );

  it('are in the first stack of alarms, however many there are, and nowhere where settings want none', () => {
    const places = [{}, { alarms: { stacks: 4 } }, { dashboard: false }].map((more) =>
      shown(more).map(({ name, DashboardName }) => [name, DashboardName]),
    );
    const one = ['nats-cloudwatch-alarms', expect.stringMatching(/^nats-cloudwatch-prod_eu-[0-9a-f]{6}$/)];
    expect(places).toEqual([[one], [one], []]);
  });

  it('name Region and account as CloudFormation fills them in, and nothing else that it would', () => {
    const [{ DashboardBody } = { DashboardBody: {} }] = shown({
      alarms: { readme: 'https://wiki.example/${x}' },
    });
    const text = (DashboardBody as { 'Fn::Sub': string })['Fn::Sub'];
    expect(new Set(text.match(/\$\{.*?\}/g))).toEqual(
      new Set(['${!x}', '${AWS::Partition}', '${AWS::Region}', '${AWS::AccountId}']),
    );
    expect(JSON.parse(text)).toMatchObject({ widgets: expect.any(Array) as unknown });
  });
});

describe('the stacks of a cluster whose servers are found by name', () => {
  it('have its alarms, one a rule', () => {
    const targets = [{ dns: 'nats.internal', port: 8222, expect: 3 }];
    const found = synthesize(written(JSON.stringify({ clusters: [{ name: 'eks', targets }] })), checks);
    const rules = found.flatMap(({ resources }) =>
      Object.values(resources).flatMap(({ Type, Properties: { AlarmName, Dimensions } }) =>
        Type === 'AWS::CloudWatch::Alarm' && /^nats\/eks\/(?!.*\/findings\/)/.test(String(AlarmName))
          ? [[AlarmName, Dimensions] as const]
          : [],
      ),
    );
    expect(Object.fromEntries(rules)).toEqual({
      'nats/eks/NatsServerDown/critical': dimensionsOf('NatsServerDown'),
      'nats/eks/NatsHighNumberOfConnections/warning': dimensionsOf('NatsHighNumberOfConnections'),
    });
  });
  const dimensionsOf = (rule: string) => [
    { Name: 'cluster', Value: 'eks' },
    { Name: 'rule', Value: rule },
  ];
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
          GROUP_CHECKS: 'server-up',
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
    const each = (namespace: string) =>
      allChecks.map(({ id }) => `What NATS check ${id} may do: ${namespace}`);
    expect([grants('classic'), grants('promql')]).toEqual([each('NATS'), each('any')]);
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
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","clusters":["prod"]}',
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

describe('a fleet of more than 100 servers', () => {
  const cluster = (name: string, servers: number) => ({
    name,
    targets: Array.from({ length: servers }, (_, i) => ({ name: `n${i}`, url: `http://n${i}.${name}:8222` })),
  });
  const of = (clusters: readonly object[], more: object = {}) =>
    synthesize(fleet(1, { clusters, ...more }), checks.slice(0, 1), 'groups: []');
  const schedules = (synthesized: readonly Synthesized[]) =>
    readableOfType(synthesized, 'AWS::Scheduler::Schedule').map(({ Name, Description, Target }) => ({
      name: Name,
      description: Description,
      input: (Target as { readonly Input: string }).Input,
    }));
  const sizeOf = (synthesized: readonly Synthesized[]) =>
    ofType(synthesized, 'AWS::Lambda::Function').map(({ MemorySize, Timeout }) => [MemorySize, Timeout]);

  it('has a schedule for each batch of clusters, and one for a cluster that is larger than a batch', () => {
    const stacks101 = of([cluster('prod', 60), cluster('edge', 40), cluster('lab', 1), cluster('vast', 101)]);
    expect(schedules(stacks101)).toEqual([
      {
        name: 'nats-cloudwatch-server-up-2',
        description: 'Runs NATS check server-up, batch 2',
        input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","clusters":["prod"]}',
      },
      {
        name: 'nats-cloudwatch-server-up-3',
        description: 'Runs NATS check server-up, batch 3',
        input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","clusters":["edge","lab"]}',
      },
      {
        name: 'nats-cloudwatch-server-up-big-375eca',
        description: 'Runs NATS check server-up, batch big-375eca',
        input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","clusters":["vast"]}',
      },
    ]);
    expect(schedules(of([cluster('prod', 60), cluster('edge', 40)]))).toEqual([
      {
        name: 'nats-cloudwatch-server-up',
        description: 'Runs NATS check server-up',
        input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","clusters":["prod","edge"]}',
      },
    ]);
  });

  it('names schedules in at most the 64 characters that they may have', () => {
    const name = 'n'.repeat(30);
    const names = schedules(
      synthesize(
        fleet(1, { name, clusters: [cluster('vast', 101), cluster('prod', 1)] }),
        allChecks,
        'groups: []',
      ),
    ).map((schedule) => String(schedule.name).length);
    expect(Math.max(...names)).toBeLessThanOrEqual(64);
    expect(names).toHaveLength(2 * allChecks.length);
  });

  it('has functions as large as its largest batch needs, or as settings say', () => {
    expect([
      sizeOf(of([cluster('prod', 25)])),
      sizeOf(of([cluster('prod', 26)])),
      sizeOf(of([cluster('prod', 60), cluster('edge', 60)])),
      sizeOf(of([cluster('prod', 101)])),
      sizeOf(of([cluster('prod', 101)], { functions: { memory: 1_024, timeout: '30s' } })),
    ]).toEqual([[[256, 50]], [[512, 50]], [[512, 50]], [[1_769, 55]], [[1_024, 30]]]);
  });

  it('gives more to the function that reads each stream and consumer, where a rule asks for them', () => {
    const of = (expr: string, entities: number) => {
      const rules = `groups: [{ name: g, rules: [{ alert: A, expr: '${expr}', labels: { severity: warning } }] }]`;
      const clusters = Array.from({ length: 5 }, (_, i) => cluster(`c${i}`, 5));
      const settings = fleet(1, { clusters, alarms: { entities } });
      const functions = ofType(synthesize(settings, allChecks, rules), 'AWS::Lambda::Function');
      const larger = functions.filter(({ MemorySize }) => MemorySize !== 256);
      return larger.map(({ FunctionName, MemorySize }) => [FunctionName, MemorySize]);
    };
    const backlog = 'sum by (server_id) (jetstream_consumer_num_pending) > 1000';
    expect([of(backlog, 1_000), of(backlog, 400), of('gnatsd_varz_cpu / 2 > 80', 1_000)]).toEqual([
      [['nats-cloudwatch-rule-series', 384]],
      [],
      [],
    ]);
  });
});
