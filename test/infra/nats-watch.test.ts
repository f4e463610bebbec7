import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, SubnetType, Vpc, type IVpc, type VpcProps } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { NatsWatch, understand, type NatsWatchProps } from '../../infra/nats-watch.ts';
import { checks } from './catalogue.ts';
import { appOf, fleet, newApp, standInCode, unvalidated } from './synth.ts';

const targets = [{ name: 'hub1', url: 'http://hub1:8222' }];
const settingsOf = (more: object = {}) =>
  understand({ clusters: [{ name: 'prod', targets }], ...more }, 'settings', checks);

type Own = Omit<NatsWatchProps, 'settings'>;

/** The construct in a stack that has more. */
function own(props: (stack: Stack) => Own, more: object = {}) {
  const stack = new Stack(newApp(unvalidated), 'messaging');
  const made = props(stack);
  const watch = new NatsWatch(stack, 'Nats', {
    ...{ settings: settingsOf(more), checks, code: standInCode() },
    ...made,
  });
  return { stack, watch, made };
}
/** The CDK's own types are not exact about what is optional. */
const vpcOf = (stack: Stack, props: VpcProps = withNat): IVpc => new Vpc(stack, 'Vpc', props) as IVpc;
const withNat: VpcProps = {
  maxAzs: 2,
  natGateways: 1,
  subnetConfiguration: [
    { name: 'public', subnetType: SubnetType.PUBLIC },
    { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  ],
};
const resources = (stack: Stack, type: string) =>
  Object.values(Template.fromStack(stack).findResources(type)).map(
    ({ Properties }) => Properties as Readonly<Record<string, unknown>>,
  );
/** Beside those that a VPC of the CDK brings along. */
const functionsOf = (stack: Stack) =>
  resources(stack, 'AWS::Lambda::Function').filter(({ FunctionName }) => FunctionName !== undefined);
const nestedIn = (stack: Stack) => stack.node.findAll().filter((each) => each instanceof NestedStack);

describe('the whole deployment as a construct in a stack of one’s own', () => {
  it('gives back topics, functions, alarms and memory', () => {
    const { watch, made } = own((stack) => ({ topics: { critical: new Topic(stack, 'Pages') } }));
    expect(watch.topics.critical).toBe(made.topics?.critical);
    expect(Object.keys(watch.topics)).toEqual(['critical', 'warning', 'findings']);
    expect([...watch.functions.keys()]).toEqual(checks.map(({ id }) => id));
    expect(watch.memory.node.path).toBe('messaging/Nats/Memory');
    const composites = ['nats/nats-cloudwatch/several-not-running', 'nats/nats-cloudwatch/not-running'];
    expect([...watch.alarms.keys()].toSorted()).toEqual(
      [...watch.specs.map(({ name }) => name), ...composites].toSorted(),
    );
  });

  it('has the alarms that the app of a settings file has, by the same names', () => {
    const { watch } = own(() => ({}));
    const file = fleet(1, { clusters: [{ name: 'prod', targets }] });
    expect([...watch.alarms.keys()]).toEqual([...appOf(file, checks, unvalidated, null).watch.alarms.keys()]);
  });

  it('has alarms on clusters in nested stacks, made after the schedules', () => {
    const { stack } = own(() => ({}));
    const nested = Template.fromStack(stack).findResources('AWS::CloudFormation::Stack');
    const waits = Object.values(nested).map(({ DependsOn }) => DependsOn as readonly string[]);
    expect(waits.length).toBe(nestedIn(stack).length);
    expect(waits.length).toBeGreaterThan(0);
    expect(waits[0]?.map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(
      checks.map(({ id }) => `Nats${id.replaceAll('-', '')}Schedule`).toSorted(),
    );
  });

  it('tells alarms to a topic of the stack, whose name only CloudFormation knows', () => {
    const { stack } = own((scope) => ({ topics: { critical: new Topic(scope, 'Pages') } }));
    const [{ AlarmActions: composite } = {}] = resources(stack, 'AWS::CloudWatch::CompositeAlarm');
    expect(JSON.stringify(composite)).toContain('"TopicName"');
    const down = nestedIn(stack)
      .flatMap((nested) => resources(nested, 'AWS::CloudWatch::Alarm'))
      .find(({ AlarmName }) => AlarmName === 'nats/prod/NatsServerDown/hub1/critical');
    expect(JSON.stringify(down?.['AlarmActions'])).toMatch(/:sns:.*\{"Ref":"[^"]*Pages\w{8}TopicName"\}/);
    const parameters = Object.values(
      Template.fromStack(stack).findResources('AWS::CloudFormation::Stack'),
    ).flatMap(({ Properties }) =>
      Object.values<unknown>((Properties as { Parameters?: object }).Parameters ?? {}),
    );
    expect(parameters).toContainEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Pages/), 'TopicName'],
    });
    const undelivered = resources(stack, 'AWS::CloudWatch::Alarm').find(
      ({ AlarmName }) => AlarmName === 'nats/nats-cloudwatch/not-delivered/critical',
    );
    expect(undelivered?.['Dimensions']).toEqual([
      { Name: 'TopicName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^Pages/), 'TopicName'] } },
    ]);
  });

  it('names on its dashboard a topic of the stack', () => {
    const { stack } = own((scope) => ({ topics: { findings: new Topic(scope, 'Findings') } }));
    const [{ DashboardBody: body } = {}] = resources(stack, 'AWS::CloudWatch::Dashboard');
    const [text, words] = (body as { 'Fn::Sub': [string, object] })['Fn::Sub'];
    expect(text).toContain('SNS topic **${Known1}**');
    expect(text).not.toContain('Token');
    expect(words).toEqual({
      Known1: { 'Fn::GetAtt': [expect.stringMatching(/^Findings/), 'TopicName'] },
    });
  });

  it('takes topics and keys that are there already by their ARNs', () => {
    const [topicArn, keyArn] = [
      'arn:aws:sns:eu-west-1:123456789012:pages',
      'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
    ];
    const { stack } = own((scope) => ({
      topics: { critical: Topic.fromTopicArn(scope, 'Pages', topicArn) },
      topicsKey: Key.fromKeyArn(scope, 'Key', keyArn),
      logKey: Key.fromKeyArn(scope, 'LogKey', keyArn),
    }));
    expect(
      resources(stack, 'AWS::SNS::Topic').map(({ TopicName, KmsMasterKeyId }) => [TopicName, KmsMasterKeyId]),
    ).toEqual([
      ['nats-cloudwatch-warning', keyArn],
      ['nats-cloudwatch-findings', keyArn],
    ]);
    expect(resources(stack, 'AWS::KMS::Key')).toEqual([]);
    expect(new Set(resources(stack, 'AWS::Logs::LogGroup').map(({ KmsKeyId }) => KmsKeyId))).toEqual(
      new Set([keyArn]),
    );
    expect(resources(stack, 'AWS::CloudWatch::CompositeAlarm')[0]?.['AlarmActions']).toEqual([topicArn]);
  });

  it('lets alarms and logs use keys of the app', () => {
    const { stack } = own((scope) => {
      const key = new Key(scope, 'Key');
      return { topicsKey: key, logKey: key };
    });
    const [{ KeyPolicy } = {}] = resources(stack, 'AWS::KMS::Key');
    const { Statement } = KeyPolicy as { Statement: Readonly<Record<string, unknown>>[] };
    expect(Statement.slice(1)).toEqual([
      expect.objectContaining({
        Sid: 'AlarmsPublish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      }),
      expect.objectContaining({
        Sid: 'LogsOfNatsChecks',
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Condition: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.anything() as unknown },
        },
      }),
    ]);
    expect(JSON.stringify(Statement)).toContain(':log-group:/aws/lambda/nats-cloudwatch-*');
  });

  it('runs functions in private subnets of the VPC, in security groups of the stack, that servers can let in', () => {
    const { stack, watch, made } = own((scope) => {
      const vpc = vpcOf(scope);
      return { vpc, securityGroups: [new SecurityGroup(scope, 'Watchers', { vpc })] };
    });
    const servers = new SecurityGroup(stack, 'Servers', { vpc: made.vpc as IVpc });
    watch.connections.allowTo(servers, Port.tcp(8222), 'NATS monitoring');
    const [{ VpcConfig } = {}] = functionsOf(stack);
    expect(VpcConfig).toEqual({
      SubnetIds: ['1', '2'].map((n) => ({ Ref: expect.stringMatching(`^VpcprivateSubnet${n}`) as string })),
      SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Watchers/), 'GroupId'] }],
    });
    expect(resources(stack, 'AWS::EC2::VPCEndpoint')).toEqual([]);
    expect(resources(stack, 'AWS::EC2::SecurityGroupIngress')).toEqual([
      {
        Description: 'NATS monitoring',
        FromPort: 8222,
        GroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Servers/), 'GroupId'] },
        IpProtocol: 'tcp',
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Watchers/), 'GroupId'] },
        ToPort: 8222,
      },
    ]);
  });

  it('makes endpoints in one subnet of each zone, and a security group, where it is told to', () => {
    const { stack } = own((scope) => ({
      vpc: vpcOf(scope, {
        maxAzs: 2,
        subnetConfiguration: ['a', 'b'].map((name) => ({ name, subnetType: SubnetType.PRIVATE_ISOLATED })),
      }),
      endpoints: true,
    }));
    const inside = ['1', '2'].map((n) => ({ Ref: expect.stringMatching(`^VpcaSubnet${n}Subnet`) as string }));
    const tables = ['1', '2'].map((n) => ({
      Ref: expect.stringMatching(`^VpcaSubnet${n}RouteTable`) as string,
    }));
    expect(
      resources(stack, 'AWS::EC2::VPCEndpoint').map(({ VpcEndpointType, SubnetIds, RouteTableIds }) => [
        ...[VpcEndpointType, SubnetIds, RouteTableIds],
      ]),
    ).toEqual([
      ['Interface', inside, undefined],
      ['Interface', inside, undefined],
      ['Gateway', undefined, tables],
    ]);
    expect(functionsOf(stack)[0]?.['VpcConfig']).toMatchObject({ SubnetIds: inside });
  });

  it('bounds all its roles by a policy of the stack', () => {
    const { stack } = own((scope) => ({
      permissionsBoundary: new ManagedPolicy(scope, 'Boundary', {
        statements: [new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] })],
      }),
    }));
    const bounds = resources(stack, 'AWS::IAM::Role').map(({ PermissionsBoundary }) => PermissionsBoundary);
    expect(new Set(bounds.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(bounds[0]).toEqual({ Ref: expect.stringMatching(/^Boundary/) as string });
  });

  it('tags what it makes, and nothing else of the stack', () => {
    const { stack } = own(
      (scope) => {
        new Topic(scope, 'Other');
        return {};
      },
      { tags: { team: 'platform' } },
    );
    const made = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Topic'));
    const tagged = made.map(({ Properties = {} }) => {
      const { TopicName, Tags } = Properties as Readonly<Record<string, unknown>>;
      return [TopicName, Tags];
    });
    const team = [{ Key: 'team', Value: 'platform' }];
    expect(tagged).toEqual([
      [undefined, undefined],
      ['nats-cloudwatch-critical', team],
      ['nats-cloudwatch-warning', team],
      ['nats-cloudwatch-findings', team],
    ]);
  });

  it('shows in its note what only CloudFormation knows by a name', () => {
    const { watch } = own((scope) => ({ vpc: vpcOf(scope) }));
    const subnet = (n: number) => `<VpcprivateSubnet${n}Subnet\\w{8}>`;
    expect(watch.note).toMatch(
      new RegExp(
        `^Network: the functions run in ${subnet(1)}, ${subnet(2)} of <Vpc\\w{8}>\\. They need$`,
        'm',
      ),
    );
    expect(watch.note).not.toContain('Token');
  });

  it('bundles for each construct of an app its own settings', () => {
    const app = newApp(unvalidated);
    for (const name of ['one', 'two'])
      new NatsWatch(new Stack(app, name), 'Nats', {
        settings: understand({ name, clusters: [{ name, targets }] }, 'settings', checks),
        checks,
      });
    const assets = readdirSync(app.outdir).filter((name) => name.startsWith('asset.'));
    const names = assets.map((asset) => {
      const text = readFileSync(path.join(app.outdir, asset, 'settings.json'), 'utf8');
      return (JSON.parse(text) as { clusters: { name: string }[] }).clusters.map(({ name }) => name);
    });
    expect(names.toSorted()).toEqual([['one'], ['two']]);
  });
});

