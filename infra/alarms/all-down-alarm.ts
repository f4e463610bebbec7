import { alarmName } from '../../lambdas/engine/alarm-names.ts';
import { plural } from '../../lambdas/engine/format.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import { pages, linkTo } from '../cloudwatch/links.ts';
import { alarmDescription } from '../cloudwatch/description.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { serversUp } from '../rules/translate/alarms/alarms.ts';
import type { AlarmInput } from './alarm-input.ts';

/** The alarms that all servers of a cluster are down at once, where alarms of single servers keep silent about that. */
export const allDownAlarms = (input: AlarmInput): readonly AlarmSpec[] =>
  input.settings.clusters.flatMap((cluster) => {
    const metric = serversUp(cluster, input);
    if (metric === null) return [];
    const silent = input.translated.specs.filter(
      ({ cluster: own, compared }) =>
        own === cluster.name &&
        compared.kind === 'metric' &&
        compared.zeroCountsWhere?.metric.name === metric.name,
    );
    return silent.length === 0 ? [] : [allDownAlarm(cluster, metric, silent, input)];
  });

function allDownAlarm(
  cluster: ClusterSettings,
  metric: NonNullable<ReturnType<typeof serversUp>>,
  silent: readonly AlarmSpec[],
  { settings, checks }: AlarmInput,
): AlarmSpec {
  const id = checks.find(({ series }) => series.some(({ name }) => name === metric.name))?.id ?? '';
  // As soon as the first of those that it speaks for.
  const evaluationPeriods = Math.min(...silent.map((each) => each.evaluationPeriods));
  return {
    name: alarmName([cluster.name, 'all-servers-down']),
    description: alarmDescription({
      headline: `NATS cluster ${cluster.name} is down: none of its servers has answered for ${plural(evaluationPeriods, 'minute')}.`,
      meaning:
        'What all of them share has failed, or the way to them: clients are cut off, or the checks alone are. Alarms of single servers keep silent meanwhile.',
      steps:
        'Can clients still connect? If so, look at the way of the checks: security group, route, the monitoring port of the servers. If not: what was changed last (deployment, configuration, certificate), do the hosts and their network run, does DNS know them?',
      finding: `Finding: SERVER_101 of check ${id}, on SNS topic ${settings.name}-findings, says of each server how it fails.`,
      link: linkTo(settings.alarms.readme, id, pages.monitoring),
    }),
    checks: [id],
    cluster: cluster.name,
    target: null,
    severity: 'critical',
    compared: { kind: 'metric', metric },
    direction: 'below',
    threshold: 1,
    periodSeconds: Math.max(...silent.map((each) => each.periodSeconds)),
    evaluationPeriods,
    missing: 'ignore',
    warmUp: null,
    tags: { ...cluster.labels, cluster: cluster.name, check: id, severity: 'critical' },
  };
}
