import { describe, expect, it } from 'vitest';
import { checks as allChecks } from '../../lambdas/checks/catalogue.ts';
import { deploymentNote } from '../../infra/note.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from './catalogue.ts';
import { refusal, smallest } from './settings-file.ts';
import { fleet, readableOfType, synthesize } from './synth.ts';

const vpc = {
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb2'],
};
const given = { ...vpc, securityGroupIds: ['sg-0123456789abcdef0'] };
const create = { ...vpc, create: true, routeTableIds: ['rtb-0123456789abcdef0'] };
const nat = { ...vpc, nat: true };

/** What is made of a network, and where the functions are. */
function made(network: object, url = 'http://hub1:8222') {
  const clusters = [{ name: 'prod', targets: [{ name: 'hub1', url }] }];
  const stacks = synthesize(fleet(1, { clusters, network }), checks);
  const all = (type: string) => readableOfType(stacks, `AWS::EC2::${type}`);
  return {
    functions: readableOfType(stacks, 'AWS::Lambda::Function').map(({ VpcConfig }) => VpcConfig),
    groups: all('SecurityGroup'),
    rules: all('SecurityGroupIngress'),
    endpoints: all('VPCEndpoint'),
    outputs: stacks[0]?.outputs ?? {},
  };
}
const functionsIn = (...groups: readonly string[]) =>
  checks.map(() => ({ SubnetIds: vpc.subnetIds, SecurityGroupIds: groups }));

const toAws = {
  CidrIp: '0.0.0.0/0',
  Description: 'CloudWatch, SNS, DynamoDB',
  FromPort: 443,
  IpProtocol: 'tcp',
  ToPort: 443,
};
const ofFunctions = {
  GroupDescription: 'NATS checks of nats-cloudwatch',
  VpcId: vpc.vpcId,
  SecurityGroupEgress: [
    {
      CidrIp: '0.0.0.0/0',
      Description: 'Monitoring of NATS servers',
      FromPort: 8222,
      IpProtocol: 'tcp',
      ToPort: 8222,
    },
    toAws,
  ],
};

describe('the network of the functions', () => {
  it('is as the settings name it, and nothing is made', () => {
    expect(made(given)).toMatchObject({
      functions: functionsIn('sg-0123456789abcdef0'),
      groups: [],
      rules: [],
      endpoints: [],
    });
  });

  it('has, where it leads to a NAT gateway, a security group made that lets nobody in', () => {
    const { functions, groups, rules, endpoints, outputs } = made(nat);
    expect({ functions, groups, rules, endpoints }).toEqual({
      functions: functionsIn('<NetworkFunctions.GroupId>'),
      groups: [ofFunctions],
      rules: [],
      endpoints: [],
    });
    expect(outputs['SecurityGroupId']).toMatchObject({
      Description: "Security group of the functions, which the servers' own must let in",
    });
  });

  it('may ask servers by https too, of which one rule speaks', () => {
    expect(made(nat, 'https://hub1').groups).toEqual([{ ...ofFunctions, SecurityGroupEgress: [toAws] }]);
  });

  it('has, where it is created, endpoints beside it, open to the functions alone', () => {
    const { functions, groups, rules, endpoints } = made(create);
    const endpoint = (service: string) => ({
      VpcId: vpc.vpcId,
      ServiceName: `com.amazonaws.REGION.${service}`,
    });
    const inside = (service: string) => ({
      ...endpoint(service),
      VpcEndpointType: 'Interface',
      SubnetIds: vpc.subnetIds,
      SecurityGroupIds: ['<NetworkEndpoints.GroupId>'],
      PrivateDnsEnabled: true,
    });
    expect({ functions, groups, rules, endpoints }).toEqual({
      functions: functionsIn('<NetworkFunctions.GroupId>'),
      groups: [
        ofFunctions,
        {
          GroupDescription: 'Endpoints for the NATS checks of nats-cloudwatch',
          VpcId: vpc.vpcId,
          SecurityGroupEgress: [
            {
              CidrIp: '255.255.255.255/32',
              Description: 'Disallow all traffic',
              FromPort: 252,
              IpProtocol: 'icmp',
              ToPort: 86,
            },
          ],
        },
      ],
      rules: [
        {
          Description: 'NATS checks',
          FromPort: 443,
          GroupId: '<NetworkEndpoints.GroupId>',
          IpProtocol: 'tcp',
          SourceSecurityGroupId: '<NetworkFunctions.GroupId>',
          ToPort: 443,
        },
      ],
      endpoints: [
        inside('monitoring'),
        inside('sns'),
        { ...endpoint('dynamodb'), VpcEndpointType: 'Gateway', RouteTableIds: create.routeTableIds },
      ],
    });
  });

  it('may be created for a security group that is there already', () => {
    const { functions, groups, rules } = made({ ...create, ...given });
    expect(functions).toEqual(functionsIn('sg-0123456789abcdef0'));
    expect(groups.map(({ GroupDescription }) => GroupDescription)).toEqual([
      'Endpoints for the NATS checks of nats-cloudwatch',
    ]);
    expect(rules.map(({ SourceSecurityGroupId }) => SourceSecurityGroupId)).toEqual(given.securityGroupIds);
  });
});

