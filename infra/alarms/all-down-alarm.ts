import { alarmName } from '../../lambdas/engine/alarm-names.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { everyMs } from '../../lambdas/rules/compile.ts';
import { ruleCheck } from '../../lambdas/rules/plan.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import { pages, linkTo } from '../../lambdas/engine/links.ts';
import { alarmDescription } from '../cloudwatch/description.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { serversUp } from '../rules/translate/alarms/alarms.ts';
import { allDownQuery, isSilentOfTogether } from '../rules/translate/alarms/down-together.ts';
import type { AlarmInput } from './alarm-input.ts';

/** The alarms that all servers of a cluster are down at once, where alarms of single servers keep silent about that. */
export const allDownAlarms = (input: AlarmInput): readonly AlarmSpec[] =>
  input.settings.clusters.flatMap((cluster) => {
    const evaluated =
      input.settings.alarms.engine === 'promql' ? queried(cluster, input) : compared(cluster, input);
    return evaluated === null ? [] : [allDownAlarm(cluster, evaluated, input)];
  });

type Evaluated = Pick<
  AlarmSpec,
  'checks' | 'compared' | 'direction' | 'threshold' | 'periodSeconds' | 'evaluationPeriods' | 'missing'
> & {
  /** As soon as the first of those that it speaks for. */
  readonly afterMinutes: number;
};

function compared(cluster: ClusterSettings, input: AlarmInput): Evaluated | null {
  const metric = serversUp(cluster, input);
  if (metric === null) return null;
  const silent = input.translated.specs.filter(
    (spec) =>
      spec.cluster === cluster.name &&
      spec.compared.kind === 'metric' &&
      spec.compared.zeroCountsWhere?.metric.name === metric.name,
  );
  if (silent.length === 0) return null;
  const evaluationPeriods = Math.min(...silent.map((each) => each.evaluationPeriods));
  return {
    checks: [upCheck(input)],
    compared: { kind: 'metric', metric },
    direction: 'below',
    threshold: 1,
    periodSeconds: Math.max(...silent.map((each) => each.periodSeconds)),
    evaluationPeriods,
    missing: 'ignore',
    afterMinutes: evaluationPeriods,
  };
}

function queried({ name }: ClusterSettings, { translated: { plan, specs } }: AlarmInput): Evaluated | null {
  if (!plan.downTogether.includes(name)) return null;
  const pendingSeconds = Math.min(
    ...specs.flatMap((spec) =>
      spec.compared.kind === 'promql' && isSilentOfTogether(spec.compared)
        ? [spec.compared.pendingSeconds]
        : [],
    ),
  );
  return {
    checks: [ruleCheck],
    compared: { kind: 'promql', query: allDownQuery(name), pendingSeconds, recoverySeconds: 0 },
    direction: 'atLeast',
    threshold: 1,
    periodSeconds: everyMs / 1_000,
    evaluationPeriods: 1,
    missing: 'notBreaching',
    afterMinutes: Math.max(Math.ceil(pendingSeconds / 60), 1),
  };
}

/** Which says of each server how it fails. */
const upCheck = ({ checks }: AlarmInput): string =>
  checks.find(({ series }) => series.some((each) => 'saysAllDown' in each && each.saysAllDown))?.id ?? '';

function allDownAlarm(
  cluster: ClusterSettings,
  { afterMinutes, ...evaluated }: Evaluated,
  input: AlarmInput,
): AlarmSpec {
  const { settings } = input;
  const id = upCheck(input);
  return {
    name: alarmName([cluster.name, 'all-servers-down']),
    description: alarmDescription({
      headline: `NATS cluster ${cluster.name} is down: none of its servers has answered for ${plural(afterMinutes, 'minute')}.`,
      meaning:
        'What all of them share has failed, or the way to them: clients are cut off, or the checks alone are. Alarms of single servers keep silent meanwhile.',
      steps:
        'Can clients still connect? If so, look at the way of the checks: security group, route, the monitoring port of the servers. If not: what was changed last (deployment, configuration, certificate), do the hosts and their network run, does DNS know them?',
      finding: `Finding: SERVER_101 of check ${id}, on SNS topic ${settings.name}-findings, says of each server how it fails.`,
      link: linkTo(settings.alarms.readme, id, pages.monitoring),
    }),
    ...evaluated,
    cluster: cluster.name,
    target: null,
    severity: 'critical',
    warmUp: null,
    tags: {
      ...cluster.labels,
      cluster: cluster.name,
      check: evaluated.checks.join(' '),
      severity: 'critical',
    },
  };
}
