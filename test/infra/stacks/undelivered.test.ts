import { beforeAll, describe, expect, it } from 'vitest';
import { deliveryPolicy } from '../../../infra/stacks/undelivered.ts';
import { checks } from '../catalogue.ts';
import { fleet, readableOfType, synthesize, type Synthesized } from '../synth.ts';

const hook = { topic: 'critical', protocol: 'https', endpoint: 'https://alerts.example/nats' };
const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:pages';
const readers = [
  hook,
  { topic: 'warning', protocol: 'sqs', endpoint: queueArn },
  { topic: 'warning', protocol: 'lambda', endpoint: 'arn:aws:lambda:eu-west-1:123456789012:function:post' },
  { topic: 'warning', protocol: 'email', endpoint: 'team@example.com' },
  { topic: 'critical', protocol: 'sms', endpoint: '+15550100' },
];

describe('messages that SNS gives up', () => {
  let stacks: readonly Synthesized[];
  beforeAll(() => {
    stacks = synthesize(fleet(1, { subscriptions: readers }), checks);
  });

  it('are kept of programs that read: HTTPS, queues and functions', () => {
    const kept = readableOfType(stacks, 'AWS::SNS::Subscription').map((each) => [
      each['Protocol'],
      each['RedrivePolicy'],
      each['DeliveryPolicy'] !== undefined,
    ]);
    const policy = { deadLetterTargetArn: '<Undelivered.Arn>' };
    expect(kept).toEqual([
      ['https', policy, true],
      ['sqs', policy, false],
      ['lambda', policy, false],
      ['email', undefined, false],
      ['sms', undefined, false],
    ]);
  });

  it('lie in an encrypted queue for 14 days, which the topics of the deployment alone may fill, over TLS', () => {
    expect(readableOfType(stacks, 'AWS::SQS::Queue')).toEqual([
      {
        QueueName: 'nats-cloudwatch-undelivered',
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 1_209_600,
      },
    ]);
    expect(readableOfType(stacks, 'AWS::SQS::QueuePolicy').map((each) => each['PolicyDocument'])).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Resource: '<Undelivered.Arn>',
          },
          {
            Sid: 'TopicsSend',
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: '<Undelivered.Arn>',
            Condition: {
              ArnEquals: { 'aws:SourceArn': ['<criticalTopic>', '<warningTopic>', '<findingsTopic>'] },
            },
          },
        ],
      },
    ]);
  });

  it('need no queue where only people read', () => {
    const people = readers.filter(({ protocol }) => protocol === 'email');
    const some = synthesize(fleet(1, { subscriptions: people }), checks);
    expect(readableOfType(some, 'AWS::SQS::Queue')).toEqual([]);
  });
});

describe('HTTPS', () => {
  it('is tried for most of the hour that SNS takes at most', () => {
    const { numRetries, numMinDelayRetries, minDelayTarget, numMaxDelayRetries, maxDelayTarget } =
      deliveryPolicy.healthyRetryPolicy;
    const backingOff = numRetries - numMinDelayRetries - numMaxDelayRetries;
    const least = numMinDelayRetries * minDelayTarget + numMaxDelayRetries * maxDelayTarget;
    const seconds = [least + backingOff * minDelayTarget, least + backingOff * maxDelayTarget];
    expect(seconds).toEqual([2_465, 3_015]);
  });
});
