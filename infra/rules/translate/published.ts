import type { Check } from '../../../lambdas/define.ts';
import { isOwn, ruleSeries, type Compared, type PublishedSeries } from '../../../lambdas/rules/plan.ts';
import type { AlarmSpec, Metric } from '../../cloudwatch/alarm-spec.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import { shownSeries } from '../../settings/publish.ts';

/**
 * Of the checks' series what is published: what alarms compare, and what settings ask for beside it; null for all. With the
 * engine promql what is shown goes where rules read the exporter's series: those it has from there.
 */
export function publishedOf(
  { publish, alarms: { engine } }: Pick<DeploymentSettings, 'publish' | 'alarms'>,
  checks: readonly Check[],
  specs: readonly AlarmSpec[],
): readonly PublishedSeries[] | null {
  if (publish === 'all') return null;
  const compared = new Set(specs.flatMap((spec) => metricsOf(spec).map(({ name }) => name)));
  const asked = publish === 'shown' ? [] : publish;
  const names = new Set(checks.flatMap(({ series }) => series.map(({ name }) => name)));
  return [...names].flatMap((name): readonly PublishedSeries[] => {
    if (asked.includes(name)) return [{ name, as: 'observed' }];
    const isShown =
      publish === 'shown' && shownSeries.includes(name) && (engine === 'classic' || isOwn(name));
    return [
      ...(compared.has(name) ? [{ name, as: 'compared' } as const] : []),
      ...(isShown ? [{ name, as: 'shown' } as const] : []),
    ];
  });
}

function metricsOf({ compared }: AlarmSpec): readonly Metric[] {
  if (compared.kind === 'promql') return [];
  if (compared.kind === 'expression') return Object.values(compared.metrics);
  return [compared.metric, ...(compared.zeroCountsWhere ? [compared.zeroCountsWhere.metric] : [])];
}

/** What these alarms compare series with, each once. */
export function comparedOf(specs: readonly AlarmSpec[]): readonly Compared[] {
  const all = specs.flatMap((spec): readonly Compared[] => {
    const { compared, direction, threshold, periodSeconds, evaluationPeriods } = spec;
    if (compared.kind !== 'metric' || compared.metric.name === ruleSeries.sent) return [];
    const { name, dimensions } = compared.metric;
    const datapoints = (evaluationPeriods * periodSeconds) / 60;
    return [{ name, rule: dimensions['rule'] ?? null, direction, threshold, datapoints }];
  });
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
