import type { App } from 'aws-cdk-lib';
import { checks as allChecks } from '../lambdas/catalogue.ts';
import type { Check } from '../lambdas/define.ts';
import { alarmGroups } from './alarms/alarm-groups.ts';
import type { AlarmSpec } from './alarms/alarm-spec.ts';
import { alarmSpecs } from './alarms/alarm-specs.ts';
import type { LoadedSettings } from './settings.ts';
import { AlarmsStack } from './stacks/alarms-stack.ts';
import { ChecksStack } from './stacks/checks-stack.ts';

/**
 * The stacks of a deployment: the checks, then each cluster's alarms.
 * @param asset folder with the bundled handler
 * @throws AlarmError if a rule cannot be an alarm
 */
export function deployment(
  app: App,
  { settings, book }: LoadedSettings,
  asset: string,
  checks: readonly Check[] = allChecks,
) {
  const specs: readonly AlarmSpec[] = alarmSpecs({ checks, settings, book });
  const checksStack = new ChecksStack(app, `${settings.name}-checks`, {
    description: 'NATS checks: functions, schedules, memory, topics',
    checks,
    settings,
    asset,
    watchdogs: specs.filter(({ cluster }) => cluster === null),
  });
  // One after the other, as `alarmGroups` asks; also, CloudWatch takes few PutMetricAlarm requests a second.
  const alarmStacks: AlarmsStack[] = [];
  for (const group of alarmGroups(specs)) {
    const stack = new AlarmsStack(app, `${settings.name}-${group.id}`, {
      description: 'NATS alarms',
      deployment: settings.name,
      specs: group.specs,
    });
    stack.addStackDependency(alarmStacks.at(-1) ?? checksStack);
    alarmStacks.push(stack);
  }
  return { specs, checksStack, alarmStacks };
}
