import { CfnOutput, NestedStack, Stack, type App } from 'aws-cdk-lib';
import type { NatsWatchProps } from './nats-watch.ts';
import { NatsWatch } from './nats-watch.ts';
import { topics } from './settings/subscriptions.ts';

/**
 * The stacks of a deployment, round the one construct: the checks, then the alarms on clusters. The alarms' stacks come one
 * after the other, as `alarmStacks` asks, and have nothing in them where no alarm is placed there.
 * @throws AlarmError as `NatsWatch` does
 */
export function deployment(app: App, props: Omit<NatsWatchProps, 'alarmsIn'>) {
  const { name, tags, network } = props.settings.settings;
  const checksStack = new Stack(app, `${name}-checks`, {
    description: 'NATS checks: functions, schedules, memory, topics',
    tags,
  });
  const stacks: Stack[] = [];
  // By this id nothing of the construct is in the logical ids of what is in it.
  const watch = new NatsWatch(checksStack, 'Default', {
    ...props,
    alarmsIn: (part) => {
      const stack = new Stack(app, `${name}-${part}`, { description: 'NATS alarms', tags });
      stacks.push(stack);
      return stack;
    },
  });
  for (const topic of topics)
    new CfnOutput(checksStack, `${topic}TopicArn`, {
      description: topic === 'findings' ? 'Topic of findings' : `Topic of ${topic} alarms`,
      value: watch.topics[topic].topicArn,
    });
  new CfnOutput(checksStack, 'MemoryTableName', {
    description: 'Table of what checks keep between runs',
    value: watch.memory.tableName,
  });
  if (network !== undefined && network.securityGroupIds === undefined)
    new CfnOutput(checksStack, 'SecurityGroupId', {
      description: "Security group of the functions, which the servers' own must let in",
      value: watch.connections.securityGroups.map(({ securityGroupId }) => securityGroupId).join(','),
    });
  const alarmsStacks = stacks.map((stack) => ({
    stack,
    groups: stack.node.children.filter((child) => child instanceof NestedStack),
  }));
  return { watch, checksStack, alarmsStacks };
}
