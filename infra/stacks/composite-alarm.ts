import { CfnCompositeAlarm, type CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ruleText, type CompositeSpec } from '../cloudwatch/composite-alarm.ts';

/** The composite alarms of specs, made after the alarms that they name; one that suppresses another comes before it. */
export function compositeAlarms(
  scope: Construct,
  specs: readonly CompositeSpec[],
  children: readonly CfnAlarm[],
  topicOf: (spec: CompositeSpec) => string,
): readonly CfnCompositeAlarm[] {
  const made = new Map<string, CfnCompositeAlarm>();
  for (const spec of specs) {
    const { name, suppressor } = spec;
    const topic = topicOf(spec);
    const alarm = new CfnCompositeAlarm(scope, name, {
      alarmName: name,
      alarmDescription: spec.description,
      alarmRule: ruleText(spec),
      alarmActions: [topic],
      okActions: [topic],
      ...(suppressor && {
        actionsSuppressor: suppressor.name,
        actionsSuppressorWaitPeriod: suppressor.waitSeconds,
        actionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
      }),
      tags: Object.entries(spec.tags).map(([key, value]) => ({ key, value })),
    });
    for (const child of children) alarm.addResourceDependency(child);
    const other = made.get(suppressor?.name ?? '');
    if (other !== undefined) alarm.addResourceDependency(other);
    made.set(name, alarm);
  }
  return [...made.values()];
}
