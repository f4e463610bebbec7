import { notSentAlarmName } from '../../../../lambdas/engine/alarm-names.ts';
import { everyMs } from '../../../../lambdas/rules/compile.ts';
import { ruleCheck, ruleSeries } from '../../../../lambdas/rules/plan.ts';
import type { ClusterSettings } from '../../../../lambdas/settings.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import { functionName, type AlarmSpec } from '../../../cloudwatch/alarm-spec.ts';
import { alarmDescription } from '../../../cloudwatch/description.ts';
import { linkTo, pages } from '../../../../lambdas/engine/links.ts';

/** A series that has not come for five minutes has ended for PromQL: alarms on it have recovered by then. */
const minutesWithoutSamples = 3;

/** The alarm that a cluster's series do not reach CloudWatch's OTLP endpoint: to a PromQL alarm missing data is a recovery. */
export function notSentAlarm(settings: DeploymentSettings, cluster: ClusterSettings): AlarmSpec {
  const place = { cluster: cluster.name };
  const tags = { check: ruleCheck, severity: 'critical' } as const;
  return {
    name: notSentAlarmName(cluster.name, ruleCheck),
    description: alarmDescription({
      headline: `NATS cluster ${cluster.name}: its rules cannot fire, as CloudWatch has got no series of its servers for ${minutesWithoutSamples} minutes.`,
      meaning:
        'Rules are PromQL alarms here, and to those a series that ends has recovered: while none comes, they page for nothing.',
      steps: `Read the log of function ${functionName(settings.name, ruleCheck)}: the endpoint monitoring.REGION.amazonaws.com may be unreachable, or refuse what is sent.`,
      finding: `Finding: where no server could be asked or found, check server-up says so on SNS topic ${settings.name}-findings (SERVER_114, CLUSTER_103).`,
      link: linkTo(settings.alarms.readme, ruleCheck, pages.monitoring),
    }),
    checks: [ruleCheck],
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
    // Of a function that does not run its watchdog tells.
    missing: 'ignore',
    warmUp: null,
    tags: { ...cluster.labels, ...place, ...tags },
  };
}