describe('what is given to the construct is refused by its name:', () => {
  const refusal = (props: (stack: Stack) => Own, more: object = {}) => {
    try {
      own(props, more);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  const network = {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0aaaaaaaaaaaaaaa1'],
    securityGroupIds: ['sg-0123456789abcdef0'],
  };
  const pages = 'arn:aws:sns:eu-west-1:123456789012:pages';

  it.each<[what: string, props: (stack: Stack) => Own, more: object, message: string]>([
    [
      'a VPC of which settings speak too',
      (stack) => ({ vpc: vpcOf(stack) }),
      { network },
      'network: given as vpc too: leave out one of them',
    ],
    [
      'a topic of which settings speak too',
      (stack) => ({ topics: { critical: new Topic(stack, 'Pages') } }),
      { topics: { critical: pages } },
      'topics.critical: given as topics too: leave out one of them',
    ],
    [
      'a security group without a VPC',
      (stack) => ({
        securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
      }),
      {},
      'securityGroups: expected a vpc with it',
    ],
    [
      'public subnets',
      (stack) => ({ vpc: vpcOf(stack), vpcSubnets: { subnetType: SubnetType.PUBLIC } }),
      {},
      'vpcSubnets: public subnets, from which functions reach nothing but the VPC: choose private ones',
    ],
    [
      'a FIFO topic',
      (stack) => ({ topics: { findings: new Topic(stack, 'Findings', { fifo: true }) } }),
      {},
      'topics.findings: a FIFO topic, which takes neither alarms nor findings',
    ],
    [
      'one topic for all alarms',
      (stack) => {
        const topic = new Topic(stack, 'Pages');
        return { topics: { critical: topic, warning: topic } };
      },
      {},
      'topics.warning: the same as topics.critical: that a message was not delivered is told on another topic',
    ],
  ])('%s', (_, props, more, message) => {
    expect(refusal(props, more)).toBe(`NatsWatch:\n  ${message}`);
  });
});
