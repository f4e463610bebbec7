import { createHash } from 'node:crypto';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic as SnsTopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { topics, type Subscription, type Topic } from '../settings/subscriptions.ts';

const topicName = (deployment: string, topic: Topic): string => `${deployment}-${topic}`;

/** A topic's ARN by its name, so that stacks of alarms hold no export of the stack with the topics. */
export const topicArn = (stack: Stack, deployment: string, topic: Topic): string =>
  stack.formatArn({ service: 'sns', resource: topicName(deployment, topic) });

/** CloudWatch, as far as it acts for alarms whose names begin so. */
function cloudWatch(stack: Stack, beginnings: readonly string[]) {
  const alarms = beginnings.map((beginning) =>
    stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${beginning}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  return {
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': alarms },
    },
  };
}

const anyAlarm = ['nats/'] as const;

/** A topic's policy takes 30 KB; an ARN of the longest names has 150 bytes. */
const mostPlaces = 150;

/**
 * With what the names of alarms begin that may publish: those of the settings alone. A cluster that has left them falls
 * silent with this policy, while its alarms, which get no more data, still wait for their removal.
 */
function publishing(places: readonly string[]): readonly string[] {
  const different = [...new Set(places)].sort();
  return different.length > mostPlaces ? anyAlarm : different.map((place) => `nats/${place}/`);
}

/**
 * The topics, encrypted with a key of their own: the managed key `aws/sns` has a policy that CloudWatch cannot publish
 * with, and its alarms would fail in silence.
 * @param places of all alarms, as their names have them
 */
export function alarmAndFindingTopics(scope: Construct, deployment: string, places: readonly string[]) {
  const stack = Stack.of(scope);
  const key = new Key(scope, 'TopicsKey', {
    description: `Encrypts the SNS topics of ${deployment}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsPublish',
      ...cloudWatch(stack, anyAlarm),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
  );
  const made = topics.map((topic) => {
    const sns = new SnsTopic(scope, `${topic}Topic`, {
      topicName: topicName(deployment, topic),
      displayName: `NATS ${topic}`,
      masterKey: key,
      enforceSSL: true,
    });
    if (topic !== 'findings') {
      sns.addToResourcePolicy(
        new PolicyStatement({
          sid: 'AlarmsPublish',
          ...cloudWatch(stack, publishing(places)),
          actions: ['sns:Publish'],
          resources: [sns.topicArn],
        }),
      );
    }
    return [topic, sns] as const;
  });
  return { key, topics: Object.fromEntries(made) as Record<Topic, SnsTopic> };
}

/** Subscriptions as settings have them, named by what they are, so that reordering them changes nothing. */
export function subscribe(
  scope: Construct,
  to: Readonly<Record<Topic, SnsTopic>>,
  subscriptions: readonly Subscription[],
): void {
  const parent = new Construct(scope, 'Subscriptions');
  for (const { topic, protocol, endpoint, filter, rawMessageDelivery } of subscriptions) {
    // An endpoint may hold a key, and ids are shown while deploying.
    const id = createHash('sha256').update(endpoint).digest('hex').slice(0, 8);
    new CfnSubscription(parent, `${topic} ${protocol} ${id}`, {
      topicArn: to[topic].topicArn,
      protocol,
      endpoint,
      ...(filter && { filterPolicy: filter }),
      ...(rawMessageDelivery !== undefined && { rawMessageDelivery }),
    });
  }
}
