import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ClusterSettings } from '../../lambdas/settings.ts';

/** What AWS takes of an account, in dollars a month. */
export const dashboardPrice = { free: 3, each: 3 } as const;
/** By default as many as cost no more than one that is paid. */
const mostByDefault = dashboardPrice.free + 1;

/** Whether clusters have a dashboard: all, none, or as many as cost little, the first of the settings. */
export const dashboardSetting = z
  .union([z.boolean(), z.literal('auto')], { error: 'expected true, false or auto' })
  .default('auto');

type Settings<Cluster> = {
  readonly dashboard: z.output<typeof dashboardSetting>;
  readonly clusters: readonly Cluster[];
};

export function withDashboard<Cluster>({ dashboard, clusters }: Settings<Cluster>): readonly Cluster[] {
  if (dashboard === 'auto') return clusters.slice(0, mostByDefault);
  return dashboard ? clusters : [];
}

/** Dashboards that are paid, where the account has no others. */
export const paidDashboards = (dashboards: number): number => Math.max(0, dashboards - dashboardPrice.free);

/** A name as CloudWatch takes it: letters, digits, `-` and `_`. */
export function dashboardName(deployment: string, { name }: Pick<ClusterSettings, 'name'>): string {
  const fit = name.replaceAll('.', '_');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${deployment}-${fit}${fit === name ? '' : `-${hash}`}`;
}
