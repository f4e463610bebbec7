import { ArnFormat, Duration, Stack, type CfnResource } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { Check } from '../../lambdas/define.ts';
import { scheduleName, type Batch } from '../settings/batches.ts';
import type { RoleSettings } from '../settings/roles.ts';
import { role } from './role.ts';

/** One role for all schedules, limited to the functions by name; CDK's own would add every version of them. */
export function schedulerRole(
  scope: Construct,
  roles: RoleSettings,
  functionNames: readonly string[],
): IRole {
  const stack = Stack.of(scope);
  const resources = functionNames.map((name) =>
    stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  return role(scope, 'SchedulerRole', roles, {
    description: 'Lets schedules start the NATS checks',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    inlinePolicies: {
      invoke: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })],
      }),
    },
  }).withoutPolicyUpdates();
}

type ScheduledCheck = {
  readonly check: Check;
  readonly functionName: string;
  readonly runs: IFunction;
  readonly role: IRole;
};

/** The schedules of a check, one for each batch of clusters. */
export function schedules(
  scope: Construct,
  { check, functionName, runs, role: starts }: ScheduledCheck,
  batches: readonly Batch[],
): readonly CfnResource[] {
  return batches.map(({ id: batch, clusters }) => {
    const schedule = new Schedule(scope, scheduleName(`${check.id}Schedule`, batch), {
      scheduleName: scheduleName(functionName, batch),
      description: `Runs NATS check ${check.id}${batch === null ? '' : `, batch ${batch}`}`,
      schedule: ScheduleExpression.rate(Duration.millis(check.every)),
      timeWindow: TimeWindow.off(),
      // By default a check that could not start would be tried 185 times over 24 h, each time measuring another minute.
      target: new LambdaInvoke(runs, {
        role: starts,
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime, clusters }),
        retryAttempts: 0,
        maxEventAge: Duration.seconds(60),
      }),
    });
    return schedule.node.defaultChild as CfnResource;
  });
}
