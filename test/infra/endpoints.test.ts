import { describe, expect, it } from 'vitest';
import { refusal, smallest } from './settings-file.ts';

const told = (protocol: string, endpoint: string) =>
  refusal(
    `${smallest}subscriptions: [{ topic: critical, protocol: ${protocol}, endpoint: ${JSON.stringify(endpoint)} }]`,
  );
const refused = (message: string) => `settings.yaml:\n  subscriptions[0].endpoint: ${message}`;

describe('endpoints that hold a secret', () => {
  it.each([
    ['https', '{{resolve:secretsmanager:nats-cloudwatch/pagerduty}}'],
    ['https', '{{resolve:secretsmanager:pager:SecretString:url}}'],
    ['https', '{{resolve:secretsmanager:pager:SecretString:url:AWSCURRENT}}'],
    ['https', '{{resolve:secretsmanager:pager:SecretString:::EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE}}'],
    ['https', '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:pager-AbCdEf}}'],
    ['https', 'https://pager.example/{{resolve:secretsmanager:pager:SecretString:key}}/alarms'],
    ['https', 'https://user:{{resolve:secretsmanager:pager:SecretString:password}}@pager.example/alarms'],
    ['email', '{{resolve:secretsmanager:people:SecretString:mail}}'],
    ['sms', '{{resolve:secretsmanager:people:SecretString:phone}}'],
  ])('name it, for %s: %s', (protocol, endpoint) => {
    expect(told(protocol, endpoint)).toBe('accepted');
  });

  it.each([
    ['a secure string, which CloudFormation does not know here', '{{resolve:ssm-secure:/pager:1}}'],
    ['a parameter in clear', '{{resolve:ssm:/pager}}'],
    ['a reference without a name', '{{resolve:secretsmanager:}}'],
    ['half a reference', 'https://pager.example/{{resolve:secretsmanager:pager'],
    ['a reference of no kind', '{{pager}}'],
    ['a secret that is binary', '{{resolve:secretsmanager:pager:SecretBinary}}'],
  ])('are refused with %s', (_, endpoint) => {
    expect(told('https', endpoint)).toBe(
      refused(
        'expected a reference such as {{resolve:secretsmanager:SECRET}} or {{resolve:secretsmanager:SECRET:SecretString:KEY}}: CloudFormation takes no ssm-secure here, and ssm holds what it names in clear',
      ),
    );
  });

  it('are refused where YAML takes braces for a map', () => {
    expect(
      refusal(`${smallest}subscriptions: [{ topic: critical, protocol: https, endpoint: {resolve: pager} }]`),
    ).toBe(
      refused('expected text: a reference such as "{{resolve:secretsmanager:SECRET}}" stands in quotes'),
    );
  });

  it('are refused as a part of what is not a URL, and where nothing is secret', () => {
    const [reference, queue] = ['{{resolve:secretsmanager:a}}', 'arn:aws:sqs:eu-west-1:123456789012:'];
    expect([told('sms', `+1${reference}`), told('sqs', queue + reference), told('sqs', reference)]).toEqual([
      refused('expected a phone number such as +15550100 for sms, or one reference in its place'),
      refused('expected the ARN of a standard queue for sqs: it is no secret'),
      refused('expected the ARN of a standard queue for sqs: it is no secret'),
    ]);
  });

  const inClear =
    'this URL seems to hold a key, which templates and logs would show: put the URL into Secrets Manager and "{{resolve:secretsmanager:SECRET}}" here (infra/settings/pagers-and-chat.md)';
  it.each([
    ['a key in its path', 'https://events.pagerduty.com/integration/0123456789abcdef/enqueue'],
    ['a UUID in its path', 'https://alerts.example/hook/01234567-89AB-cdef-0123-456789abcdef'],
    ['a long word of all kinds', 'https://alerts.example/hook/ab-cd_EF0123456789-abcdefg'],
    ['a login', 'https://user:word@alerts.example/hook'],
    ['a user alone', 'https://word@alerts.example/hook'],
    ['a parameter that is named as keys are', 'https://alerts.example/hook?token=word'],
    ['a parameter whose last word is a key', 'https://alerts.example/hook?access_token=word'],
    ['the same in one word', 'https://alerts.example/hook?team=nats&routingKey=word'],
    ['the same in small letters', 'https://alerts.example/hook?apikey=word'],
    ['a token of parts', 'https://alerts.example/hook/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln'],
    ['a key with an ending', 'https://alerts.example/0123456789abcdef.json'],
    ['a key in base64', 'https://alerts.example/hook/0123456789abcdef%3D%3D?a=b'],
    ['a key as any parameter', 'https://alerts.example/hook?id=0123456789abcdef'],
  ])('are refused in clear, without a word of them: %s', (_, endpoint) => {
    expect(told('https', endpoint)).toBe(refused(inClear));
  });

  it.each([
    'https://alerts.example',
    'https://a1b2c3d4e5f6g7h8.execute-api.eu-west-1.amazonaws.com/prod/alarms',
    'https://alerts.example/nats-alarms-of-production-2/v2',
    'https://alerts.example/0123456789abcde',
    'https://alerts.example/v1.2/nats-alarms.production-2024.json?since=2026-11-30T19:45:00Z',
    'https://alerts.example/0123456789012345/channel?team=nats',
    'https://alerts.example/hook?monkey=1&country_code=de&design=2',
  ])('but not what seems to hold none: %s', (endpoint) => {
    expect(told('https', endpoint)).toBe('accepted');
  });
});

