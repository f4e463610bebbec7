import { checks } from '../../lambdas/checks/catalogue.ts';
import { alarmSpecs } from '../alarms/alarm-specs.ts';
import { understand } from '../settings.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import { monthlyCost } from './cost.ts';

type Alarms = DeploymentSettings['alarms'];
export type Fleet = {
  readonly name: string;
  readonly clusters: readonly { readonly name: string; readonly targets: readonly object[] }[];
};

const cluster = (name: string, servers: number) => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({ name: `n${i}`, url: `http://${name}-n${i}:8222` })),
});
const clusters = (count: number, servers: number) =>
  Array.from({ length: count }, (_, i) => cluster(`c${i}`, servers));

/** Fleets whose cost is told release by release, with every check and the built-in rules. */
export const fleets: readonly Fleet[] = [
  { name: '2 servers', clusters: clusters(1, 2) },
  { name: '3 servers', clusters: clusters(1, 3) },
  { name: '20 servers', clusters: clusters(1, 20) },
  { name: '100 servers', clusters: clusters(1, 100) },
  { name: '300 servers in 3 clusters', clusters: clusters(3, 100) },
  { name: '40 clusters of 3 servers', clusters: clusters(40, 3) },
];

/** Each topic has a reader: what is not delivered has alarms. */
const subscriptions = ['critical', 'warning', 'findings'].map((topic) => ({
  ...{ topic, protocol: 'email', endpoint: 'nats-team@example.com' },
}));

/** Dollars a month by list price, beside the network. */
export function fleetCost(
  { clusters: watched }: Fleet,
  alarms: Partial<Pick<Alarms, 'engine' | 'per'>>,
): number {
  const input = { checks, ...understand({ clusters: watched, alarms, subscriptions }, 'a fleet') };
  return monthlyCost(input, alarmSpecs(input)).list;
}
