import type { Check } from '../../../../lambdas/define.ts';
import { ruleAlarmName } from '../../../../lambdas/engine/alarm-names.ts';
import { everyMs, type CompiledAlert } from '../../../../lambdas/rules/compile.ts';
import { ruleCheck, ruleSeries } from '../../../../lambdas/rules/plan.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';
import { targetLabels } from '../../../../lambdas/rules/target-labels.ts';
import type { ClusterSettings } from '../../../../lambdas/settings.ts';
import { exporterName } from '../../../../lambdas/series/find.ts';
import {
  periodSecondsOf,
  type AlarmSpec,
  type Condition,
  type Metric,
  type PagingSeverity,
} from '../../../cloudwatch/alarm-spec.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import { describe } from './describe.ts';
import type { Limited } from '../limits.ts';
import { addressOf, serversOf } from '../../../settings/servers.ts';
import { comparesUp } from '../../../../lambdas/rules/compares-up.ts';
import type { Where } from './headline.ts';
import { missingOf } from './missing.ts';

/** The worst value of a period is what a threshold is about. */
const statistics = { above: 'Maximum', atLeast: 'Maximum', below: 'Minimum', atMost: 'Minimum' } as const;

/** What an alarm of a rule is made of, beside where it stands. */
export type Alarmed = {
  readonly alert: CompiledAlert;
  /** The diagnosis that has its limit, if one does. */
  readonly limited: Limited | null;
  readonly isBuiltIn: boolean;
  /** Its labels as tags and its annotations, without templates, for an alarm of this server or of the cluster. */
  readonly tags: (target: string | null) => Texts;
  readonly annotations: (target: string | null) => Texts;
};

type Place = {
  readonly settings: DeploymentSettings;
  readonly checks: readonly Check[];
  readonly cluster: ClusterSettings;
};

/** The alarms of a rule in a cluster: one for each server that it selects, or one for the cluster. */
export function classicAlarms(alarmed: Alarmed, place: Place): readonly AlarmSpec[] {
  const { alert } = alarmed;
  const targets =
    alert.scope === 'server'
      ? place.cluster.targets.filter(({ name }) => alert.targets.includes(name))
      : [null];
  return alert.targets.length === 0 ? [] : targets.map((target) => classicAlarm(alarmed, place, target));
}

function classicAlarm(
  { alert, limited, isBuiltIn, tags, annotations }: Alarmed,
  { settings, checks, cluster }: Place,
  target: ClusterSettings['targets'][number] | null,
): AlarmSpec {
  const { rule } = alert;
  const publisher = publisherOf(alert, checks);
  const check = publisher?.id ?? ruleCheck;
  const periodSeconds = publisher === null ? everyMs / 1_000 : periodSecondsOf(publisher);
  const place = { cluster: cluster.name, ...(target === null ? {} : { server_id: target.name }) };
  const { severity } = rule;
  const server = target?.name ?? null;
  const { text: description, cut } = describe(
    {
      rule,
      limited,
      isBuiltIn,
      annotations: annotations(server),
      where: whereOf(cluster, target),
      held: rule.forMs > 0 ? Math.ceil(rule.forMs / everyMs) + 1 : null,
      shows: alert.shape.kind,
    },
    { settings, checks },
  );
  return {
    name: ruleAlarmName(
      { place: cluster.name, rule: rule.alarm ?? rule.id, perServer: true },
      server,
      severity,
    ),
    description,
    ...(cut.length === 0 ? {} : { cut }),
    checks: [check],
    cluster: cluster.name,
    target: server,
    severity,
    compared: {
      kind: 'metric',
      metric: metricOf(alert, settings.namespace, place),
      ...unlessAllDown(alert, { settings, checks, cluster }),
    },
    ...(alert.shape.kind === 'boolean'
      ? ({ direction: 'atLeast', threshold: 1 } as const)
      : { direction: alert.shape.direction, threshold: alert.shape.threshold }),
    periodSeconds,
    evaluationPeriods: Math.ceil(((alert.datapoints - 1) * everyMs) / 1_000 / periodSeconds) + 1,
    missing: missingOf(alert),
    warmUp: null,
    tags: tagsOfAlarm(tags(server), { cluster, target, check, severity, rule: rule.id }),
  };
}

const whereOf = (cluster: ClusterSettings, target: ClusterSettings['targets'][number] | null): Where =>
  target === null
    ? { kind: 'clusters', names: [cluster.name] }
    : {
        kind: 'server',
        name: target.name,
        address: addressOf(target),
        instance: targetLabels(cluster, target).instance ?? addressOf(target),
      };

/** The labels of the cluster, then of the server, then of the rule, as Prometheus has them; the deployment's own last. */
export const tagsOfAlarm = (
  ofRule: Texts,
  alarm: {
    readonly cluster: ClusterSettings | null;
    readonly target: ClusterSettings['targets'][number] | null;
    readonly check: string;
    readonly severity: PagingSeverity;
    readonly rule: string;
  },
): Texts => ({
  ...alarm.cluster?.labels,
  ...alarm.target?.labels,
  ...ofRule,
  ...(alarm.cluster === null ? {} : { cluster: alarm.cluster.name }),
  ...(alarm.target === null ? {} : { server_id: alarm.target.name }),
  check: alarm.check,
  severity: alarm.severity,
  rule: alarm.rule,
});

/** While all servers of a cluster are down, one alarm says so, and those of single servers keep their state. */
function unlessAllDown(
  alert: CompiledAlert,
  { settings, checks, cluster }: Place,
): { readonly zeroCountsWhere?: Condition } {
  const metric = serversUp(cluster, { settings, checks });
  if (metric === null || !comparesUp(alert)) return {};
  return { zeroCountsWhere: { metric, atLeast: 1 } };
}

/** How many servers of a cluster are up; null where it has one only, or nothing counts them. */
export function serversUp(
  cluster: ClusterSettings,
  { settings, checks }: Pick<Place, 'settings' | 'checks'>,
): Metric | null {
  const series = checks
    .flatMap((check) => check.series)
    .find((each) => 'saysAllDown' in each && each.saysAllDown);
  if (series === undefined || serversOf(cluster) < 2) return null;
  const { namespace } = settings;
  return { namespace, name: series.name, dimensions: { cluster: cluster.name }, statistic: 'Maximum' };
}

function metricOf({ shape, rule }: CompiledAlert, namespace: string, place: Texts): Metric {
  if (shape.kind === 'plain') {
    const statistic = statistics[shape.direction];
    return { namespace, name: exporterName(shape.series), dimensions: place, statistic };
  }
  const { cluster = '', ...server } = place;
  const statistic = shape.kind === 'boolean' ? 'Maximum' : statistics[shape.direction];
  return { namespace, name: ruleSeries.rule, dimensions: { cluster, rule: rule.id, ...server }, statistic };
}

/** The check that publishes the series of single servers that a plain rule compares; null if none does anyway. */
export function publisherOf({ shape }: CompiledAlert, checks: readonly Check[]): Check | null {
  if (shape.kind !== 'plain') return null;
  const name = exporterName(shape.series);
  const isIt = (each: Check['series'][number]) =>
    each.name === name && each.scope === 'server' && each.by === undefined;
  return checks.find(({ series }) => series.some(isIt)) ?? null;
}
