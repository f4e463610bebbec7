import { Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { alarm } from './alarm.ts';
import { topicArn } from './topics.ts';

type AlarmsStackProps = StackProps & { readonly deployment: string; readonly specs: readonly AlarmSpec[] };

/** Alarms of one cluster. They name their topics' ARNs, so that they can be deployed and removed by themselves. */
export class AlarmsStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, specs, ...props }: AlarmsStackProps) {
    super(scope, id, props);
    const parent = new Construct(this, 'Alarms');
    for (const spec of specs) alarm(parent, spec, topicArn(this, deployment, spec.severity));
  }
}
