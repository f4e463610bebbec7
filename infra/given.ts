import { Stack, Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SettingsError, type SettingsProblem } from '../lambdas/settings.ts';
import type { DeploymentSettings } from './settings/deployment.ts';
import type { NetworkSettings } from './settings/network.ts';
import { topics, type Topic } from './settings/subscriptions.ts';
import { givenTwice } from './settings/topics.ts';

/** What a stack of one's own has as constructs, in place of what settings name by ids. */
export type Given = {
  /** In place of `network`. */
  readonly vpc?: IVpc;
  /** Private ones by default. */
  readonly vpcSubnets?: SubnetSelection;
  /** Of the functions; one is made by default. */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** Whether endpoints of CloudWatch, SNS and DynamoDB are made in the VPC; without them it needs them already, or a NAT gateway. */
  readonly endpoints?: boolean;
  /** In place of `topics`. Their own policies must let CloudWatch publish. */
  readonly topics?: Partial<Readonly<Record<Topic, ITopic>>>;
  /** In place of `topics.key`: that encrypts the topics. */
  readonly topicsKey?: IKey;
  /** In place of `logKey`. */
  readonly logKey?: IKey;
  /** In place of `roles.permissionsBoundary`. */
  readonly permissionsBoundary?: IManagedPolicy;
};

/**
 * Settings that name what is given, by ids that may be tokens.
 * @throws SettingsError for what settings name too, and for a VPC that functions cannot run in
 */
export function settingsWith(stack: Stack, settings: DeploymentSettings, given: Given): DeploymentSettings {
  const problems = [...namedTwice(settings, given), ...misplaced(given), ...unfitTopics(given.topics)];
  if (problems.length > 0) throw new SettingsError('NatsWatch', problems);
  const { vpc, topicsKey, logKey, permissionsBoundary } = given;
  return {
    ...settings,
    ...(vpc && { network: networkOf(vpc, given) }),
    topics: {
      ...settings.topics,
      ...topicArns(stack, given.topics),
      ...(topicsKey && { key: topicsKey.keyArn }),
    },
    ...(logKey && { logKey: logKey.keyArn }),
    roles: {
      ...settings.roles,
      ...(permissionsBoundary && { permissionsBoundary: permissionsBoundary.managedPolicyArn }),
    },
  };
}

function namedTwice(settings: DeploymentSettings, given: Given): readonly SettingsProblem[] {
  const once = (path: readonly string[], named: unknown, prop: keyof Given, value: unknown) =>
    named === undefined || value === undefined
      ? []
      : [{ path, message: `given as ${prop} too: leave out one of them` }];
  return [
    ...once(['network'], settings.network, 'vpc', given.vpc),
    ...topics.flatMap((topic) =>
      once(['topics', topic], settings.topics[topic], 'topics', given.topics?.[topic]),
    ),
    ...once(['topics', 'key'], settings.topics.key, 'topicsKey', given.topicsKey),
    ...once(['logKey'], settings.logKey, 'logKey', given.logKey),
    ...once(
      ['roles', 'permissionsBoundary'],
      settings.roles.permissionsBoundary,
      'permissionsBoundary',
      given.permissionsBoundary,
    ),
  ];
}

const unfitTopics = (given: Given['topics'] = {}): readonly SettingsProblem[] => [
  ...topics.flatMap((topic) =>
    given[topic]?.fifo === true
      ? [{ path: ['topics', topic], message: 'a FIFO topic, which takes neither alarms nor findings' }]
      : [],
  ),
  ...givenTwice(given).map(({ topic, message }) => ({ path: ['topics', topic], message })),
];

function misplaced(given: Given): readonly SettingsProblem[] {
  const { vpc, vpcSubnets } = given;
  if (vpc === undefined)
    return (['vpcSubnets', 'securityGroups', 'endpoints'] as const).flatMap((prop) =>
      given[prop] === undefined ? [] : [{ path: [prop], message: 'expected a vpc with it' }],
    );
  const open = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));
  return vpc.selectSubnets(vpcSubnets).subnetIds.some((id) => open.has(id))
    ? [
        {
          path: ['vpcSubnets'],
          message: 'public subnets, from which functions reach nothing but the VPC: choose private ones',
        },
      ]
    : [];
}

function networkOf(vpc: IVpc, { vpcSubnets, securityGroups, endpoints = false }: Given): NetworkSettings {
  // A VPC takes an endpoint in one subnet of an availability zone.
  const { subnets, subnetIds } = vpc.selectSubnets({ ...vpcSubnets, ...(endpoints && { onePerAz: true }) });
  const tables = () => [...new Set(subnets.map(({ routeTable }) => routeTable.routeTableId))];
  return {
    vpcId: vpc.vpcId,
    subnetIds,
    ...(securityGroups && { securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId) }),
    ...(endpoints ? { create: true, routeTableIds: tables() } : {}),
  };
}

/** By the topic's name where it is known only to CloudFormation: settings have names of topics from their ARNs. */
const topicArns = (stack: Stack, given: Given['topics'] = {}): Partial<Record<Topic, string>> =>
  Object.fromEntries(
    Object.entries(given).map(([topic, { topicArn, topicName }]) => [
      topic,
      Token.isUnresolved(topicArn) ? stack.formatArn({ service: 'sns', resource: topicName }) : topicArn,
    ]),
  );
