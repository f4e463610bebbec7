import {
  CreateTopicCommand,
  SNSClient,
  SubscribeCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { snsNotices } from '../../lambdas/adapters/sns.ts';
import type { Message, NoticeSink } from '../../lambdas/ports.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { chatMessage, message } from './memory/laws.ts';

let moto: Moto;
let sns: SNSClient;
let sqs: SQSClient;
let sent: PublishCommandInput[];
let topicArn: string;
let sink: NoticeSink;

beforeAll(async () => {
  moto = await borrowMoto();
});
afterAll(() => moto.stop());

beforeEach(async () => {
  await moto.reset();
  const reach = {
    endpoint: moto.endpoint,
    region: moto.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  sns = new SNSClient(reach);
  sqs = new SQSClient(reach);
  sent = [];
  sns.middlewareStack.add(
    (next, { commandName }) =>
      (request) => {
        if (commandName === 'PublishCommand') sent.push(request.input as PublishCommandInput);
        return next(request);
      },
    { step: 'initialize', name: 'records what is published' },
  );
  topicArn = (await sns.send(new CreateTopicCommand({ Name: 'findings' }))).TopicArn ?? '';
  sink = snsNotices(sns, topicArn);
});

/** A queue subscribed to the topic, and all it has received. */
async function subscribe(attributes: Record<string, string> = {}) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'reader' }));
  const described = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: described.Attributes?.['QueueArn'],
      Attributes: attributes,
    }),
  );
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    return Messages;
  };
}

const withStatuses = (...statuses: Message['statuses']): Message => ({ ...message, statuses });

