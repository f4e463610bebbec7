import { beforeAll, describe, expect, it } from 'vitest';
import { checks as allChecks } from '../../lambdas/checks/catalogue.ts';
import released from '../recorded/released-resources.json' with { type: 'json' };
import { checks } from './catalogue.ts';
import { written } from './settings-file.ts';
import { fleet, synthesize, type Synthesized } from './synth.ts';

let stacks: readonly Synthesized[];
beforeAll(() => {
  stacks = synthesize('infra/settings.yaml', checks);
});
const idsOf = (types: readonly string[], of = stacks) =>
  Object.fromEntries(
    of.flatMap(({ name, resources }) =>
      Object.entries(resources)
        .filter(([, { Type }]) => types.includes(Type))
        .map(([id, { Type }]) => [`${name} ${id}`, Type]),
    ),
  );

/** CloudFormation replaces what has another logical id: a release that changes one of these loses what it holds. */
describe('an upgrade keeps', () => {
  it('the logical ids of what has a state, or readers', () => {
    const checksStack = 'nats-cloudwatch-checks';
    expect(
      idsOf([
        ...['AWS::SNS::Topic', 'AWS::SQS::Queue'],
        ...['AWS::SNS::Subscription', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'],
      ]),
    ).toEqual({
      [`${checksStack} criticalTopicF71C38B0`]: 'AWS::SNS::Topic',
      [`${checksStack} warningTopic232462C9`]: 'AWS::SNS::Topic',
      [`${checksStack} findingsTopicD4D5B82C`]: 'AWS::SNS::Topic',
      [`${checksStack} Subscriptionscriticalhttps3e00a0bd5132B085`]: 'AWS::SNS::Subscription',
      [`${checksStack} Subscriptionswarningemail7b39b17930DD61E4`]: 'AWS::SNS::Subscription',
      [`${checksStack} Subscriptionsfindingsemail7b39b179ACEDABEC`]: 'AWS::SNS::Subscription',
      [`${checksStack} UndeliveredF3CF66A9`]: 'AWS::SQS::Queue',
      [`${checksStack} Memory22710B9E`]: 'AWS::DynamoDB::Table',
      [`${checksStack} serverupLogsFF67A614`]: 'AWS::Logs::LogGroup',
      [`${checksStack} leafnodeconnectionsLogs7F78A1C0`]: 'AWS::Logs::LogGroup',
      [`${checksStack} connectioncountLogs965D829E`]: 'AWS::Logs::LogGroup',
    });
  });

  it('the logical id of the key of the topics, where settings want one', () => {
    const own = synthesize(fleet(1, { topics: { key: 'own' } }), checks);
    expect(idsOf(['AWS::KMS::Key'], own)).toEqual({
      'nats-cloudwatch-checks TopicsKeyF5117125': 'AWS::KMS::Key',
    });
  });

  it('the place and logical id of an alarm on a cluster, on which its name hangs', () => {
    const found = stacks.flatMap(({ name, resources }) =>
      Object.entries(resources).flatMap(([id, { Properties }]) =>
        String(Properties['AlarmName']) === 'nats/prod/NatsServerDown/hub1/critical' ? [`${name} ${id}`] : [],
      ),
    );
    expect(found).toEqual([
      'nats-cloudwatch-alarms/group-1 AlarmsnatsprodNatsServerDownhub1critical7B48E314',
    ]);
  });
});

/** As the release's own `npx cdk synth` wrote them of these settings, with every check and the built-in rules. */
describe('what release 0.1.0 deployed is the same in CloudFormation:', () => {
  const nameOf = (properties: Readonly<Record<string, unknown>>) =>
    ['AlarmName', 'FunctionName', 'TopicName', 'Name', 'QueueName', 'LogGroupName']
      .map((key) => properties[key])
      .find((name) => typeof name === 'string') ?? '';

  it('each resource by logical id, type and name, but for the key that topics had', () => {
    const now = new Map(
      synthesize(written(JSON.stringify(released.settings)), allChecks, null).flatMap(({ resources }) =>
        Object.entries(resources).map(
          ([id, { Type, Properties }]) => [id, `${Type} ${nameOf(Properties)}`.trim()] as const,
        ),
      ),
    );
    const changed = Object.entries(released.resources).filter(([id, was]) => now.get(id) !== was);
    expect(changed).toEqual([['TopicsKeyF5117125', 'AWS::KMS::Key']]);
  });
});