describe('webhooks that never confirm a subscription', () => {
  const page = 'infra/settings/pagers-and-chat.md';
  const never = (of: string, instead: string) =>
    refused(`${of} never confirm a subscription of SNS, so that nothing would be sent: ${instead} (${page})`);
  const slack = never("Slack's webhooks", 'take protocol slack');
  const teams = never("Teams' webhooks", 'take protocol teams');
  const others = never(
    'webhooks of Discord, Google Chat and Telegram',
    'take protocol lambda, with a function of yours that posts there',
  );
  it.each([
    ['https://hooks.slack.com/services/T000/B000/XXXX', slack],
    ['https://HOOKS.slack.com/workflows/T000', slack],
    ['https://hooks.slack.com./services/T000', slack],
    ['https://team.webhook.office.com/webhookb2/x', teams],
    ['https://prod-01.westeurope.logic.azure.com:443/workflows/x', teams],
    ['https://discord.com/api/webhooks/1/x', others],
    ['https://chat.googleapis.com/v1/spaces/x', others],
    ['https://hooks.slack.com.example/x', 'accepted'],
    ['https://nothooks.slack.com/x', 'accepted'],
  ])('are refused with the way out: %s', (endpoint, expected) => {
    expect(told('https', endpoint)).toBe(expected);
  });
});

describe('other readers', () => {
  it.each([
    ['lambda', 'arn:aws:lambda:eu-west-1:123456789012:function:post-to-discord'],
    ['lambda', 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:post:live'],
    ['slack', 'T0AB12CD3/C0AB12CD3'],
    [
      'teams',
      '01234567-89ab-cdef-0123-456789abcdef/01234567-89ab-cdef-0123-456789abcdef/19:ab_1-2@thread.tacv2',
    ],
    [
      'teams',
      '01234567-89ab-cdef-0123-456789abcdef/01234567-89ab-cdef-0123-456789abcdef/19%3aab12%40thread.tacv2',
    ],
  ])('are a %s: %s', (protocol, endpoint) => {
    expect(told(protocol, endpoint)).toBe('accepted');
  });

  it.each([
    ['lambda', 'post-to-discord', 'expected the ARN of a function for lambda'],
    ['slack', '#alarms', 'expected WORKSPACE/CHANNEL, such as T0AB12CD3/C0AB12CD3, for slack'],
    ['teams', 'alarms', 'expected TENANT/TEAM/CHANNEL, two UUIDs and 19:…@thread.tacv2, for teams'],
  ])('are no %s: %s', (protocol, endpoint, message) => {
    expect(told(protocol, endpoint)).toBe(refused(message));
  });

  it('take no filter in chat, where Amazon Q subscribes by itself', () => {
    const text = `${smallest}subscriptions: [{ topic: findings, protocol: slack, endpoint: T0AB12CD3/C0AB12CD3, filter: { severity: [critical] } }]`;
    expect(refusal(text)).toBe(
      'settings.yaml:\n  subscriptions[0].filter: Amazon Q Developer subscribes by itself, to all messages: slack takes no filter',
    );
  });
});

describe('topics that are there already', () => {
  const arn = 'arn:aws:sns:eu-west-1:123456789012:pages';
  it.each([
    [`{ critical: "${arn}" }`, 'accepted'],
    ['{ key: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" }', 'accepted'],
    [
      `{ critical: "${arn}.fifo", warning: pages, alarms: "${arn}" }`,
      [
        'settings.yaml:',
        '  topics.critical: expected the ARN of a standard topic, such as arn:aws:sns:eu-west-1:123456789012:pages',
        '  topics.warning: expected the ARN of a standard topic, such as arn:aws:sns:eu-west-1:123456789012:pages',
        '  topics.alarms: no such setting',
      ].join('\n'),
    ],
    [
      '{ key: "arn:aws:kms:eu-west-1:123456789012:alias/pages" }',
      'settings.yaml:\n  topics.key: expected own, or the ARN of a key, such as arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
    ],
    [
      `{ critical: "${arn}", findings: "${arn}" }`,
      'settings.yaml:\n  topics.findings: the same as topics.critical: that a message was not delivered is told on another topic',
    ],
  ])('%s', (text, expected) => {
    expect(refusal(`${smallest}topics: ${text}`)).toBe(expected);
  });
});