describe('notices over SNS', () => {
  it('reach a queue with the JSON for machines as their body', async () => {
    const received = await subscribe({ RawMessageDelivery: 'true' });
    await sink.publish([message]);
    expect((await received()).map(({ Body }) => Body)).toEqual([message.json]);
  });

  it('for chat channels reach the topic of their own, as they are, and those for others do not', async () => {
    const chat = (await sns.send(new CreateTopicCommand({ Name: 'findings-chat' }))).TopicArn ?? '';
    const toBoth = snsNotices(sns, topicArn, chat);
    await toBoth.publish([message, chatMessage]);
    expect(toBoth.tellsChat).toBe(true);
    expect(
      sent.map(({ TopicArn, Message, MessageStructure }) => [TopicArn, MessageStructure, Message]),
    ).toEqual([
      [topicArn, 'json', expect.stringContaining('"sms":')],
      [chat, undefined, chatMessage.json],
    ]);
  });

  it('for chat channels that settings have no more are dropped', async () => {
    await sink.publish([chatMessage]);
    expect([sink.tellsChat, sent]).toEqual([false, []]);
  });

  it('reach a queue with their attributes', async () => {
    const received = await subscribe({ RawMessageDelivery: 'true' });
    await sink.publish([message]);
    const [first] = await received();
    const attributes = Object.entries(first?.MessageAttributes ?? {}).map(
      ([name, { DataType, StringValue }]) => [name, DataType, StringValue],
    );
    expect(attributes.toSorted()).toEqual([
      ['check', 'String', 'connection-count'],
      ['cluster', 'String', 'eu'],
      ['severity', 'String', 'warning'],
      ['status', 'String.Array', '["opened","resolved"]'],
    ]);
  });

  it('reach a queue without raw delivery with subject and attributes around the JSON', async () => {
    const received = await subscribe();
    await sink.publish([withStatuses('raised')]);
    const [first] = await received();
    expect(JSON.parse(first?.Body ?? '')).toMatchObject({
      TopicArn: topicArn,
      Subject: message.subject,
      Message: message.json,
      MessageAttributes: {
        check: { Type: 'String', Value: 'connection-count' },
        cluster: { Type: 'String', Value: 'eu' },
        severity: { Type: 'String', Value: 'warning' },
        status: { Type: 'String', Value: 'raised' },
      },
    });
  });

  it.each([
    ['one status', ['resolved'], ['resolved-1']],
    ['one of several statuses', ['opened', 'resolved'], ['resolved-1']],
    ['no such status', ['opened', 'reminded'], []],
  ] as const)('pass a filter policy on status with %s', async (_what, statuses, passed) => {
    const received = await subscribe({
      RawMessageDelivery: 'true',
      FilterPolicy: JSON.stringify({ status: ['resolved'], severity: ['warning', 'critical'] }),
    });
    await sink.publish([{ ...withStatuses(...statuses), json: 'resolved-1' }]);
    expect((await received()).map(({ Body }) => Body)).toEqual(passed);
  });

  it('have a form each for machines, e-mail and SMS', async () => {
    await sink.publish([message]);
    expect(
      sent.map(({ Message: body = '', MessageStructure }) => [MessageStructure, JSON.parse(body) as unknown]),
    ).toEqual([['json', { default: message.json, email: message.text, sms: message.short }]]);
  });

  it('are one publication each', async () => {
    const received = await subscribe({ RawMessageDelivery: 'true' });
    await sink.publish(['a', 'b', 'c'].map((json) => ({ ...message, json })));
    expect((await received()).map(({ Body }) => Body).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('cost no request when there are none', async () => {
    await sink.publish([]);
    expect(sent).toEqual([]);
  });

  it('pass with half a character that a client put into its name', async () => {
    await sink.publish([{ ...message, text: 'client \ud83d', short: 'client \ud83d' }]);
    expect(JSON.parse(sent[0]?.Message ?? '')).toEqual({
      default: message.json,
      email: 'client \ufffd',
      sms: 'client \ufffd',
    });
  });

  it('pass with a subject of 99 characters', async () => {
    await sink.publish([{ ...message, subject: 's'.repeat(99) }]);
    expect(sent.map(({ Subject }) => Subject)).toEqual(['s'.repeat(99)]);
  });

  it.each([
    ['of 100 characters', 's'.repeat(100)],
    ['with a line break', 'two\nlines'],
    ['outside ASCII', 'Zoë'],
    ['that is empty', ''],
    ['that begins with a space', ' late'],
  ])('are refused with a subject %s', async (_what, subject) => {
    await expect(sink.publish([{ ...message, subject }])).rejects.toThrow(
      `its subject is not printable ASCII under 100 characters: ${JSON.stringify(subject)}`,
    );
    expect(sent).toEqual([]);
  });

  /** A message of exactly so many bytes, all forms and attributes together. */
  function sized(bytes: number): Message {
    const bare = { ...withStatuses('opened'), json: '', text: 'ë', short: '' };
    const body = Buffer.byteLength(JSON.stringify({ default: '', email: 'ë', sms: '' }));
    const attributes = [
      'check',
      'connection-count',
      'severity',
      'warning',
      'cluster',
      'eu',
      'status',
      'opened',
    ];
    const own = body + attributes.join('').length + 4 * 'String'.length;
    return { ...bare, json: 'x'.repeat(bytes - own) };
  }

  it('pass with 262,144 bytes', async () => {
    const received = await subscribe({ RawMessageDelivery: 'true' });
    const largest = sized(262_144);
    await sink.publish([largest]);
    expect((await received()).map(({ Body }) => Body?.length)).toEqual([largest.json.length]);
  });

  it('are refused with 262,145 bytes', async () => {
    await expect(sink.publish([sized(262_145)])).rejects.toThrow(
      'it has 262145 bytes with its attributes, SNS takes 262144: split its notices',
    );
    expect(sent).toEqual([]);
  });

  it('are all sent but those that fail, and the failure names those', async () => {
    const received = await subscribe({ RawMessageDelivery: 'true' });
    const published = sink.publish([
      { ...message, id: 'first', subject: '' },
      { ...message, id: 'second', json: 'taken' },
      { ...message, id: 'third', subject: 'ü' },
    ]);
    await expect(published).rejects.toThrow(
      `SNS topic ${topicArn} did not take 2 of 3 messages: ` +
        'first (Error: its subject is not printable ASCII under 100 characters: ""); ' +
        'third (Error: its subject is not printable ASCII under 100 characters: "ü")',
    );
    expect((await received()).map(({ Body }) => Body)).toEqual(['taken']);
  });

  it('are named when the topic is not there', async () => {
    const missing = topicArn.replace('findings', 'none');
    await expect(snsNotices(sns, missing).publish([message])).rejects.toThrow(
      `SNS topic ${missing} did not take 1 of 1 messages: ${message.id} (NotFound`,
    );
  });
});
