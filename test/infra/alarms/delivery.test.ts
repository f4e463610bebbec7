import { describe, expect, it } from 'vitest';
import { deliveryAlarms } from '../../../infra/alarms/delivery-alarms.ts';
import { alarmLine } from '../../../infra/cloudwatch/alarm-spec.ts';
import { alarmStates } from '../../../infra/cloudwatch/evaluator.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { checks } from '../catalogue.ts';
import { smallest, written } from '../settings-file.ts';

const of = (subscriptions: string, more = '') =>
  deliveryAlarms(loadSettings(written(`${smallest}subscriptions: [${subscriptions}]\n${more}`), checks));
const lines = (...given: Parameters<typeof of>) => of(...given).map(alarmLine);
const hook = (topic: string) => `{ topic: ${topic}, protocol: https, endpoint: "https://${topic}.example" }`;
const mail = (topic: string) => `{ topic: ${topic}, protocol: email, endpoint: a@b }`;
const slack = (topic: string) => `{ topic: ${topic}, protocol: slack, endpoint: T0AB12CD3/C0AB12CD3 }`;

describe('alarms on messages that are not delivered', () => {
  it('are one a topic that has readers, told on another one, and one on what lies in the queue', () => {
    expect(lines([hook('critical'), mail('warning'), mail('findings')].join())).toEqual([
      'nats/nats-cloudwatch/not-delivered/critical | Sum NumberOfNotificationsFailed{TopicName=nats-cloudwatch-critical} >= 4 | 1 x 300 s | missing=notBreaching | warning',
      'nats/nats-cloudwatch/not-delivered/warning | Sum NumberOfNotificationsFailed{TopicName=nats-cloudwatch-warning} >= 1 | 1 x 300 s | missing=notBreaching | critical',
      'nats/nats-cloudwatch/not-delivered/findings | Sum NumberOfNotificationsFailed{TopicName=nats-cloudwatch-findings} >= 1 | 1 x 300 s | missing=notBreaching | warning',
      'nats/nats-cloudwatch/undelivered | Maximum ApproximateAgeOfOldestMessage{QueueName=nats-cloudwatch-undelivered} >= 300 | 1 x 300 s | missing=notBreaching | warning',
    ]);
  });

  it('are none without readers, and none on a queue where only people read', () => {
    expect([lines(''), lines(mail('critical')).length]).toEqual([[], 1]);
  });

  it("watch a topic that is there already, by its name, and the chats' beside that of findings", () => {
    const existing = 'topics: { critical: "arn:aws:sns:eu-west-1:123456789012:pages" }';
    expect(lines(slack('findings'), existing)).toEqual([
      'nats/nats-cloudwatch/not-delivered/critical | Sum NumberOfNotificationsFailed{TopicName=pages} >= 1 | 1 x 300 s | missing=notBreaching | warning',
      'nats/nats-cloudwatch/not-delivered/findings | FILL(Sum NumberOfNotificationsFailed{TopicName=nats-cloudwatch-findings}, 0) + FILL(Sum NumberOfNotificationsFailed{TopicName=nats-cloudwatch-findings-chat}, 0) >= 4 | 1 x 300 s | missing=notBreaching | warning',
    ]);
  });

  it('say whom to ask, what becomes of the message, and by which way this one came', () => {
    const [critical, undelivered] = of(hook('critical'));
    expect(critical?.description).toBe(
      [
        'NATS monitoring nats-cloudwatch: messages of SNS topic nats-cloudwatch-critical do not reach a reader, deliveries failed in the last 5 minutes.',
        'Who should hear of critical alarms may not. This alarm goes by topic nats-cloudwatch-warning.',
        "First: Ask the pager, chat or mail service whether it works, and whether the endpoint is still the right one; a function or queue, whether it is there and lets SNS send. SNS repeats for up to an hour, and then puts pagers' messages into queue nats-cloudwatch-undelivered. Until then look at the alarms in CloudWatch.",
        'Finding: none, as no check looks at deliveries.',
        'Read on: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html',
      ].join('\n'),
    );
    expect(undelivered?.description).toContain('have lain undelivered in queue nats-cloudwatch-undelivered');
  });

  it('take a pager that is away for seconds for nothing, and tell of one that stays away', () => {
    const [spec] = of(hook('critical'));
    if (spec === undefined) throw new Error('no alarm');
    const states = (failed: number) =>
      alarmStates(spec, () => [{ minute: 3, value: failed }], { from: 1, to: 12 }).map(({ state }) => state);
    expect(states(3)).not.toContain('ALARM');
    expect(states(4)).toContain('ALARM');
    expect(states(4).at(-1)).toBe('OK');
  });
});
