import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from './catalogue.ts';
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
