import type { Check } from '../../../../lambdas/define.ts';
import { ruleAlarmName } from '../../../../lambdas/engine/alarm-names.ts';
import { everyMs } from '../../../../lambdas/rules/compile.ts';
import { ruleCheck, type PlannedAlert } from '../../../../lambdas/rules/plan.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';
import type { ClusterSettings } from '../../../../lambdas/settings.ts';
import type { AlarmSpec } from '../../../cloudwatch/alarm-spec.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import { tagsOfAlarm } from './alarms.ts';
import { describe } from './describe.ts';
import { unlessTogether } from './down-together.ts';
import type { Limited } from '../limits.ts';

export type Queried = {
  readonly rule: PlannedAlert;
  /** The rule's expression, recorded names inlined. */
  readonly query: string;
  /** Whether it is silent about servers that went down with all others of their cluster. */
  readonly isSilentOfTogether: boolean;
  readonly limited: Limited | null;
  readonly isBuiltIn: boolean;
  readonly tags: Texts;
  /** Its annotations without templates. */
  readonly annotations: Texts;
};

/** The cluster of a query; null where it asks for the series of several. */
const clusterOfQueries = ({ clusters }: DeploymentSettings): ClusterSettings | null =>
  clusters.length === 1 ? (clusters[0] ?? null) : null;

/** What the names of PromQL alarms have in a cluster's place. */
export const placeOfQueries = (settings: DeploymentSettings): string =>
  clusterOfQueries(settings)?.name ?? settings.name;

/** The alarm of a rule: one for all clusters, because its expression, kept word for word, asks for the series of all. */
export function promqlAlarm(
  { rule, query, isSilentOfTogether, limited, isBuiltIn, tags, annotations }: Queried,
  settings: DeploymentSettings,
  checks: readonly Check[],
): AlarmSpec {
  const cluster = clusterOfQueries(settings);
  const { id, alarm = id, severity, forMs, keepFiringForMs } = rule;
  const { text: description, cut } = describe(
    {
      rule,
      limited,
      isBuiltIn,
      annotations,
      where: { kind: 'clusters', names: settings.clusters.map(({ name }) => name) },
      held: forMs > 0 ? Math.ceil(forMs / everyMs) : null,
      shows: 'query',
    },
    { settings, checks },
  );
  return {
    name: ruleAlarmName({ place: placeOfQueries(settings), rule: alarm, perServer: false }, null, severity),
    description,
    ...(cut.length === 0 ? {} : { cut }),
    checks: [ruleCheck],
    cluster: cluster?.name ?? null,
    target: null,
    severity,
    compared: {
      kind: 'promql',
      query: isSilentOfTogether ? `${query}${unlessTogether}` : query,
      pendingSeconds: Math.ceil(forMs / 1_000),
      recoverySeconds: Math.ceil(keepFiringForMs / 1_000),
    },
    direction: 'atLeast',
    threshold: 1,
    periodSeconds: everyMs / 1_000,
    evaluationPeriods: 1,
    missing: 'notBreaching',
    warmUp: null,
    tags: tagsOfAlarm(tags, { cluster, target: null, check: ruleCheck, severity, rule: id }),
  };
}