describe('of the network synth tells', () => {
  const told = (network: object) => {
    const input = { checks: allChecks, ...loadSettings(fleet(1, { network })) };
    const lines = deploymentNote(input, alarmSpecs(input), 'eu-west-1').split('\n');
    const from = lines.findIndex((line) => line.startsWith('Network:'));
    return [
      ...lines.slice(from, lines.indexOf('', from)),
      ...lines.filter((line) => line.startsWith('  besides')),
    ];
  };
  const first =
    'Network: the functions run in subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2 of vpc-0123456789abcdef0. They need';
  const servers = (group: string) =>
    `  - to the NATS servers: TCP 8222, allowed in the servers' security group from ${group}`;

  it.each([
    [
      'what it needs, where it is there already',
      given,
      [
        first,
        servers('sg-0123456789abcdef0'),
        '  - interface endpoints com.amazonaws.eu-west-1.monitoring and com.amazonaws.eu-west-1.sns with private DNS,',
        '    open on TCP 443 to sg-0123456789abcdef0',
        "  - a gateway endpoint com.amazonaws.eu-west-1.dynamodb in the subnets' route tables (free)",
        '  or, in place of the endpoints, a NAT gateway. Without either every run times out, and the watchdogs say so.',
        '  besides, if the VPC has neither yet: $29.20 for the two interface endpoints in each subnet, or $32.85 for a NAT gateway',
      ],
    ],
    [
      'what is made, with its price',
      create,
      [
        first,
        servers('the security group that is made for them'),
        '  Made for them: interface endpoints com.amazonaws.eu-west-1.monitoring and com.amazonaws.eu-west-1.sns with private DNS, and a gateway',
        '    endpoint com.amazonaws.eu-west-1.dynamodb in rtb-0123456789abcdef0. A VPC takes each of them once.',
        '  besides, $29.20 for the two interface endpoints in each subnet, which are made',
      ],
    ],
    [
      'that it needs the NAT gateway, with its price',
      nat,
      [
        first,
        servers('the security group that is made for them'),
        '  - the NAT gateway that their subnets lead to. Without it every run times out, and the watchdogs say so.',
        '  besides, $32.85 for the NAT gateway, if nothing else needs it',
      ],
    ],
  ])('%s', (_, network, lines) => {
    expect(told(network)).toEqual(lines);
  });
});

describe('a network that cannot be is refused by its path, with the way out:', () => {
  it.each<[what: string, network: object, message: string]>([
    [
      'neither a security group nor one to make',
      vpc,
      'network.securityGroupIds: expected those of the functions; or have one made, by create: true with the endpoints that they need, by nat: true alone where the subnets lead to a NAT gateway',
    ],
    [
      'the same, in so many words',
      { ...vpc, create: false, nat: false },
      'network.securityGroupIds: expected those of the functions; or have one made, by create: true with the endpoints that they need, by nat: true alone where the subnets lead to a NAT gateway',
    ],
    [
      'endpoints without route tables',
      { ...vpc, create: true },
      "network.routeTableIds: expected the route tables of the subnets, which create enters the endpoint of DynamoDB in: aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=subnet-0aaaaaaaaaaaaaaa1,subnet-0bbbbbbbbbbbbbbb2 --query 'RouteTables[].RouteTableId'",
    ],
    [
      'route tables for nothing',
      { ...given, routeTableIds: ['rtb-0123456789abcdef0'] },
      'network.routeTableIds: only create: true needs them: leave them out',
    ],
    [
      'endpoints beside a NAT gateway',
      { ...create, nat: true },
      'network.nat: with a NAT gateway no endpoints are needed: leave out create, or nat',
    ],
    [
      'what is no id',
      { ...create, routeTableIds: ['main'] },
      'network.routeTableIds[0]: expected an id such as rtb-0123456789abcdef0',
    ],
    ['a word for true', { ...vpc, create: 'yes' }, 'network.create: expected true or false, received "yes"'],
  ])('%s', (_, network, message) => {
    expect(refusal(`${smallest}network: ${JSON.stringify(network)}`)).toBe(`settings.yaml:\n  ${message}`);
  });

  it.each([
    ['what is there', given],
    ['what is made', create],
    ['a NAT gateway', nat],
    ['a NAT gateway and a security group', { ...nat, ...given }],
    ['a group with endpoints made', { ...create, ...given }],
  ])('but not %s', (_, network) => {
    expect(refusal(`${smallest}network: ${JSON.stringify(network)}`)).toBe('accepted');
  });
});
