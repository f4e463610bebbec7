import type { ClusterSettings } from '../../lambdas/settings.ts';

/** Behind a DNS name of which settings do not say how many to expect. */
export const assumedBehindName = 3;

/** How many servers a cluster has: what memory and cost are reckoned with. Behind a DNS name as many as are expected. */
export const serversOf = ({ targets, dnsTargets }: Pick<ClusterSettings, 'targets' | 'dnsTargets'>): number =>
  dnsTargets.reduce((sum, { expect = assumedBehindName }) => sum + expect, targets.length);
