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
    const tls = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const alarms = { Effect: 'Allow', Action: 'sns:Publish', ...byAlarms };
    const policies = all('AWS::SNS::TopicPolicy').map(({ Topics, PolicyDocument }) => [
      Topics,
      (PolicyDocument as { Statement: object[] }).Statement.map((statement) =>
        Object.fromEntries(Object.entries(statement).filter(([key]) => !['Sid', 'Resource'].includes(key))),
      ),
    ]);
    expect(policies).toEqual([
      [['<criticalTopic>'], [tls, alarms]],
      [['<warningTopic>'], [tls, alarms]],
      [['<findingsTopic>'], [tls]],
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
