import {
  SNSClient,
  CreateTopicCommand,
  SubscribeCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notify, type World } from '../../../infra/notify/command.ts';
import { smsParts } from '../../../infra/notify/preview.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';
import { smallest, written } from '../settings-file.ts';

const at = Date.parse('2026-11-30T03:00:00Z');
const withoutAws: World = {
  sns: () => Promise.reject(new Error('AWS was asked for')),
  now: () => at,
  width: 80,
};
const subscriptions = `subscriptions:
  - { topic: critical, protocol: https, endpoint: "{{resolve:secretsmanager:pager}}" }
  - { topic: critical, protocol: sms, endpoint: "+15550100" }
  - { topic: findings, protocol: email, endpoint: team@example.com }
  - { topic: findings, protocol: slack, endpoint: T0AB12CD3/C0AB12CD3 }
`;

describe('npm run notify -- --dry-run', () => {
  const shown = async (width = 80) =>
    (await notify(['--dry-run', '--settings', written(smallest + subscriptions)], { ...withoutAws, width }))
      .lines;

  it('shows every message, who reads it by the settings, and asks nothing of AWS', async () => {
    const lines = await shown();
    const headings = lines.flatMap((line, i) => (line.startsWith('== ') ? [[line, lines[i + 1]]] : []));
    expect(headings).toEqual([
      ['== alarm: e-mail', '   no subscription of these settings reads it'],
      ['== alarm: SMS', '   1 subscription: sms of critical. 63 characters, 1 SMS of 160'],
      [
        '== alarm: JSON of pagers, queues and functions',
        "   1 subscription: https of critical. It is the Message of SNS' envelope",
      ],
      ['== alarm: chat', '   no subscription of these settings reads it. Amazon Q Developer writes it'],
      ["== alarm's end: e-mail", '   no subscription of these settings reads it'],
      ['== alarm on findings: e-mail', '   no subscription of these settings reads it'],
      ['== alarm on the monitor itself: e-mail', '   no subscription of these settings reads it'],
      ['== finding: e-mail', '   1 subscription: email of findings'],
      ['== finding: SMS', '   no subscription of these settings reads it. 112 characters, 1 SMS of 160'],
      ['== finding: chat', '   1 subscription: slack of findings'],
      ['== finding: JSON of queues, functions and HTTPS', '   no subscription of these settings reads it'],
      ["== finding's end: e-mail", '   1 subscription: email of findings'],
      [
        "== finding's end: SMS",
        '   no subscription of these settings reads it. 125 characters, 1 SMS of 160',
      ],
    ]);
  });

  it('shows no endpoint', async () => {
    const text = (await shown()).join('\n');
    expect(
      ['{{resolve', '15550100', 'team@example', 'T0AB12CD3'].filter((word) => text.includes(word)),
    ).toEqual([]);
  });

  const isInJson = (line: string) => /^( *["\]}]|\{$)/.test(line);

  it('fits into 80 columns, words that are longer and JSON apart, and uses what there is', async () => {
    const tooLong = (lines: readonly string[], width: number) =>
      lines.filter((line) => line.length > width && line.trim().includes(' ') && !isInJson(line));
    expect(tooLong(await shown(), 80)).toEqual([]);
    expect(tooLong(await shown(120), 120)).toEqual([]);
    expect((await shown(120)).length).toBeLessThan((await shown()).length);
  });
});

describe('the JSON that --dry-run shows', () => {
  it.each(['alarm: JSON of pagers, queues and functions', 'finding: JSON of queues, functions and HTTPS'])(
    'can be given to a parser: %s',
    async (heading) => {
      const file = written(smallest + subscriptions);
      const { lines } = await notify(['--dry-run', '--settings', file], { ...withoutAws, width: 80 });
      const from = lines.indexOf('{', lines.indexOf(`== ${heading}`));
      const text = lines.slice(from, lines.indexOf('}', from) + 1).join('\n');
      expect(JSON.parse(text)).toEqual(expect.any(Object));
    },
  );
});

describe('an SMS', () => {
  it.each([
    ['x'.repeat(160), '160 characters, 1 SMS of 160'],
    ['x'.repeat(161), '161 characters, 2 SMS of 160'],
    ['x'.repeat(307), '307 characters, 3 SMS of 160'],
    ['ж'.repeat(70), '70 characters, 1 SMS of 70'],
    ['ж'.repeat(71), '71 characters, 2 SMS of 70'],
  ])('has so many parts: %#', (text, parts) => {
    expect(smsParts(text)).toBe(parts);
  });
});

describe('npm run notify', () => {
  it.each([
    [[], 'expected one of --dry-run and --send'],
    [['--dry-run', '--send'], 'expected one of --dry-run and --send'],
    [['--dry-run', 'prod'], 'notify takes no prod'],
    [['--dry-run', '--json'], 'notify has no --json'],
    [['--resend'], 'no option --resend; did you mean --send?'],
  ])('refuses %j', async (argv, message) => {
    await expect(notify(argv, withoutAws)).rejects.toThrow(message);
  });
});

describe('npm run notify -- --send', () => {
  let moto: Moto;
  let sns: SNSClient;
  let sqs: SQSClient;
  let published: PublishCommandInput[];
  beforeAll(async () => {
    moto = await borrowMoto();
    await moto.reset();
    const reach = {
      endpoint: moto.endpoint,
      region: moto.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
    [sns, sqs] = [new SNSClient(reach), new SQSClient(reach)];
    published = [];
    sns.middlewareStack.add(
      (next, { commandName }) =>
        (request) => {
          if (commandName === 'PublishCommand') published.push(request.input as PublishCommandInput);
          return next(request);
        },
      { step: 'initialize', name: 'records what is published' },
    );
  });
  afterAll(() => moto.stop());
  const topic = async (name: string) =>
    (await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn ?? '';
  const sent = () =>
    notify(['--send', '--settings', written(smallest + subscriptions)], {
      ...withoutAws,
      sns: () => Promise.resolve(sns),
    });

  it('says which topics are not deployed, and sends nothing', async () => {
    expect(await sent()).toEqual({
      lines: ['critical', 'warning', 'findings'].map(
        (name) => `not sent: topic nats-cloudwatch-${name}: not found, is it deployed in this Region?`,
      ),
      code: 1,
    });
    expect(published).toEqual([]);
  });

  it('sends an alarm of each severity and a finding through the deployed topics, and then their ends, all as tests', async () => {
    const names = ['critical', 'warning', 'findings', 'findings-chat'].map(
      (name) => `nats-cloudwatch-${name}`,
    );
    const [critical = '', warning = '', findings = '', chat = ''] = await Promise.all(names.map(topic));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'pager' }));
    const queueArn = critical.replace(':sns:', ':sqs:').replace('nats-cloudwatch-critical', 'pager');
    await sns.send(
      new SubscribeCommand({
        ...{ TopicArn: critical, Protocol: 'sqs', Endpoint: queueArn },
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    expect(await sent()).toEqual({
      lines: [
        'sent: topic critical: alarm nats/nats-cloudwatch/test/critical, ALARM and then OK',
        'sent: topic warning: alarm nats/nats-cloudwatch/test/warning, ALARM and then OK',
        'sent: topic findings, and that of the chats: a finding, opened and then resolved',
      ],
      code: 0,
    });
    const subjects = (arn: string) =>
      published.flatMap(({ TopicArn, Subject }) => (TopicArn === arn ? [Subject] : []));
    expect([critical, warning, findings, chat].map(subjects)).toEqual([
      ...['critical', 'warning'].map((severity) =>
        ['ALARM', 'OK'].map((state) => `${state}: "nats/nats-cloudwatch/test/${severity}" in ${moto.region}`),
      ),
      ...[0, 1].map(() =>
        ['opened', 'resolved'].map(
          (kind) => `TEST [critical] prod connection-count: ${kind} SERVER_103 hub1`,
        ),
      ),
    ]);
    expect(
      published.filter(({ Message }) => !Message?.includes('TEST of npm run notify: nothing is wrong.')),
    ).toEqual([]);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const states = Messages.map(
      ({ Body }) => (JSON.parse(Body ?? '{}') as { NewStateValue: string }).NewStateValue,
    );
    expect(states.toSorted()).toEqual(['ALARM', 'OK']);
  });

  it('says what SNS refused', async () => {
    const gone = written(`${smallest}topics: { critical: "arn:aws:sns:${moto.region}:123456789012:gone" }\n`);
    const { lines, code } = await notify(['--send', '--settings', gone], {
      ...withoutAws,
      sns: () => Promise.resolve(sns),
    });
    expect([lines.at(-1), code]).toEqual([expect.stringMatching(/^not sent: NotFoundException: /), 1]);
  });
});
