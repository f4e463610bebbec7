import type { Mute } from '../../lambdas/ports.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { isOfFunction } from './alarm-groups.ts';

/** CloudWatch's limit of a mute rule. */
const mostAlarms = 100;

/**
 * Names of the alarms that a mute is about, in lists as long as a mute rule takes: of its clusters, the alarms of its
 * checks and those of rules that page for its diagnoses. Never what is of no cluster: that a function does not run, or a
 * message is not delivered, is not what anybody expects of a maintenance. An alarm over all clusters is not muted for some,
 * nor one of several checks for one of them: findings of that one do not count in it.
 */
export function mutedAlarms(
  { clusters, checks, diagnoses }: Pick<Mute, 'clusters' | 'checks' | 'diagnoses'>,
  specs: readonly AlarmSpec[],
  covers: RulePlan['covers'],
): readonly (readonly string[])[] {
  const ofRules = (cluster: string) =>
    Object.entries(covers[cluster] ?? {}).flatMap(([diagnosis, bySeverity]) =>
      diagnoses?.includes(diagnosis)
        ? Object.values(bySeverity).map(({ place, rule }) => `nats/${place}/${rule}/`)
        : [],
    );
  const names = specs.flatMap((spec) => {
    const { name, cluster, checks: own } = spec;
    if (isOfFunction(spec) || (cluster === null ? clusters !== null : clusters?.includes(cluster) === false))
      return [];
    const isAll = checks === null && diagnoses === null;
    const isOf =
      (checks !== null && own.every((check) => checks.includes(check))) ||
      (cluster !== null && ofRules(cluster).some((beginning) => name.startsWith(beginning)));
    return isAll || isOf ? [name] : [];
  });
  return Array.from({ length: Math.ceil(names.length / mostAlarms) }, (_, i) =>
    names.slice(i * mostAlarms, (i + 1) * mostAlarms),
  );
}

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/** When a mute holds, as CloudWatch's mute rules write it. */
export function muteSchedule({ when }: Pick<Mute, 'when'>): {
  readonly expression: string;
  readonly duration: string;
  readonly timezone: string;
} {
  const spanMs = when.kind === 'window' ? when.until - when.from : when.spanMs;
  const duration = `PT${Math.round(spanMs / 60_000)}M`;
  if (when.kind === 'window')
    return { expression: `at(${new Date(when.from).toISOString().slice(0, 16)})`, duration, timezone: 'UTC' };
  const { days, minute, timezone } = when;
  const on = days.length === 7 ? '*' : days.map((day) => weekdays[day] ?? '').join(',');
  return { expression: `cron(${minute % 60} ${Math.floor(minute / 60)} * * ${on})`, duration, timezone };
}
