import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from './catalogue.ts';
import { fleet, readableOfType, synthesize, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});
const all = (type: string) => readableOfType(stacks, type);

describe('the topics', () => {
  const byAlarms = (...beginnings: readonly string[]) => {
    const arns = beginnings.map((each) => `arn:PARTITION:cloudwatch:REGION:ACCOUNTID:alarm:${each}*`);
    return {
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': 'ACCOUNTID' },
        ArnLike: { 'aws:SourceArn': arns },
      },
    };
  };

  it('are encrypted by SNS itself, without a key that costs, where settings name none', () => {
    expect(all('AWS::SNS::Topic').map((each) => [each['TopicName'], each['KmsMasterKeyId']])).toEqual([
      ['nats-cloudwatch-critical', undefined],
      ['nats-cloudwatch-warning', undefined],
      ['nats-cloudwatch-findings', undefined],
    ]);
    expect(all('AWS::KMS::Key')).toEqual([]);
  });

  it('are encrypted with a key of their own where settings say so, that lets the alarms of this account publish', () => {
    const own = synthesize(fleet(1, { topics: { key: 'own' } }), checks);
    const made = (type: string) => readableOfType(own, type);
    expect(made('AWS::SNS::Topic').map((each) => [each['TopicName'], each['KmsMasterKeyId']])).toEqual([
      ['nats-cloudwatch-critical', '<TopicsKey.Arn>'],
      ['nats-cloudwatch-warning', '<TopicsKey.Arn>'],
      ['nats-cloudwatch-findings', '<TopicsKey.Arn>'],
    ]);
    expect(made('AWS::KMS::Key')).toMatchObject([
      {
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: [
            { Effect: 'Allow', Action: 'kms:*', Principal: { AWS: 'arn:PARTITION:iam::ACCOUNTID:root' } },
            { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], ...byAlarms('nats/') },
          ],
        },
      },
    ]);
  });

  it('take messages over TLS alone, those for alarms from the alarms of the settings alone', () => {
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
      ...byAlarms(
        'nats/nats-cloudwatch/',
        ...checks.map(({ id }) => `nats/nats-cloudwatch-${id}/`).toSorted(),
        'nats/prod/',
      ),
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

  describe('let publish', () => {
    const topics = (clusters: number) => {
      const file = fleet(1, {
        clusters: Array.from({ length: clusters }, (_, i) => ({
          name: `cluster${i + 1}`,
          targets: [{ name: 'hub', url: `http://hub${i + 1}:8222` }],
        })),
      });
      const made = synthesize(file, checks);
      const [policy] = readableOfType(made, 'AWS::SNS::TopicPolicy').map(
        ({ PolicyDocument }) => PolicyDocument,
      );
      const [, { Condition }] = (policy as { Statement: [unknown, ReturnType<typeof byAlarms>] }).Statement;
      const alarms = readableOfType(made, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName));
      const patterns = Condition.ArnLike['aws:SourceArn'].map((arn) => arn.split(':alarm:')[1] ?? '');
      const mayPublish = (alarm: string) =>
        patterns.some((pattern) => alarm.startsWith(pattern.replace(/\*$/, '')));
      return { alarms, mayPublish, patterns };
    };

    it('each alarm of the deployment, and none of a cluster that has left the settings', () => {
      const [before, after] = [topics(2), topics(1)];
      expect(before.alarms.filter((alarm) => !before.mayPublish(alarm))).toEqual([]);
      expect(after.alarms.filter((alarm) => !after.mayPublish(alarm))).toEqual([]);
      const left = before.alarms.filter((alarm) => alarm.includes('/cluster2/'));
      expect(left.length).toBeGreaterThan(0);
      expect(left.filter(after.mayPublish)).toEqual([]);
    });

    it('any alarm, where more than 150 names do not fit into a policy', () => {
      const clusters = 150 - checks.length - 1;
      expect(topics(clusters).patterns).toHaveLength(150);
      expect(topics(clusters + 1).patterns).toEqual(['nats/*']);
    });
  });

  it('have the subscriptions of the settings, and their keys stay out of the ids that deployments show', () => {
    expect(all('AWS::SNS::Subscription')).toEqual([
      {
        TopicArn: '<criticalTopic>',
        Protocol: 'https',
        Endpoint: '{{resolve:secretsmanager:nats-cloudwatch/pagerduty}}',
        RedrivePolicy: { deadLetterTargetArn: '<Undelivered.Arn>' },
        DeliveryPolicy: { healthyRetryPolicy: expect.objectContaining({ numRetries: 53 }) as object },
      },
      { TopicArn: '<warningTopic>', Protocol: 'email', Endpoint: 'nats-team@example.com' },
      {
        TopicArn: '<findingsTopic>',
        Protocol: 'email',
        Endpoint: 'nats-team@example.com',
        FilterPolicy: { severity: ['critical'], status: ['opened', 'raised', 'resolved'] },
      },
    ]);
    expect(Object.keys(stacks[0]?.resources ?? {}).filter((id) => id.includes('pagerduty'))).toEqual([]);
  });
});
