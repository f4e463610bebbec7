import { Stack } from 'aws-cdk-lib';
import { CfnMicrosoftTeamsChannelConfiguration, CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { isChat } from '../settings/endpoints.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import { role } from './role.ts';
import type { Topics } from './topics.ts';

/**
 * The chat channels that Amazon Q Developer tells: it subscribes to the topics by itself. Alarms it knows; findings come from
 * a topic of their own, in its form. Its role may do nothing: the channel is told, and asks for nothing.
 */
export function tellChats(
  scope: Construct,
  { name, roles, subscriptions }: Pick<DeploymentSettings, 'name' | 'roles' | 'subscriptions'>,
  { topics, chat }: Pick<Topics, 'topics' | 'chat'>,
): void {
  const channels = Map.groupBy(
    subscriptions.filter(({ protocol }) => isChat(protocol)),
    ({ protocol, endpoint }) => `${protocol} ${endpoint}`,
  );
  if (channels.size === 0) return;
  const parent = new Construct(scope, 'Chats');
  const { roleArn: iamRoleArn } = role(parent, 'Role', roles, {
    description: 'What chat channels may do with Amazon Q Developer: nothing',
    assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
  });
  const { partition } = Stack.of(scope);
  for (const [channel, told] of channels) {
    const hash = createHash('sha256').update(channel).digest('hex').slice(0, 8);
    const common = {
      configurationName: `${name}-${hash}`,
      iamRoleArn,
      // Without one it is AdministratorAccess.
      guardrailPolicies: [`arn:${partition}:iam::aws:policy/AWSDenyAll`],
      snsTopicArns: told.map(({ topic }) =>
        topic === 'findings' && chat !== null ? chat.topicArn : topics[topic].topicArn,
      ),
    };
    const [protocol, endpoint = ''] = channel.split(' ');
    const ids = endpoint.split('/');
    if (protocol === 'slack') {
      const [slackWorkspaceId = '', slackChannelId = ''] = ids;
      new CfnSlackChannelConfiguration(parent, hash, { ...common, slackWorkspaceId, slackChannelId });
    } else {
      const [teamsTenantId = '', teamId = '', teamsChannelId = ''] = ids;
      new CfnMicrosoftTeamsChannelConfiguration(parent, hash, {
        ...common,
        ...{ teamsTenantId, teamId },
        // It takes the id as it stands in a link to the channel.
        teamsChannelId: encodeURIComponent(decodeURIComponent(teamsChannelId)),
      });
    }
  }
}
