import { NestedStack, Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { alarm } from './alarm.ts';
import { addDashboards, type Dashboard } from './dashboards.ts';
import { muteRules, type MuteRule } from './mute-rules.ts';
import { topicArn } from './topics.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';

type AlarmsStackProps = StackProps & {
  readonly deployed: Pick<DeploymentSettings, 'name' | 'topics'>;
  /** Alarms by nested stack; those of one wave are deployed together. */
  readonly waves: readonly (readonly { readonly id: string; readonly specs: readonly AlarmSpec[] }[])[];
  /** They name alarms of this stack and of those before it. */
  readonly mutes: readonly MuteRule[];
  readonly dashboards: readonly Dashboard[];
};

/**
 * Alarms on clusters, in nested stacks, so that an update takes away those of what has left the settings. One wave comes
 * after the other, because CloudWatch takes few PutMetricAlarm requests a second.
 */
export class AlarmsStack extends Stack {
  readonly groups: readonly NestedStack[];

  constructor(
    scope: Construct,
    id: string,
    { deployed, waves, mutes, dashboards, ...props }: AlarmsStackProps,
  ) {
    super(scope, id, props);
    const groups: NestedStack[] = [];
    let before: readonly NestedStack[] = [];
    for (const wave of waves) {
      const made = wave.map((group) => {
        const nested = new NestedStack(this, group.id, { suppressTemplateIndentation: true });
        addAlarms(nested, deployed, group.specs);
        for (const { nestedStackResource } of before)
          if (nestedStackResource) nested.nestedStackResource?.addResourceDependency(nestedStackResource);
        return nested;
      });
      groups.push(...made);
      before = made;
    }
    for (const rule of muteRules(this, deployed.name, mutes))
      for (const { nestedStackResource } of before)
        if (nestedStackResource) rule.addResourceDependency(nestedStackResource);
    addDashboards(this, dashboards);
    this.groups = groups;
  }
}

/** Alarms that name their topics' ARNs, so that their stack can be deployed and removed by itself. */
export function addAlarms(
  stack: Stack,
  deployed: Pick<DeploymentSettings, 'name' | 'topics'>,
  specs: readonly AlarmSpec[],
): void {
  const parent = new Construct(stack, 'Alarms');
  for (const spec of specs) alarm(parent, spec, topicArn(stack, deployed, spec.severity));
}
