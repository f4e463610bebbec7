import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { cdk } from '../infra/deploy.ts';
import { askCloudFormation, liveTemplate } from '../infra/live-stacks.ts';
import { awsEndpoint, unsigned } from '../infra/unsigned.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/** What a team has before: a VPC whose subnets lead nowhere, a security group of servers, a topic. */
function before(region: string): string {
  const vpc = { Ref: 'Vpc' };
  const Tags = [{ Key: 'Name', Value: 'messaging' }];
  const subnets = ['a', 'b'].flatMap((zone, i) => [
    [
      `Subnet${zone}`,
      {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: vpc, CidrBlock: `10.0.${i}.0/24`, AvailabilityZone: `${region}${zone}` },
      },
    ],
    [
      `Way${zone}`,
      {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: `Subnet${zone}` }, RouteTableId: { Ref: 'Table' } },
      },
    ],
  ]);
  return JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16', Tags } },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: vpc } },
      ...(Object.fromEntries(subnets) as object),
      Servers: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupName: 'nats-servers', GroupDescription: 'NATS servers', VpcId: vpc },
      },
      Pages: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'pages' } },
    },
  });
}

let moto: Moto;
let note: string;
beforeAll(async () => {
  moto = await borrowMoto();
  await askCloudFormation(aws(), {
    Action: 'CreateStack',
    StackName: 'before',
    TemplateBody: before(moto.region),
  });
  // Without the flags of this project's cdk.json.
  const elsewhere = temporaryFolder('own-stack');
  const app = `${process.execPath} ${path.resolve('test/deployment/own-stack/app.ts')}`;
  await cdk(moto, elsewhere, ['bootstrap', `aws://${moto.account}/${moto.region}`]);
  note = await cdk(moto, elsewhere, [
    ...['deploy', '--all', '--require-approval', 'never', '--progress', 'events'],
    ...['--app', app],
  ]);
});
afterAll(() => moto.stop());

const aws = () => awsEndpoint(moto);
const ec2 = (action: string) =>
  unsigned(aws(), 'ec2', '/', {
    method: 'POST',
    body: new URLSearchParams({ Action: action, Version: '2016-11-15' }).toString(),
  });
const texts = (xml: string, tag: string) =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text ?? '');

describe('the example of a stack of one’s own, deployed', () => {
  it('has a function for each check, in the VPC of the stack', async () => {
    const { Functions } = JSON.parse(await unsigned(aws(), 'lambda', '/2015-03-31/functions/')) as {
      Functions: { FunctionName: string; VpcConfig: { SubnetIds: string[]; SecurityGroupIds: string[] } }[];
    };
    expect(Functions.map(({ FunctionName }) => FunctionName).toSorted()).toEqual(
      checks.map(({ id }) => `nats-cloudwatch-${id}`).toSorted(),
    );
    const subnets = new Set(Functions.flatMap(({ VpcConfig }) => VpcConfig.SubnetIds));
    const { Resources } = await liveTemplate(aws(), 'messaging');
    const servers = Object.values(Resources).filter(({ Type }) => Type === 'AWS::EC2::SecurityGroupIngress');
    const vpcs = texts(await ec2('DescribeSubnets'), 'subnetId');
    expect([subnets.size, [...subnets].filter((id) => !vpcs.includes(id))]).toEqual([2, []]);
    const rules = servers.map(
      ({ Properties }) => `${String(Properties?.['Description'])}: ${String(Properties?.['ToPort'])}`,
    );
    expect(rules.toSorted()).toEqual(['NATS checks: 443', 'NATS monitoring: 8222']);
  });

  it('has the endpoints that functions need without a way out', async () => {
    const services = texts(await ec2('DescribeVpcEndpoints'), 'serviceName');
    expect(services.toSorted()).toEqual(
      ['dynamodb', 'monitoring', 'sns'].map((service) => `com.amazonaws.${moto.region}.${service}`),
    );
  });

  it('makes the topics that it is not given, and encrypts them and the logs with the key that it is given', async () => {
    const { Resources } = await liveTemplate(aws(), 'messaging');
    const of = (type: string, ...keys: readonly string[]) =>
      Object.values(Resources)
        .filter(({ Type }) => Type === type)
        .map(({ Properties }) => keys.map((key) => Properties?.[key]));
    const key = `arn:aws:kms:${moto.region}:${moto.account}:key/01234567-89ab-cdef-0123-456789abcdef`;
    expect(of('AWS::SNS::Topic', 'TopicName', 'KmsMasterKeyId')).toEqual([
      ['nats-cloudwatch-warning', key],
      ['nats-cloudwatch-findings', key],
    ]);
    expect(of('AWS::Logs::LogGroup', 'KmsKeyId')).toEqual(checks.map(() => [key]));
    expect(of('AWS::KMS::Key')).toEqual([]);
  });

  it('told what it costs and makes', () => {
    expect(note).toMatch(/^nats-cloudwatch: \d+ checks, 1 server in 1 cluster, \d+ alarms$/m);
    expect(note).toMatch(/besides, \$29\.20 for the two interface endpoints in each subnet, which are made/);
  });
});
