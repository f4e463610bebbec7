import { AlarmError, type AlarmInput, type AlarmSpec } from './alarm-spec.ts';
import { findingsAlarms } from './findings-alarms.ts';
import { ruleAlarms } from './rule-alarms.ts';
import { watchdogAlarm } from './watchdog-alarm.ts';

/**
 * Every alarm of a deployment: those of rules, of open findings, and a watchdog for each check.
 * @throws AlarmError if a rule cannot be an alarm, or two alarms would have one name
 */
export function alarmSpecs(input: AlarmInput): readonly AlarmSpec[] {
  const specs = input.checks.flatMap((check) => [
    ...ruleAlarms(check, input),
    ...findingsAlarms(check, input),
    watchdogAlarm(check, input),
  ]);
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (seen.has(name)) throw new AlarmError(`two alarms would be named ${name}`);
    seen.add(name);
  }
  return specs;
}
