import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Topic as SnsTopic, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { makesKey, topicNameOf } from '../settings/delivery.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import { isChat } from '../settings/endpoints.ts';
import { topics, type Topic } from '../settings/subscriptions.ts';
import { ownKey } from '../settings/topics.ts';

type Deployed = Pick<DeploymentSettings, 'name' | 'topics'>;

/** A topic's ARN by its name, so that stacks of alarms hold no export of the stack with the topics. */
export const topicArn = (stack: Stack, deployed: Deployed, topic: Topic): string =>
  deployed.topics[topic] ?? stack.formatArn({ service: 'sns', resource: topicNameOf(deployed, topic) });

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

/** The topics of a deployment. */
export type Topics = {
  readonly topics: Readonly<Record<Topic, ITopic>>;
  /** For findings as Amazon Q Developer reads them; null where none is to be told. */
  readonly chat: ITopic | null;
  /** What who publishes findings must be allowed to use; null where their topic is not encrypted with a key that is known. */
  readonly key: IKey | null;
};

/**
 * The topics, those of settings as they are, the others made. SNS encrypts what it stores by itself; a key besides is none or
 * that of settings, and never the managed key `aws/sns`: CloudWatch cannot publish with its policy, so that alarms would fail
 * in silence.
 * @param places of all alarms, as their names have them
 */
export function alarmAndFindingTopics(
  scope: Construct,
  settings: Pick<DeploymentSettings, 'name' | 'topics' | 'subscriptions'>,
  places: readonly string[],
): Topics {
  const { subscriptions, topics: existing } = settings;
  const stack = Stack.of(scope);
  const tellsChat = subscriptions.some(({ topic, protocol }) => topic === 'findings' && isChat(protocol));
  const isMade = (topic: Topic) => existing[topic] === undefined;
  const key = keyOf(scope, settings);
  const made = (topic: Topic | 'findings-chat') =>
    new SnsTopic(scope, `${topic}Topic`, {
      topicName: topicNameOf(settings, topic),
      displayName: `NATS ${topic}`,
      ...(key && { masterKey: key }),
      enforceSSL: true,
    });
  const all = topics.map((topic): [Topic, ITopic] => {
    const arn = existing[topic];
    if (arn !== undefined) return [topic, SnsTopic.fromTopicArn(scope, `${topic}Topic`, arn)];
    const sns = made(topic);
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
    return [topic, sns];
  });
  return {
    topics: Object.fromEntries(all) as Record<Topic, ITopic>,
    chat: tellsChat ? made('findings-chat') : null,
    key: isMade('findings') || tellsChat || existing.key !== ownKey ? key : null,
  };
}

function keyOf(scope: Construct, settings: Parameters<typeof makesKey>[0] & Deployed): IKey | null {
  if (makesKey(settings)) return topicsKey(scope, settings.name);
  const { key } = settings.topics;
  return key === undefined || key === ownKey ? null : Key.fromKeyArn(scope, 'TopicsKey', key);
}

function topicsKey(scope: Construct, deployment: string): Key {
  const key = new Key(scope, 'TopicsKey', {
    description: `Encrypts the SNS topics of ${deployment}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(alarmsUseKey(scope));
  return key;
}

/** What the policy of a key says that encrypts topics of alarms. */
export const alarmsUseKey = (scope: Construct): PolicyStatement =>
  new PolicyStatement({
    sid: 'AlarmsPublish',
    ...cloudWatch(Stack.of(scope), anyAlarm),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
  });
