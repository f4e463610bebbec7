import type { DeploymentSettings } from './deployment.ts';
import { isChat, type Protocol } from './endpoints.ts';
import { topics, type Topic } from './subscriptions.ts';
import { ownKey } from './topics.ts';

/** The name of a topic of the deployment, made or there already. */
export const topicNameOf = (
  { name, topics }: Pick<DeploymentSettings, 'name' | 'topics'>,
  topic: Topic | 'findings-chat',
): string => (topic === 'findings-chat' ? undefined : topics[topic]?.split(':').at(-1)) ?? `${name}-${topic}`;

/** Where messages for pagers lie that SNS gave up. */
export const undeliveredQueueName = ({ name }: Pick<DeploymentSettings, 'name'>): string =>
  `${name}-undelivered`;

/** Readers that are programs: what they do not take is kept for people. */
const kept: readonly Protocol[] = ['https', 'lambda', 'sqs'];
export const isKept = (protocol: Protocol): boolean => kept.includes(protocol);

/** Whether topics are made, and a key for them. */
export const makesKey = ({
  topics: existing,
  subscriptions,
}: Pick<DeploymentSettings, 'topics' | 'subscriptions'>): boolean =>
  existing.key === ownKey &&
  (topics.some((topic) => existing[topic] === undefined) ||
    subscriptions.some(({ topic, protocol }) => topic === 'findings' && isChat(protocol)));

export const hasQueue = ({ subscriptions }: Pick<DeploymentSettings, 'subscriptions'>): boolean =>
  subscriptions.some(({ protocol }) => isKept(protocol));
