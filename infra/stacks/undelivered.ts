import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Of HTTPS: for about 50 minutes of the hour that SNS repeats at most; by default it gives up after one minute. */
export const deliveryPolicy = {
  healthyRetryPolicy: {
    numRetries: 53,
    numMinDelayRetries: 3,
    minDelayTarget: 5,
    numMaxDelayRetries: 40,
    maxDelayTarget: 60,
    backoffFunction: 'exponential',
  },
} as const;

/** The queue of messages that SNS gave up, which these topics may fill. */
export function undeliveredQueue(scope: Construct, queueName: string, from: readonly ITopic[]): IQueue {
  const queue = new Queue(scope, 'Undelivered', {
    queueName,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TopicsSend',
      principals: [new ServicePrincipal('sns.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': from.map(({ topicArn }) => topicArn) } },
    }),
  );
  const reason = 'it is the dead-letter queue of subscriptions';
  Validations.of(queue).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-SQS3', reason },
    { id: 'Serverless::Serverless-SQSRedrivePolicy', reason },
  );
  return queue;
}
