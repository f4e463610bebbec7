import { compositeSpecs } from './alarms/alarm-specs.ts';
import { monthlyCost, type MonthlyCost } from './cost/cost.ts';
import type { AlarmInput } from './alarms/alarm-input.ts';
import { toldOn } from './alarms/delivery-alarms.ts';
import { quotaWarnings } from './cost/quotas.ts';
import { amount, dollars, worthALine } from './cost/table.ts';
import { pagingSeverities, type AlarmSpec, type PagingSeverity } from './cloudwatch/alarm-spec.ts';
import { inline, plural } from '../lambdas/engine/format.ts';
import type { DeploymentSettings } from './settings/deployment.ts';
import { dashboardName, dashboardPrice, paidDashboards, withDashboard } from './settings/dashboards.ts';
import { monitoringPorts, type NetworkSettings } from './settings/network.ts';
import { rulesCount, rulesTable } from './rules/table.ts';
import { assumedBehindName, serversIn } from './settings/servers.ts';
import { sharedUrls } from './shared-urls.ts';

/** What a person who deploys should know, printed at synth. Pure. */
export function deploymentNote(input: AlarmInput, specs: readonly AlarmSpec[], region: string): string {
  const { checks, settings, translated } = input;
  const cost = monthlyCost(input, specs);
  const { clusters, network, subscriptions } = settings;
  const table = rulesTable(translated);
  const counts = [
    plural(checks.length, 'check'),
    `${plural(serversIn(clusters), 'server')} in ${plural(clusters.length, 'cluster')}`,
    plural(specs.length + compositeSpecs(input).length, 'alarm'),
  ];
  return [
    `${settings.name}: ${counts.join(', ')}`,
    rulesCount(translated.rules),
    ...table,
    '',
    ...(network ? inVpc(network, clusters, region) : outsideVpc),
    '',
    ...costLines(cost, network),
    ...dashboards(settings),
    ...foundByName(settings),
    ...quotaWarnings({ settings, translated }, specs).flatMap((each) => ['', `Quota: ${each}.`]),
    ...sharedUrls(settings).flatMap((each) => ['', `Settings: ${each}.`]),
    ...(subscriptions.length === 0
      ? ['', 'No subscriptions: alarms and findings reach nobody. Add some to the settings.']
      : unheard(settings).flatMap((each) => ['', `Subscriptions: ${each}.`])),
    '',
  ].join('\n');
}

/** Topics of alarms whose failing readers nobody else would hear of. */
function unheard({ subscriptions, topics: existing }: DeploymentSettings): readonly string[] {
  const readers = (topic: PagingSeverity) =>
    new Set(subscriptions.flatMap((each) => (each.topic === topic ? [each.endpoint] : [])));
  return pagingSeverities.flatMap((topic) => {
    const [own, way] = [readers(topic), toldOn[topic]];
    if (own.size === 0 || existing[way] !== undefined || readers(way).difference(own).size > 0) return [];
    return [
      `if messages of topic ${topic} are not delivered, topic ${way} says so, which has no other reader: subscribe one`,
    ];
  });
}

/** Which clusters have a dashboard, and what more of them would cost. */
function dashboards(settings: DeploymentSettings): readonly string[] {
  const { clusters, name, dashboard } = settings;
  const shown = withDashboard(settings);
  const left = clusters.length - shown.length;
  const names = `Dashboards: ${inline(
    shown.map((cluster) => dashboardName(name, cluster)),
    5,
  )}.`;
  if (left === 0) return ['', names];
  const forAll = dollars(paidDashboards(clusters.length) * dashboardPrice.each);
  return dashboard === 'auto'
    ? [
        '',
        `${names} ${plural(left, 'cluster has', 'clusters have')} none: dashboard: true gives all one, for ${forAll} a month.`,
      ]
    : ['', 'Dashboards: none, by the settings.'];
}

/** What stands behind DNS names, as far as settings tell. */
function foundByName({ clusters }: DeploymentSettings): readonly string[] {
  const names = clusters.flatMap(({ name: cluster, dnsTargets }) =>
    dnsTargets.map(({ dns, port, expect }) => {
      const counted =
        expect === undefined
          ? `taken for ${assumedBehindName} servers; with expect, one that is gone is a finding`
          : plural(expect, 'server');
      return `  ${dns}:${port} of cluster ${cluster}: ${counted}`;
    }),
  );
  return names.length === 0
    ? []
    : ['', 'Servers found by name, whose rules have an alarm a cluster:', ...names];
}

function inVpc(
  network: NetworkSettings,
  clusters: DeploymentSettings['clusters'],
  region: string,
): readonly string[] {
  const { vpcId, subnetIds, securityGroupIds, create, nat } = network;
  const groups = securityGroupIds?.join(', ') ?? 'the security group that is made for them';
  const service = (name: string) => `com.amazonaws.${region}.${name}`;
  return [
    `Network: the functions run in ${subnetIds.join(', ')} of ${vpcId}. They need`,
    `  - to the NATS servers: TCP ${monitoringPorts(clusters).join(', ')}, allowed in the servers' security group from ${groups}`,
    ...(create === true
      ? [
          `  Made for them: interface endpoints ${service('monitoring')} and ${service('sns')} with private DNS, and a gateway`,
          `    endpoint ${service('dynamodb')} in ${network.routeTableIds?.join(', ')}. A VPC takes each of them once.`,
        ]
      : nat === true
        ? [
            '  - the NAT gateway that their subnets lead to. Without it every run times out, and the watchdogs say so.',
          ]
        : [
            `  - interface endpoints ${service('monitoring')} and ${service('sns')} with private DNS,`,
            `    open on TCP 443 to ${groups}`,
            `  - a gateway endpoint ${service('dynamodb')} in the subnets' route tables (free)`,
            '  or, in place of the endpoints, a NAT gateway. Without either every run times out, and the watchdogs say so.',
          ]),
  ];
}

const outsideVpc = [
  'Network: none in the settings, so the functions run outside your VPCs and reach',
  '  only public addresses. NATS monitoring has no login and should not have one of',
  '  those: set network.vpcId, subnetIds and securityGroupIds.',
];

function costLines(
  { lines, list, afterFreeTier, network: besides }: MonthlyCost,
  network: NetworkSettings | undefined,
): readonly string[] {
  return [
    `Cost: about ${dollars(list)} a month by us-east-1 list prices, ${dollars(afterFreeTier)} where the account's free tier is unused:`,
    ...lines
      .filter(worthALine)
      .map((line) => `  ${dollars(line.list).padStart(9)}  ${line.item}, ${amount(line.quantity)}`),
    ...(besides && network ? [`  besides, ${networkCost(besides, network)}`] : []),
  ];
}

function networkCost(
  { endpoints, natGateway }: NonNullable<MonthlyCost['network']>,
  { create, nat }: NetworkSettings,
): string {
  const ofEndpoints = `${dollars(endpoints)} for the two interface endpoints in each subnet`;
  if (create === true) return `${ofEndpoints}, which are made`;
  if (nat === true) return `${dollars(natGateway)} for the NAT gateway, if nothing else needs it`;
  return `if the VPC has neither yet: ${ofEndpoints}, or ${dollars(natGateway)} for a NAT gateway`;
}
