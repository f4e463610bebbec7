import type { ClusterFacts, Diagnosis, Severity } from '../define.ts';

/** Alarm names, shared by the stack that makes alarms and the findings that name them. */
export const alarmName = (parts: readonly string[]): string => ['nats', ...parts].join('/');

/** The alarm of a diagnosis' rule: `nats/prod/NatsHighNumberOfConnections/hub1/warning`. */
export function ruleAlarmName(
  cluster: string,
  rule: NonNullable<Diagnosis['rule']>,
  target: string | null,
  severity: Severity,
): string {
  return alarmName([
    cluster,
    rule.alert,
    ...(rule.per === 'server' && target !== null ? [target] : []),
    severity,
  ]);
}

/** The alarm on a check's open findings: `nats/prod/stale-connections/findings/warning`. */
export const findingsAlarmName = (cluster: string, check: string, severity: Severity): string =>
  alarmName([cluster, check, 'findings', severity]);

/** The alarm that a check's function did not run: `nats/nats-cloudwatch-stale-connections/not-running`. */
export const watchdogAlarmName = (functionName: string): string => alarmName([functionName, 'not-running']);

/** The rule whose alarm pages for a finding of this limit, if it is deployed for the cluster. */
export function coveringRule(
  diagnosis: Pick<Diagnosis, 'rule'>,
  limitName: string,
  facts: ClusterFacts,
): Diagnosis['rule'] {
  const { rule } = diagnosis;
  return rule?.limit === limitName && (rule.where?.(facts) ?? true) ? rule : undefined;
}
