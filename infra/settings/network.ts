import * as z from 'zod';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import { once } from './once.ts';

/** An id as EC2 gives them: `vpc-0123456789abcdef0`. */
const id = (prefix: string) => {
  const pattern = new RegExp(`^${prefix}-[0-9a-f]{8,17}$`);
  const expected = `expected an id such as ${prefix}-0123456789abcdef0`;
  return z.string(expected).regex(pattern, expected);
};

/** Where the functions run, and what is made there for them. */
export const networkSettings = z
  .strictObject(
    {
      vpcId: id('vpc'),
      subnetIds: once(id('subnet')).min(1).max(16),
      /** Of the functions; made where there are none. */
      securityGroupIds: once(id('sg')).min(1).max(5).optional(),
      /** Whether the endpoints that the functions need are made. */
      create: z.boolean().optional(),
      /** Of the subnets: in them DynamoDB's endpoint is entered. */
      routeTableIds: once(id('rtb')).min(1).optional(),
      /** Whether the subnets lead to a NAT gateway, so that no endpoints are needed. */
      nat: z.boolean().optional(),
      /** Whether the VPC has the endpoints: so it is too where security groups are named and nothing is said. */
      existing: z.boolean().optional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type'
          ? 'expected vpcId and subnetIds, and one of create: true, existing: true, nat: true'
          : undefined,
    },
  )
  .superRefine(({ subnetIds, securityGroupIds, create, routeTableIds, nat, existing }, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const [creates, leadsOut, exists] = [create === true, nat === true, existing === true];
    if (creates && leadsOut)
      refuse('nat', 'with a NAT gateway no endpoints are needed: leave out create, or nat');
    else if (exists && (creates || leadsOut)) {
      refuse(
        'existing',
        creates
          ? 'the endpoints are there, or are to be made: leave out create, or existing'
          : 'with a NAT gateway no endpoints are needed: leave out existing, or nat',
      );
    } else if (creates && routeTableIds === undefined)
      refuse(
        'routeTableIds',
        'expected the route tables of the subnets, which create enters the endpoint of DynamoDB in: ' +
          `aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=${subnetIds.join(',')} --query 'RouteTables[].RouteTableId'`,
      );
    else if (!creates && routeTableIds !== undefined)
      refuse('routeTableIds', 'only create: true needs them: leave them out');
    else if (!creates && !leadsOut && !exists && securityGroupIds === undefined)
      refuse(
        'securityGroupIds',
        'expected those of the functions; or have one made, by create: true with the endpoints that they need, ' +
          'by existing: true where the VPC has those, by nat: true where the subnets lead to a NAT gateway',
      );
  });

export type NetworkSettings = z.output<typeof networkSettings>;

const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80);

/** The ports on which servers are asked, in order. */
export function monitoringPorts(
  clusters: readonly Pick<ClusterSettings, 'targets' | 'dnsTargets'>[],
): readonly number[] {
  const all = clusters.flatMap(({ targets, dnsTargets }) => [
    ...targets.map(({ url }) => portOf(new URL(url))),
    ...dnsTargets.map(({ port }) => port),
  ]);
  return [...new Set(all)].sort((a, b) => a - b);
}
