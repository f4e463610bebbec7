import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { snsNotices } from '../../lambdas/adapters/sns.ts';
import { pagingSeverities } from '../cloudwatch/alarm-spec.ts';
import { deployedTopics } from '../deployed/topics.ts';
import { topicNameOf } from '../settings/delivery.ts';
import { topics } from '../settings/subscriptions.ts';
import type { LoadedSettings } from '../settings.ts';
import { alarmMessage } from './alarm-message.ts';
import { asTest, exampleAlarm, exampleFinding } from './examples.ts';

/** What was sent, in a line each, and what was not. */
export type Sent = { readonly done: readonly string[]; readonly failed: readonly string[] };

/**
 * Publishes test messages through the deployed topics as CloudWatch and the functions do: an alarm of each severity and
 * a finding, and then their ends.
 */
export async function send(client: SNSClient, loaded: LoadedSettings, now: () => number): Promise<Sent> {
  const arnOf = await deployedTopics(client, loaded);
  const { name } = loaded.settings;
  const missing = topics.flatMap((topic) =>
    arnOf(topic) === null
      ? [`topic ${topicNameOf(loaded.settings, topic)}: not found, is it deployed in this Region?`]
      : [],
  );
  const alarms = pagingSeverities.map(async (severity) => {
    const [spec, topicArn] = [exampleAlarm(loaded, severity), arnOf(severity)];
    if (spec === null || topicArn === null) return null;
    const [, , , region = '', account = ''] = topicArn.split(':');
    for (const state of ['ALARM', 'OK'] as const) {
      const message = alarmMessage(asTest(spec, name), state, now(), { region, account, topicArn });
      const forms = { default: message.json, email: message.email, sms: message.sms };
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: message.subject,
          Message: JSON.stringify(forms),
          MessageStructure: 'json',
        }),
      );
    }
    return `topic ${severity}: alarm ${asTest(spec, name).name}, ALARM and then OK`;
  });
  const findings = async () => {
    const [topicArn, chatArn] = [arnOf('findings'), arnOf('findings-chat')];
    if (topicArn === null) return null;
    for (const kind of ['opened', 'resolved'] as const) {
      const { topic, chat } = exampleFinding(loaded, kind, now(), true);
      await snsNotices(client, topicArn, chatArn).publish([...topic, ...(chatArn === null ? [] : chat)]);
    }
    return `topic findings${chatArn === null ? '' : ', and that of the chats'}: a finding, opened and then resolved`;
  };
  const results = await Promise.allSettled([...alarms, findings()]);
  return {
    done: results.flatMap((each) => (each.status === 'fulfilled' && each.value !== null ? [each.value] : [])),
    failed: [
      ...missing,
      ...results.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : [])),
    ],
  };
}
