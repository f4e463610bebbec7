import { NestedStack, Stack, type CfnResource } from 'aws-cdk-lib';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { alarm } from './alarm.ts';
import { muteRules, type MuteRule } from './mute-rules.ts';
import { topicArn } from './topics.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';

type Deployed = Pick<DeploymentSettings, 'name' | 'topics'>;

type AlarmGroupsProps = {
  readonly deployed: Deployed;
  /** Alarms by nested stack; those of one wave are deployed together. */
  readonly waves: readonly (readonly { readonly id: string; readonly specs: readonly AlarmSpec[] }[])[];
  /** They name alarms of these groups and of those before them. */
  readonly mutes: readonly MuteRule[];
  /** What the first wave waits for. */
  readonly after: readonly CfnResource[];
};

export type AlarmGroups = {
  readonly alarms: readonly CfnAlarm[];
  /** What has to be there for all of them to be there. */
  readonly last: readonly CfnResource[];
};

/**
 * Alarms on clusters, in nested stacks, so that an update takes away those of what has left the settings. One wave comes
 * after the other, because CloudWatch takes few PutMetricAlarm requests a second.
 */
export function alarmGroups(
  scope: Construct,
  { deployed, waves, mutes, after }: AlarmGroupsProps,
): AlarmGroups {
  const alarms: CfnAlarm[] = [];
  let last = after;
  const follow = (resource: CfnResource) =>
    last.forEach((before) => {
      resource.addResourceDependency(before);
    });
  for (const wave of waves) {
    const made = wave.flatMap(({ id, specs }) => {
      const nested = new NestedStack(scope, id, { suppressTemplateIndentation: true });
      alarms.push(...addAlarms(nested, deployed, specs));
      const resource = nested.nestedStackResource;
      if (resource === undefined) return [];
      follow(resource);
      return [resource];
    });
    last = made;
  }
  muteRules(scope, deployed.name, mutes).forEach(follow);
  return { alarms, last };
}

/** Alarms that name their topics' ARNs, so that their stack can be deployed and removed by itself. */
export function addAlarms(
  stack: Stack,
  deployed: Deployed,
  specs: readonly AlarmSpec[],
): readonly CfnAlarm[] {
  const parent = new Construct(stack, 'Alarms');
  return specs.map((spec) => alarm(parent, spec, topicArn(stack, deployed, spec.severity)));
}
