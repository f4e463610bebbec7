import type { App } from 'aws-cdk-lib';
import { checks as allChecks } from '../lambdas/checks/catalogue.ts';
import type { Check } from '../lambdas/define.ts';
import { alarmGroups, isOfAllClusters } from './alarms/alarm-groups.ts';
import type { AlarmSpec } from './cloudwatch/alarm-spec.ts';
import { alarmSpecs } from './alarms/alarm-specs.ts';
import { functionSize } from './alarms/function-size.ts';
import type { LoadedSettings } from './settings.ts';
import { AlarmsStack } from './stacks/alarms-stack.ts';
import { ChecksStack } from './stacks/checks-stack.ts';

/**
 * The stacks of a deployment: the checks, then each cluster's alarms, then those on queries over all clusters.
 * @param asset folder with the bundled handler
 * @throws AlarmError if two alarms have one name, or there are more than stacks hold
 */
export function deployment(
  app: App,
  { settings, translated }: Pick<LoadedSettings, 'settings' | 'translated'>,
  asset: string,
  checks: readonly Check[] = allChecks,
) {
  const specs: readonly AlarmSpec[] = alarmSpecs({ checks, settings, translated });
  const checksStack = new ChecksStack(app, `${settings.name}-checks`, {
    description: 'NATS checks: functions, schedules, memory, topics',
    checks,
    settings,
    asset,
    sizeOf: (check) => functionSize(check, { settings, translated }),
    watchdogs: specs.filter((spec) => spec.cluster === null && !isOfAllClusters(spec)),
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
