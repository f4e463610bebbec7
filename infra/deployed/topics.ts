import { ListTopicsCommand, type SNSClient } from '@aws-sdk/client-sns';
import { topicNameOf } from '../settings/delivery.ts';
import type { LoadedSettings } from '../settings.ts';
import { allOf } from './pages.ts';

/** The ARNs of topics by name, as the account has them; those of settings as they are; null for one that is not there. */
export async function deployedTopics(client: SNSClient, { settings }: LoadedSettings) {
  const arns = await allOf(async (NextToken) => {
    const page = await client.send(new ListTopicsCommand({ NextToken }));
    return { items: (page.Topics ?? []).flatMap(({ TopicArn }) => TopicArn ?? []), next: page.NextToken };
  });
  return (topic: Parameters<typeof topicNameOf>[1]): string | null =>
    (topic === 'findings-chat' ? undefined : settings.topics[topic]) ??
    arns.find((arn) => arn.endsWith(`:${topicNameOf(settings, topic)}`)) ??
    null;
}
