import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from './catalogue.ts';
import { readableOfType, synthesize, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});
const all = (type: string) => readableOfType(stacks, type);

describe('the topics', () => {
  const byAlarms = {
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': 'ACCOUNTID' },
      ArnLike: { 'aws:SourceArn': 'arn:PARTITION:cloudwatch:REGION:ACCOUNTID:alarm:nats/*' },
    },
  };

  it('are encrypted with a key that lets the alarms of this account publish', () => {
    expect(all('AWS::SNS::Topic').map((each) => [each['TopicName'], each['KmsMasterKeyId']])).toEqual([
      ['nats-cloudwatch-critical', '<TopicsKey.Arn>'],
      ['nats-cloudwatch-warning', '<TopicsKey.Arn>'],
      ['nats-cloudwatch-findings', '<TopicsKey.Arn>'],
    ]);
    expect(all('AWS::KMS::Key')[0]).toMatchObject({
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          { Effect: 'Allow', Action: 'kms:*', Principal: { AWS: 'arn:PARTITION:iam::ACCOUNTID:root' } },
          { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], ...byAlarms },
        ],
      },
    });
  });

  it('take messages over TLS alone, those for alarms from the alarms of this account', () => {
    const policy = (topic: string, ...byOthers: readonly object[]) => [
      [topic],
      {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'AllowPublishThroughSSLOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: topic,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          ...byOthers,
        ],
      },
    ];
    const alarms = (topic: string) => ({
      Sid: 'AlarmsPublish',
      Effect: 'Allow',
      Action: 'sns:Publish',
      Resource: topic,
      ...byAlarms,
    });
    const policies = all('AWS::SNS::TopicPolicy').map(({ Topics, PolicyDocument }) => [
      Topics,
      PolicyDocument,
    ]);
    expect(policies).toEqual([
      policy('<criticalTopic>', alarms('<criticalTopic>')),
      policy('<warningTopic>', alarms('<warningTopic>')),
      policy('<findingsTopic>'),
    ]);
  });

  it('have the subscriptions of the settings, and their keys stay out of the ids that deployments show', () => {
    expect(all('AWS::SNS::Subscription')).toEqual([
      {
        TopicArn: '<criticalTopic>',
        Protocol: 'https',
        Endpoint: 'https://events.pagerduty.com/integration/0123456789abcdef/enqueue',
      },
      { TopicArn: '<warningTopic>', Protocol: 'email', Endpoint: 'nats-team@example.com' },
      {
        TopicArn: '<findingsTopic>',
        Protocol: 'email',
        Endpoint: 'nats-team@example.com',
        FilterPolicy: { severity: ['critical'], status: ['opened', 'raised', 'resolved'] },
      },
    ]);
    expect(Object.keys(stacks[0]?.resources ?? {}).filter((id) => id.includes('0123456789abcdef'))).toEqual(
      [],
    );
  });
});
