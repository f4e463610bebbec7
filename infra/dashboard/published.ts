import type { Series } from '../../lambdas/define.ts';
import type { Unit } from '../../lambdas/limits.ts';
import { everyMs } from '../../lambdas/rules/compile.ts';
import { planFor } from '../../lambdas/rules/plan.ts';
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

/** The checks' headline series. */
export function headlines({ checks }: Pick<AlarmInput, 'checks'>): readonly Published[] {
  const all = checks.flatMap((check) =>
    check.series.map(({ name, scope, by = null, addsUp, unit, help }): Published => ({
      ...{ name, scope, by, unit, help },
      statistic: addsUp === true ? 'Sum' : 'Maximum',
      periodSeconds: periodSecondsOf(check),
    })),
  );
  return [...new Map(all.map((series) => [`${series.name} ${series.scope}`, series])).values()];
}

/** Series of servers that alarms of rules compare as they are, and that no check publishes anyway. */
export const ofRules = ({ translated }: AlarmInput, cluster: string): readonly Published[] =>
  planFor(translated.plan, cluster).series.map((name) => ({
    ...{ name, scope: 'server', by: null, unit: null, help: name },
    statistic: 'Maximum',
    periodSeconds: everyMs / 1_000,
  }));
