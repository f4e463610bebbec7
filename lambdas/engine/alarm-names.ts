import type { CheckGroup, ClusterFacts, Diagnosis, RuleAlarm, Severity } from '../define.ts';

/** Alarm names, shared by the stack that makes alarms and the findings that name them. */
export const alarmName = (parts: readonly string[]): string => ['nats', ...parts].join('/');

/** A rule's alarm: `nats/prod/NatsHighNumberOfConnections/hub1/warning`. */
export const ruleAlarmName = (
  { place, rule, perServer }: RuleAlarm,
  target: string | null,
  severity: Severity,
): string => alarmName([place, rule, ...(perServer && target !== null ? [target] : []), severity]);

/** The alarm on the open findings of a group of checks: `nats/prod/connections/findings/warning`. */
export const findingsAlarmName = (cluster: string, group: CheckGroup, severity: Severity): string =>
  alarmName([cluster, group, 'findings', severity]);

/** The alarm on the open findings of several groups, each a contributor of its own: `nats/prod/findings/warning`. */
export const findingsQueryAlarmName = (cluster: string, severity: Severity): string =>
  alarmName([cluster, 'findings', severity]);

/**
 * The alarm that a check's function did not run: `nats/nats-cloudwatch-stale-connections/not-running`, or
 * `nats/nats-cloudwatch-stale-connections/3-batches/not-running`.
 */
export const watchdogAlarmName = (functionName: string, batches: number): string =>
  alarmName([functionName, ...(batches === 1 ? [] : [`${batches}-batches`]), 'not-running']);

/** The alarm that rules' series do not reach CloudWatch's OTLP endpoint: `nats/prod/rule-series/not-sent`. */
export const notSentAlarmName = (cluster: string, check: string): string =>
  alarmName([cluster, check, 'not-sent']);

/** The rule's alarm that pages for findings of this limit and severity, if there is one in the cluster. */
export const coveringAlarm = (
  { id, rule }: Pick<Diagnosis, 'id' | 'rule'>,
  limitName: string,
  severity: Severity,
  { covered }: Pick<ClusterFacts, 'covered'>,
): RuleAlarm | undefined => (rule?.limit === limitName ? covered[id]?.[severity] : undefined);
