import type { ClusterSettings } from '../../lambdas/settings.ts';

/** Behind a DNS name of which settings do not say how many to expect. */
export const assumedBehindName = 3;

type Cluster = Pick<ClusterSettings, 'targets' | 'dnsTargets'>;

/** How many servers a cluster has: what batches, memory and cost are reckoned with. Behind a DNS name as many as are expected. */
export const serversOf = ({ targets, dnsTargets }: Cluster): number =>
  dnsTargets.reduce((sum, { expect = assumedBehindName }) => sum + expect, targets.length);

export const serversIn = (clusters: readonly Cluster[]): number =>
  clusters.reduce((sum, cluster) => sum + serversOf(cluster), 0);

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Where a server's monitoring port is: `hub1.nats.example:8222`. */
export function addressOf({ url }: Pick<ClusterSettings['targets'][number], 'url'>): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (defaultPorts[protocol] ?? '')}`;
}

/** Places in the list of targets of those whose names and URLs settings have. */
export function placesOfTargets({ targets, dnsTargets }: Cluster): readonly number[] {
  const found = dnsTargets.map(({ place }) => place);
  return Array.from({ length: targets.length + found.length }, (_, place) => place).filter(
    (place) => !found.includes(place),
  );
}
