import type { Check, ClusterFacts, Diagnosis, Series } from '../../lambdas/define.ts';
import { coveringRule, ruleAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { formatValue } from '../../lambdas/engine/format.ts';
import type { Direction, Limit } from '../../lambdas/engine/limits.ts';
import { factsOf, type ClusterSettings } from '../../lambdas/settings.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import {
  AlarmError,
  pagingSeverities,
  periodSecondsOf,
  type AlarmInput,
  type AlarmSpec,
} from './alarm-spec.ts';
import { alarmDescription } from './description.ts';

/** The worst value of a period is what a limit is about. */
const statistics = { above: 'Maximum', atLeast: 'Maximum', below: 'Minimum', atMost: 'Minimum' } as const;
/** CloudWatch's limit on period times datapoints, for periods under an hour. */
const mostSeconds = 86_400;
const words: Record<Direction, string> = {
  above: 'above',
  atLeast: 'at least',
  below: 'below',
  atMost: 'at most',
};

/**
 * The alarms of a check's rules: one a server or cluster and severity, where settings leave the limit a level.
 * @throws AlarmError if a rule names a limit or a series that is not there to compare
 */
export function ruleAlarms(check: Check, input: AlarmInput): readonly AlarmSpec[] {
  return check.diagnoses.flatMap((diagnosis) => {
    const { rule } = diagnosis;
    if (rule === undefined) return [];
    const series = ruleSeries(check, diagnosis, rule);
    const { limits, for: hold } = input.book.get(diagnosis.id) ?? {
      limits: diagnosis.limits,
      for: diagnosis.for,
    };
    const limit = limits[rule.limit];
    if (limit === undefined)
      throw new AlarmError(`${diagnosis.id}: its rule ${rule.alert} names no limit of it: ${rule.limit}`);
    return input.settings.clusters.flatMap((cluster) => {
      const facts = factsOf(input.settings, cluster);
      if (coveringRule(diagnosis, rule.limit, facts) === undefined) return [];
      const targets = rule.per === 'server' ? cluster.targets : [null];
      return targets.flatMap((target) =>
        ruleAlarm({ check, diagnosis, rule, series, limit, hold, cluster, facts, target }, input),
      );
    });
  });
}

type Rule = NonNullable<Diagnosis['rule']>;
type One = {
  readonly check: Check;
  readonly diagnosis: Diagnosis;
  readonly rule: Rule;
  readonly series: Series;
  readonly limit: Limit;
  readonly hold: number;
  readonly cluster: ClusterSettings;
  readonly facts: ClusterFacts;
  readonly target: ClusterSettings['targets'][number] | null;
};

function ruleAlarm(one: One, { settings }: AlarmInput): readonly AlarmSpec[] {
  const { check, diagnosis, rule, series, limit, hold, cluster, target } = one;
  const periodSeconds = periodSecondsOf(check);
  // Prometheus fires once the condition has held over `for`: at one-minute steps, `for: 5m` is six in a row.
  const evaluationPeriods = Math.ceil(hold / 1_000 / periodSeconds) + 1;
  if (evaluationPeriods * periodSeconds > mostSeconds) {
    throw new AlarmError(
      `${diagnosis.id}: its rule ${rule.alert} holds for ${formatDuration(hold)}; an alarm looks back a day at most (limits.${diagnosis.id}.for)`,
    );
  }
  const where = `${target === null ? '' : `server ${target.name} of `}cluster ${cluster.name}`;
  const place = { cluster: cluster.name, ...(target === null ? {} : { server_id: target.name }) };
  return pagingSeverities.flatMap((severity): AlarmSpec[] => {
    const threshold = limit.levels[severity];
    if (threshold === undefined) return [];
    const held = hold > 0 ? ` for ${formatDuration(hold)}` : '';
    const crossed = `${limit.of} ${words[limit.direction]} ${formatValue(threshold, limit.unit)}${held}`;
    return [
      {
        name: ruleAlarmName(cluster.name, rule, target?.name ?? null, severity),
        description: alarmDescription({
          title: `${diagnosis.title} (${diagnosis.id}, ${rule.alert}), ${where}: ${crossed}.`,
          why: diagnosis.why,
          remedy: diagnosis.remedy,
          anchor: `${settings.alarms.readme}#${check.id}`,
        }),
        check: check.id,
        cluster: cluster.name,
        target: target?.name ?? null,
        severity,
        compared: {
          kind: 'metric',
          metric: {
            namespace: settings.namespace,
            name: series.name,
            dimensions: place,
            statistic: statistics[limit.direction],
          },
        },
        direction: limit.direction,
        threshold,
        periodSeconds,
        evaluationPeriods,
        missing: rule.missing,
        warmUp:
          rule.missing === 'breaching' ? { minutes: settings.alarms.warmUp / 60_000, whole: false } : null,
        tags: { ...cluster.labels, ...target?.labels, ...place, check: check.id, severity },
      },
    ];
  });
}

function ruleSeries(check: Check, diagnosis: Diagnosis, rule: Rule): Series {
  const where = `${diagnosis.id}: its rule ${rule.alert}`;
  const named = check.series.filter(({ name }) => name === rule.series);
  const series = named.find(({ scope }) => scope === rule.per);
  if (named.length === 0)
    throw new AlarmError(`${where} compares ${rule.series}, which check ${check.id} does not publish`);
  if (series === undefined) throw new AlarmError(`${where} is per ${rule.per}, but ${rule.series} is not`);
  if (series.by !== undefined) {
    throw new AlarmError(
      `${where} compares ${rule.series}, which has a value per ${series.by.label}, and names none`,
    );
  }
  return series;
}
