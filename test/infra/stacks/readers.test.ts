import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../catalogue.ts';
import { fleet, readableOfType, synthesize, type Synthesized } from '../synth.ts';

const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:post';
const [tenant, team] = ['01234567-89ab-cdef-0123-456789abcdef', 'abcdef01-2345-6789-abcd-ef0123456789'];
const resources = (stacks: readonly Synthesized[], ...types: readonly string[]) =>
  types.map((type) => readableOfType(stacks, type));

/** What functions may do with topics and their key. */
const permissions = (stacks: readonly Synthesized[]) => {
  const roles = readableOfType(stacks, 'AWS::IAM::Role');
  const [check] = roles.filter(({ Description }) => String(Description).startsWith('What NATS check'));
  const [policy] = check?.['Policies'] as {
    PolicyDocument: { Statement: { Action: unknown; Resource: string }[] };
  }[];
  return (policy?.PolicyDocument.Statement ?? []).flatMap(({ Action, Resource }) =>
    /sns|kms/.test(String(Action)) ? [[Action, Resource]] : [],
  );
};

describe('a function that is subscribed', () => {
  it('may be called by its topic, and by that alone', () => {
    const stacks = synthesize(
      fleet(1, { subscriptions: [{ topic: 'warning', protocol: 'lambda', endpoint: functionArn }] }),
      checks,
    );
    expect(resources(stacks, 'AWS::SNS::Subscription', 'AWS::Lambda::Permission')).toEqual([
      [expect.objectContaining({ TopicArn: '<warningTopic>', Protocol: 'lambda', Endpoint: functionArn })],
      [
        {
          Action: 'lambda:InvokeFunction',
          FunctionName: functionArn,
          Principal: 'sns.amazonaws.com',
          SourceArn: '<warningTopic>',
        },
      ],
    ]);
  });
});

describe('chat channels', () => {
  let stacks: readonly Synthesized[];
  beforeAll(() => {
    const slack = { protocol: 'slack', endpoint: 'T0AB12CD3/C0AB12CD3' };
    const teams = { protocol: 'teams', endpoint: `${tenant}/${team}/19:ab12@thread.tacv2` };
    const subscriptions = [
      { topic: 'critical', ...slack },
      { topic: 'findings', ...slack },
      { topic: 'warning', ...teams },
    ];
    stacks = synthesize(fleet(1, { subscriptions }), checks);
  });

  it('are told by Amazon Q Developer, one configuration a channel, which may do nothing in the account', () => {
    const common = {
      ConfigurationName: expect.stringMatching(/^nats-cloudwatch-[0-9a-f]{8}$/) as string,
      IamRoleArn: '<ChatsRole.Arn>',
      GuardrailPolicies: ['arn:PARTITION:iam::aws:policy/AWSDenyAll'],
    };
    expect(
      resources(
        stacks,
        'AWS::Chatbot::SlackChannelConfiguration',
        'AWS::Chatbot::MicrosoftTeamsChannelConfiguration',
        'AWS::SNS::Subscription',
      ),
    ).toEqual([
      [
        {
          ...common,
          SlackWorkspaceId: 'T0AB12CD3',
          SlackChannelId: 'C0AB12CD3',
          SnsTopicArns: ['<criticalTopic>', '<findingschatTopic>'],
        },
      ],
      [
        {
          ...common,
          TeamsTenantId: tenant,
          TeamId: team,
          TeamsChannelId: '19%3Aab12%40thread.tacv2',
          SnsTopicArns: ['<warningTopic>'],
        },
      ],
      [],
    ]);
    const roles = readableOfType(stacks, 'AWS::IAM::Role');
    const [chats] = roles.filter(({ Description }) => String(Description).startsWith('What chat'));
    expect(chats).toEqual({
      Description: 'What chat channels may do with Amazon Q Developer: nothing',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'chatbot.amazonaws.com' } },
        ],
      },
    });
  });

  it('have findings in their own form from a topic of their own, which functions may publish to', () => {
    const [topics = [], functions = []] = resources(stacks, 'AWS::SNS::Topic', 'AWS::Lambda::Function');
    expect(topics.map((each) => each['TopicName'])).toEqual([
      'nats-cloudwatch-critical',
      'nats-cloudwatch-warning',
      'nats-cloudwatch-findings',
      'nats-cloudwatch-findings-chat',
    ]);
    const variables = functions.map(({ Environment }) => (Environment as { Variables: object }).Variables);
    expect(variables).toEqual(
      checks.map(() => expect.objectContaining({ FINDINGS_CHAT_TOPIC_ARN: '<findingschatTopic>' }) as object),
    );
    expect(permissions(stacks)).toEqual([['sns:Publish', ['<findingsTopic>', '<findingschatTopic>']]]);
  });

  it('that hear of alarms alone need no topic of their own', () => {
    const subscriptions = [{ topic: 'critical', protocol: 'slack', endpoint: 'T0AB12CD3/C0AB12CD3' }];
    const some = synthesize(fleet(1, { subscriptions }), checks);
    expect(readableOfType(some, 'AWS::SNS::Topic')).toHaveLength(3);
    expect(JSON.stringify(some)).not.toContain('FINDINGS_CHAT_TOPIC_ARN');
  });
});

