import { createHash } from 'node:crypto';
import { Validations } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { isChat } from '../settings/endpoints.ts';
import { hasQueue, isKept, undeliveredQueueName } from '../settings/delivery.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import type { Topics } from './topics.ts';
import { deliveryPolicy, undeliveredQueue } from './undelivered.ts';

/**
 * Subscriptions as settings have them, named by what they are, so that reordering them changes nothing. Amazon Q Developer
 * makes its own.
 */
export function subscribe(
  scope: Construct,
  { topics }: Pick<Topics, 'topics'>,
  settings: Pick<DeploymentSettings, 'name' | 'subscriptions'>,
): void {
  const { subscriptions } = settings;
  const parent = new Construct(scope, 'Subscriptions');
  const queue = hasQueue(settings)
    ? undeliveredQueue(scope, undeliveredQueueName(settings), Object.values(topics))
    : null;
  for (const { topic, protocol, endpoint, filter, rawMessageDelivery } of subscriptions) {
    if (isChat(protocol)) continue;
    // An endpoint may hold a key, and ids are shown while deploying.
    const id = `${topic} ${protocol} ${createHash('sha256').update(endpoint).digest('hex').slice(0, 8)}`;
    const { topicArn } = topics[topic];
    const subscription = new CfnSubscription(parent, id, {
      topicArn,
      protocol,
      endpoint,
      ...(filter && { filterPolicy: filter }),
      ...(rawMessageDelivery !== undefined && { rawMessageDelivery }),
      ...(queue && isKept(protocol) && { redrivePolicy: { deadLetterTargetArn: queue.queueArn } }),
      ...(protocol === 'https' && { deliveryPolicy }),
    });
    if (!isKept(protocol))
      Validations.of(subscription).acknowledge({
        id: 'Serverless::Serverless-SNSRedrivePolicy',
        reason:
          'people read it: SNS takes what a mail server or phone network does not deliver for delivered',
      });
    if (protocol !== 'lambda') continue;
    subscription.addResourceDependency(
      new CfnPermission(parent, `${id} permission`, {
        action: 'lambda:InvokeFunction',
        functionName: endpoint,
        principal: 'sns.amazonaws.com',
        sourceArn: topicArn,
      }),
    );
  }
}
