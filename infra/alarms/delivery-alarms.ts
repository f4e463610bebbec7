import { topicNameOf, undeliveredQueueName, hasQueue } from '../settings/delivery.ts';
import { isChat } from '../settings/endpoints.ts';
import { topics, type Topic } from '../settings/subscriptions.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import type { AlarmSpec, PagingSeverity } from '../cloudwatch/alarm-spec.ts';
import { alarmDescription } from '../cloudwatch/description.ts';
import type { AlarmInput } from './alarm-input.ts';

/** The topic that tells of messages another one could not deliver: never the one whose reader fails. */
export const toldOn: Readonly<Record<Topic, PagingSeverity>> = {
  critical: 'warning',
  warning: 'critical',
  findings: 'warning',
};

/** SNS counts each failed attempt of HTTPS, which it repeats after some seconds, and of others only what it gave up. */
const failures = { https: 4, others: 1 } as const;

const finding = 'Finding: none, as no check looks at deliveries.';
const manual = 'https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html';

/** The alarms on messages that did not reach their readers: one a topic that has any, and one on what lies undelivered. */
export function deliveryAlarms({ settings }: Pick<AlarmInput, 'settings'>): readonly AlarmSpec[] {
  return [
    ...topics.flatMap((topic) => notDelivered(settings, topic)),
    ...(hasQueue(settings) ? [undelivered(settings)] : []),
  ];
}

type Settings = Pick<DeploymentSettings, 'name' | 'subscriptions' | 'topics'>;

function notDelivered(settings: Settings, topic: Topic): readonly AlarmSpec[] {
  const own = settings.subscriptions.filter((each) => each.topic === topic);
  if (own.length === 0 && settings.topics[topic] === undefined) return [];
  const ofChat = own.some(({ protocol }) => isChat(protocol));
  const names = [
    topicNameOf(settings, topic),
    ...(topic === 'findings' && ofChat ? [topicNameOf(settings, 'findings-chat')] : []),
  ];
  const attempts = own.some(({ protocol }) => protocol === 'https' || isChat(protocol));
  const severity = toldOn[topic];
  const metric = (name: string) =>
    ({
      namespace: 'AWS/SNS',
      name: 'NumberOfNotificationsFailed',
      dimensions: { TopicName: name },
      statistic: 'Sum',
    }) as const;
  const [name = ''] = names;
  return [
    {
      ...common(severity),
      name: `nats/${settings.name}/not-delivered/${topic}`,
      description: alarmDescription({
        headline: `NATS monitoring ${settings.name}: messages of SNS topic ${names.join(' or ')} do not reach a reader, deliveries failed in the last 5 minutes.`,
        meaning: `Who should hear of ${topic === 'findings' ? 'findings' : `${topic} alarms`} may not. This alarm goes by topic ${topicNameOf(settings, severity)}.`,
        steps:
          'Ask the pager, chat or mail service whether it works, and whether the endpoint is still the right one; a function or queue, ' +
          `whether it is there and lets SNS send. SNS repeats for up to an hour${hasQueue(settings) ? `, and then puts pagers' messages into queue ${undeliveredQueueName(settings)}` : ''}. ` +
          'Until then look at the alarms in CloudWatch.',
        finding,
        link: manual,
      }),
      compared:
        names.length === 1
          ? { kind: 'metric', metric: metric(name) }
          : {
              kind: 'expression',
              expression: 'FILL(topic, 0) + FILL(chat, 0)',
              label: 'failed deliveries',
              metrics: { topic: metric(name), chat: metric(names[1] ?? '') },
            },
      direction: 'atLeast',
      threshold: attempts ? failures.https : failures.others,
    },
  ];
}

const undelivered = (settings: Settings): AlarmSpec => ({
  ...common('warning'),
  name: `nats/${settings.name}/undelivered`,
  description: alarmDescription({
    headline: `NATS monitoring ${settings.name}: messages for pagers have lain undelivered in queue ${undeliveredQueueName(settings)} for 5 minutes.`,
    meaning: 'SNS gave them up. Nobody was told what they say, and after 14 days SQS deletes them.',
    steps:
      'Read them in the console of SQS: each names its topic and alarm. See to what still holds, repair the reader, and purge the queue: ' +
      'this alarm is OK when it is empty.',
    finding,
    link: manual,
  }),
  compared: {
    kind: 'metric',
    metric: {
      namespace: 'AWS/SQS',
      name: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: undeliveredQueueName(settings) },
      statistic: 'Maximum',
    },
  },
  direction: 'atLeast',
  threshold: 300,
});

/** Of no check and no cluster; a queue or topic without traffic has no datapoints. */
const common = (severity: PagingSeverity) =>
  ({
    checks: [],
    cluster: null,
    target: null,
    severity,
    periodSeconds: 300,
    evaluationPeriods: 1,
    missing: 'notBreaching',
    warmUp: null,
    tags: { severity },
  }) as const;
