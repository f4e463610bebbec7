import { notSentAlarmName } from '../../../../lambdas/engine/alarm-names.ts';
import { everyMs } from '../../../../lambdas/rules/compile.ts';
import { ruleCheck, ruleSeries } from '../../../../lambdas/rules/plan.ts';
import type { ClusterSettings } from '../../../../lambdas/settings.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import type { AlarmSpec } from '../../../cloudwatch/alarm-spec.ts';
import { alarmDescription } from '../../../cloudwatch/description.ts';

/** A series that has not come for five minutes has ended for PromQL: alarms on it have recovered by then. */
const minutesWithoutSamples = 3;

/** The alarm that a cluster's series do not reach CloudWatch's OTLP endpoint: to a PromQL alarm missing data is a recovery. */
export function notSentAlarm(settings: DeploymentSettings, cluster: ClusterSettings): AlarmSpec {
  const place = { cluster: cluster.name };
  const tags = { check: ruleCheck, severity: 'critical' } as const;
  return {
    name: notSentAlarmName(cluster.name, ruleCheck),
    description: alarmDescription({
      title: `CloudWatch gets no series of cluster ${cluster.name}, which the alarms of rules are about.`,
      why: 'To a PromQL alarm a series that ends has recovered: while none comes, rules page for nothing.',
      remedy: `Read the log of check ${ruleCheck}: the endpoint monitoring.REGION.amazonaws.com may be unreachable, or refuse what is sent. Where no server could be asked or found there is nothing to send: check server-up says so (SERVER_114, CLUSTER_103). That its function does not run at all its watchdog says.`,
      anchor: `${settings.alarms.readme}#${ruleCheck}`,
    }),
    check: ruleCheck,
    cluster: cluster.name,
    target: null,
    severity: 'critical',
    compared: {
      kind: 'metric',
      metric: {
        namespace: settings.namespace,
        name: ruleSeries.sent,
        dimensions: place,
        statistic: 'Maximum',
      },
    },
    direction: 'below',
    threshold: 1,
    periodSeconds: everyMs / 1_000,
    evaluationPeriods: minutesWithoutSamples,
    missing: 'breaching',
    warmUp: { minutes: settings.alarms.warmUp / 60_000, whole: false },
    tags: { ...cluster.labels, ...place, ...tags },
  };
}
