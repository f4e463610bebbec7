import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { plural } from '../../lambdas/engine/format.ts';
import { isChat } from '../settings/endpoints.ts';
import { topics } from '../settings/subscriptions.ts';
import { deployedTopics } from '../deployed/topics.ts';
import { allOf } from '../deployed/pages.ts';
import { type Complaint, type Examination } from './examination.ts';

/** As SNS writes it in place of an ARN. */
const pending = 'PendingConfirmation';

/** Whether topics are there, and somebody hears them. */
export const subscriptions: Examination = {
  name: 'subscriptions',
  async look({ loaded, account }) {
    const arnOf = await deployedTopics(account.sns, loaded);
    const complaints: Complaint[] = [];
    let confirmed = 0;
    for (const topic of topics) {
      const TopicArn = arnOf(topic);
      if (TopicArn === null) {
        complaints.push({
          what: `topic ${topic} is not there`,
          todo: 'deploy these settings: npx cdk deploy --all; or look into the Region where they are',
        });
        continue;
      }
      const all = await allOf(async (NextToken) => {
        const page = await account.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
        return { items: page.Subscriptions ?? [], next: page.NextToken };
      });
      const waiting = all.filter(({ SubscriptionArn }) => SubscriptionArn === pending);
      confirmed += all.length - waiting.length;
      complaints.push(
        ...waiting.map(({ Protocol = '', Endpoint = '' }) => ({
          // What an address of a pager holds is a secret.
          what: `${topic} is not heard by ${Protocol}${/^(email|sms)/.test(Protocol) ? ` ${Endpoint}` : ''}: not confirmed`,
          todo: /^email/.test(Protocol)
            ? 'open the link in the mail from SNS; it lasts two days, then deploy again'
            : 'confirm it at the reader',
        })),
      );
      const wanted = loaded.settings.subscriptions.filter(
        (each) => each.topic === topic && !isChat(each.protocol),
      );
      if (wanted.length > all.length)
        complaints.push({
          what: `${topic} has ${plural(all.length, 'subscription')}, settings name ${wanted.length}`,
          todo: 'deploy these settings: one that was not confirmed for two days is gone',
        });
      if (all.length === 0 && wanted.length === 0 && loaded.settings.topics[topic] === undefined)
        complaints.push({ what: `nobody hears ${topic}`, todo: 'add a subscription to the settings' });
    }
    return { seen: `${plural(confirmed, 'subscription')} confirmed`, complaints };
  },
};
