import { AlarmError, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { CompositeSpec } from '../cloudwatch/composite-alarm.ts';
import { allDownAlarms } from './all-down-alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { deliveryAlarms } from './delivery-alarms.ts';
import { findingsAlarms } from './findings-alarms.ts';
import { stoppedAlarms } from './stopped-alarms.ts';
import { watchdogAlarm } from './watchdog-alarm.ts';

/**
 * Every alarm of a deployment that compares metrics: those of rules, of clusters that are down as a whole, of open findings,
 * of each check's function, and on messages that are not delivered.
 * @throws AlarmError if two alarms would have one name
 */
export function alarmSpecs(input: AlarmInput): readonly AlarmSpec[] {
  const specs = [
    ...input.translated.specs,
    ...allDownAlarms(input),
    ...findingsAlarms(input),
    ...watchdogsOf(input),
    ...deliveryAlarms(input),
  ];
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (seen.has(name)) throw new AlarmError(`two alarms would be named ${name}`);
    seen.add(name);
  }
  return specs;
}

/**
 * Every alarm of a deployment that is made of others.
 * @throws AlarmError if one would be made of too many
 */
export const compositeSpecs = (input: AlarmInput): readonly CompositeSpec[] =>
  stoppedAlarms(watchdogsOf(input), input);

const watchdogsOf = (input: AlarmInput): readonly AlarmSpec[] =>
  input.checks.map((check) => watchdogAlarm(check, input));