describe('topics that are there already', () => {
  const arnOf = (name: string) => `arn:aws:sns:eu-west-1:123456789012:${name}`;
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
  const actions = (stacks: readonly Synthesized[]) =>
    // A watchdog by itself tells nobody.
    new Set(
      readableOfType(stacks, 'AWS::CloudWatch::Alarm').flatMap(({ AlarmActions }) =>
        AlarmActions === undefined ? [] : [(AlarmActions as readonly string[]).join()],
      ),
    );

  it('are told alarms and findings as they are, and none is made in their place', () => {
    const topics = { critical: arnOf('pages'), warning: arnOf('chat'), findings: arnOf('tickets') };
    const subscriptions = [{ topic: 'critical', protocol: 'email', endpoint: 'a@b' }];
    const stacks = synthesize(fleet(1, { topics, subscriptions }), checks);
    expect(resources(stacks, 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::KMS::Key')).toEqual([
      [],
      [],
      [],
    ]);
    expect(actions(stacks)).toEqual(new Set([arnOf('pages'), arnOf('chat')]));
    expect(permissions(stacks)).toEqual([['sns:Publish', arnOf('tickets')]]);
    expect(readableOfType(stacks, 'AWS::SNS::Subscription')[0]?.['TopicArn']).toBe(arnOf('pages'));
  });

  it('stand beside those that are made', () => {
    const stacks = synthesize(fleet(1, { topics: { critical: arnOf('pages') } }), checks);
    expect(readableOfType(stacks, 'AWS::SNS::Topic').map((each) => each['TopicName'])).toEqual([
      'nats-cloudwatch-warning',
      'nats-cloudwatch-findings',
    ]);
    expect(actions(stacks)).toEqual(
      new Set([
        arnOf('pages'),
        'arn:PARTITION:sns:REGION:ACCOUNTID:nats-cloudwatch-warning',
        '<warningTopic>',
      ]),
    );
  });

  it('and a key that is there already encrypts those that are made, and functions may use it', () => {
    const stacks = synthesize(fleet(1, { topics: { key } }), checks);
    expect(readableOfType(stacks, 'AWS::KMS::Key')).toEqual([]);
    expect(readableOfType(stacks, 'AWS::SNS::Topic').map((each) => each['KmsMasterKeyId'])).toEqual([
      key,
      key,
      key,
    ]);
    expect(permissions(stacks)).toEqual([
      ['sns:Publish', '<findingsTopic>'],
      [['kms:Decrypt', 'kms:GenerateDataKey'], key],
    ]);
  });
});
