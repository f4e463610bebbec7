import type { App, Stack } from 'aws-cdk-lib';
import { checks as allChecks } from '../lambdas/checks/catalogue.ts';
import type { Check } from '../lambdas/define.ts';
import { alarmStacks, isOfFunction } from './alarms/alarm-groups.ts';
import { placeOf, type AlarmSpec } from './cloudwatch/alarm-spec.ts';
import { alarmSpecs, compositeSpecs } from './alarms/alarm-specs.ts';
import { muteSchedule, mutedAlarms } from './alarms/muted-alarms.ts';
import { functionSize } from './cost/function-size.ts';
import type { LoadedSettings } from './settings.ts';
import { AlarmsStack } from './stacks/alarms-stack.ts';
import { ChecksStack } from './stacks/checks-stack.ts';

/**
 * The stacks of a deployment: the checks, then the alarms on clusters. The alarms' stacks come one after the other, as
 * `alarmStacks` asks, and have nothing in them where no alarm is placed there.
 * @param asset folder with the bundled handler
 * @throws AlarmError if two alarms have one name, or there are more than stacks hold
 */
export function deployment(
  app: App,
  { settings, book, translated }: Pick<LoadedSettings, 'settings' | 'book' | 'translated'>,
  asset: string,
  checks: readonly Check[] = allChecks,
) {
  const input = { checks, settings, book, translated };
  const specs: readonly AlarmSpec[] = alarmSpecs(input);
  const composites = compositeSpecs(input);
  const checksStack = new ChecksStack(app, `${settings.name}-checks`, {
    description: 'NATS checks: functions, schedules, memory, topics',
    checks,
    settings,
    asset,
    sizeOf: (check) => functionSize(check, { settings, translated }),
    watchdogs: specs.filter(isOfFunction),
    composites,
    places: [...specs, ...composites].map(placeOf),
  });
  let before: Stack = checksStack;
  const mutes = settings.mute.flatMap((mute) =>
    mutedAlarms(mute, specs, translated.plan.covers).map((alarmNames) => ({
      ...{ why: mute.why, alarmNames, schedule: muteSchedule(mute) },
    })),
  );
  const alarmsStacks = alarmStacks(specs, settings.alarms.stacks).map(({ id, waves }, i, all) => {
    const stack = new AlarmsStack(app, `${settings.name}-${id}`, {
      description: 'NATS alarms',
      deployed: settings,
      waves,
      mutes: i === all.length - 1 ? mutes : [],
    });
    stack.addStackDependency(before);
    before = stack;
    return stack;
  });
  return { specs, checksStack, alarmsStacks };
}
