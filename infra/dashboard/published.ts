import type { Series } from '../../lambdas/define.ts';
import type { Unit } from '../../lambdas/limits.ts';
import { everyMs } from '../../lambdas/rules/compile.ts';
import { isOwn, planFor, shownEveryMs, type PublishedSeries } from '../../lambdas/rules/plan.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { periodSecondsOf, type Metric } from '../cloudwatch/alarm-spec.ts';

/** A series that CloudWatch has of a cluster: metrics that differ in server and word alone. */
export type Published = {
  readonly name: string;
  readonly scope: Series['scope'];
  readonly by: NonNullable<Series['by']> | null;
  readonly statistic: Metric['statistic'];
  /** How often there is a datapoint. */
  readonly periodSeconds: number;
  /** Null for what rules read. */
  readonly unit: Unit | null;
  readonly help: string;
};

/** The checks' headline series that have a datapoint often enough to be drawn, as metrics. */
export function headlines({
  checks,
  translated,
}: Pick<AlarmInput, 'checks' | 'translated'>): readonly Published[] {
  const { published, engine } = translated.plan;
  const waysOf = (name: string): readonly PublishedSeries['as'][] =>
    published === null ? ['observed'] : published.filter((each) => each.name === name).map(({ as }) => as);
  const all = checks.flatMap((check) =>
    check.series.flatMap((series) =>
      waysOf(series.name).flatMap((as): readonly Published[] => {
        const { name, scope, by = null, addsUp, unit, help } = series;
        if (engine === 'promql' && isOwn(name)) return [];
        const statistic = addsUp === true ? 'Sum' : 'Maximum';
        const own = periodSecondsOf(check);
        if (as === 'observed') return [{ name, scope, by, unit, help, statistic, periodSeconds: own }];
        if (as === 'compared') return [];
        const isMost = scope === 'server' && addsUp !== true;
        return [
          {
            ...{ name, scope: 'cluster', by, unit, statistic },
            help: isMost ? `${help}; of the server that has most` : help,
            periodSeconds: addsUp === true ? own : Math.max(own, shownEveryMs / 1_000),
          },
        ];
      }),
    ),
  );
  return [...new Map(all.map((series) => [`${series.name} ${series.scope}`, series])).values()];
}

/** Series of servers that alarms of rules compare as they are, and that no check publishes anyway: where they are in each minute. */
export const ofRules = ({ translated: { plan } }: AlarmInput, cluster: string): readonly Published[] =>
  (plan.published === null ? planFor(plan, cluster).series : []).map((name) => ({
    ...{ name, scope: 'server', by: null, unit: null, help: name },
    statistic: 'Maximum',
    periodSeconds: everyMs / 1_000,
  }));
