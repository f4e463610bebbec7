import { AlarmError, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { AlarmInput } from './alarm-input.ts';
import { deliveryAlarms } from './delivery-alarms.ts';
import { findingsAlarms } from './findings-alarms.ts';
import { watchdogAlarm } from './watchdog-alarm.ts';

/**
 * Every alarm of a deployment: those of rules, of each check on its open findings and on its function, and on messages that are
 * not delivered.
 * @throws AlarmError if two alarms would have one name
 */
export function alarmSpecs(input: AlarmInput): readonly AlarmSpec[] {
  const specs = [
    ...input.translated.specs,
    ...input.checks.flatMap((check) => [...findingsAlarms(check, input), watchdogAlarm(check, input)]),
    ...deliveryAlarms(input),
  ];
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (seen.has(name)) throw new AlarmError(`two alarms would be named ${name}`);
    seen.add(name);
  }
  return specs;
}
