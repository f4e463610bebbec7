import { Stack } from 'aws-cdk-lib';
import {
  CfnVPCEndpoint,
  Peer,
  Port,
  SecurityGroup,
  Vpc,
  type ISecurityGroup,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { monitoringPorts } from '../settings/network.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';

/** Where the functions run; null outside any VPC. */
export type FunctionNetwork = {
  readonly subnetIds: readonly string[];
  readonly securityGroups: readonly ISecurityGroup[];
} | null;

/** The functions' place in a VPC: the security groups of the settings or one of their own, and the endpoints if they are wanted. */
export function functionNetwork(
  scope: Construct,
  { name, network, clusters }: Pick<DeploymentSettings, 'name' | 'network' | 'clusters'>,
): FunctionNetwork {
  if (network === undefined) return null;
  const { vpcId, subnetIds, securityGroupIds, create, routeTableIds = [] } = network;
  const parent = new Construct(scope, 'Network');
  // Nothing is asked of it but its id, so that no VPC is looked up.
  const vpc = Vpc.fromVpcAttributes(parent, 'Vpc', { vpcId, availabilityZones: ['unasked'] });
  const securityGroups = securityGroupIds?.map((id, i) =>
    SecurityGroup.fromSecurityGroupId(parent, `Given${i + 1}`, id),
  ) ?? [functionsGroup(parent, vpc, name, monitoringPorts(clusters))];
  if (create === true) endpoints(parent, vpc, { name, subnetIds, routeTableIds, from: securityGroups });
  return { subnetIds, securityGroups };
}

const https = Port.tcp(443);

/** It lets the functions ask servers and AWS, nobody ask them. The VPC's own DNS is reached past any group. */
function functionsGroup(parent: Construct, vpc: IVpc, name: string, ports: readonly number[]) {
  const group = new SecurityGroup(parent, 'Functions', {
    vpc,
    description: `NATS checks of ${name}`,
    allowAllOutbound: false,
  });
  for (const port of ports.filter((each) => each !== 443))
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'Monitoring of NATS servers');
  group.addEgressRule(Peer.anyIpv4(), https, 'CloudWatch, SNS, DynamoDB');
  return group;
}

type EndpointsOf = {
  readonly name: string;
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  /** Who may use them. */
  readonly from: readonly ISecurityGroup[];
};

/** What functions ask of AWS, without a way to the internet. DynamoDB's costs nothing. */
function endpoints(
  parent: Construct,
  vpc: IVpc,
  { name, subnetIds, routeTableIds, from }: EndpointsOf,
): void {
  const group = new SecurityGroup(parent, 'Endpoints', {
    vpc,
    description: `Endpoints for the NATS checks of ${name}`,
    allowAllOutbound: false,
  });
  for (const each of from) group.addIngressRule(each, https, 'NATS checks');
  const { region } = Stack.of(parent);
  const serviceName = (service: string) => `com.amazonaws.${region}.${service}`;
  for (const service of ['monitoring', 'sns'])
    new CfnVPCEndpoint(parent, service, {
      vpcId: vpc.vpcId,
      vpcEndpointType: 'Interface',
      serviceName: serviceName(service),
      subnetIds: [...subnetIds],
      securityGroupIds: [group.securityGroupId],
      privateDnsEnabled: true,
    });
  new CfnVPCEndpoint(parent, 'dynamodb', {
    vpcId: vpc.vpcId,
    vpcEndpointType: 'Gateway',
    serviceName: serviceName('dynamodb'),
    routeTableIds: [...routeTableIds],
  });
}
