import { PublishCommand, type MessageAttributeValue, type SNSClient } from '@aws-sdk/client-sns';
import type { Message, NoticeSink } from '../ports.ts';

/** SNS' limit of a message: its body, with the forms for all protocols, and its attributes. */
const mostBytes = 262_144;

/**
 * Publishes each message to a topic: JSON for machines, text for e-mail, one line for SMS, and attributes for filter
 * policies; those for chat channels to a topic of theirs. All are tried; rejects with an AggregateError naming the ids of those
 * that SNS did not take.
 * @param chatArn null where there are no chat channels: messages that were left for them are dropped
 */
export function snsNotices(client: SNSClient, topicArn: string, chatArn: string | null = null): NoticeSink {
  const publish = async (message: Message): Promise<void> => {
    const arn = message.reader === 'chat' ? chatArn : topicArn;
    if (arn !== null) await client.send(new PublishCommand({ TopicArn: arn, ...publication(message) }));
  };
  return {
    tellsChat: chatArn !== null,
    async publish(messages) {
      const results = await Promise.allSettled(messages.map(publish));
      const failed = results.flatMap((result, i) =>
        result.status === 'rejected' ? [{ id: messages[i]?.id, reason: result.reason as unknown }] : [],
      );
      if (failed.length === 0) return;
      throw new AggregateError(
        failed.map(({ reason }) => reason),
        `SNS topic ${topicArn} did not take ${failed.length} of ${messages.length} messages: ` +
          failed.map(({ id, reason }) => `${id} (${String(reason)})`).join('; '),
      );
    },
  };
}

/** @throws Error if SNS would refuse the message for its subject or its size */
function publication(message: Message) {
  const { subject } = message;
  // SNS wants a letter, number or punctuation mark first.
  if (!/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) {
    throw new Error(`its subject is not printable ASCII under 100 characters: ${JSON.stringify(subject)}`);
  }
  const forms = {
    default: message.json.toWellFormed(),
    email: message.text.toWellFormed(),
    sms: message.short.toWellFormed(),
  };
  const isChat = message.reader === 'chat';
  const body = isChat ? forms.default : JSON.stringify(forms);
  const attributes = {
    check: text(message.check),
    severity: text(message.severity),
    cluster: text(message.cluster),
    status: statusAttribute(message.statuses),
  };
  const bytes = Buffer.byteLength(body) + attributeBytes(attributes);
  if (bytes > mostBytes) {
    throw new Error(`it has ${bytes} bytes with its attributes, SNS takes ${mostBytes}: split its notices`);
  }
  return {
    Subject: subject,
    Message: body,
    ...(isChat ? {} : { MessageStructure: 'json' }),
    MessageAttributes: attributes,
  };
}

type Attribute = MessageAttributeValue & { readonly DataType: string; readonly StringValue: string };

const text = (value: string): Attribute => ({ DataType: 'String', StringValue: value });

function statusAttribute(statuses: Message['statuses']): Attribute {
  const [first] = statuses;
  if (first !== undefined && statuses.length === 1) return text(first);
  return { DataType: 'String.Array', StringValue: JSON.stringify(statuses) };
}

function attributeBytes(attributes: Readonly<Record<string, Attribute>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue }]) => sum + Buffer.byteLength(name + DataType + StringValue),
    0,
  );
}
