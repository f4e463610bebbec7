import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { resolveIntrinsics, type Lookup } from './intrinsics.ts';
import { unsigned, type AwsEndpoint } from './unsigned.ts';

export type Template = {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
};

/** What was applied, as it was sent. */
export type Applied = {
  readonly alarms: readonly PutMetricAlarmInput[];
  readonly subscriptions: readonly Readonly<Record<string, unknown>>[];
  readonly schedules: readonly Readonly<Record<string, unknown>>[];
};

/**
 * Creates by API what a deployed template has and moto's CloudFormation skips: alarms, subscriptions, schedules.
 * @throws Error naming the resource that was not taken
 */
export async function applySkipped(template: Template, lookup: Lookup, aws: AwsEndpoint): Promise<Applied> {
  const of = (type: string) =>
    Object.values(template.Resources)
      .filter(({ Type }) => Type === type)
      .map(
        ({ Properties }) => resolveIntrinsics(Properties ?? {}, lookup) as Readonly<Record<string, unknown>>,
      );
  const alarms = of('AWS::CloudWatch::Alarm').map(
    (properties) => properties as unknown as PutMetricAlarmInput,
  );
  const subscriptions = of('AWS::SNS::Subscription');
  const schedules = of('AWS::Scheduler::Schedule');

  const cloudWatch = new CloudWatchClient(aws.client);
  for (const alarm of alarms) await cloudWatch.send(new PutMetricAlarmCommand(alarm));
  cloudWatch.destroy();

  const sns = new SNSClient(aws.client);
  for (const subscription of subscriptions)
    await sns.send(new SubscribeCommand(subscribeInput(subscription)));
  sns.destroy();

  for (const { Name, ...schedule } of schedules) {
    const body = JSON.stringify(schedule);
    await unsigned(aws, 'scheduler', `/schedules/${String(Name)}`, { method: 'POST', body });
  }
  return { alarms, subscriptions, schedules };
}

/** CloudFormation has an attribute of a subscription as a property of its own. */
function subscribeInput({ TopicArn, Protocol, Endpoint, ...attributes }: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return {
    TopicArn: String(TopicArn),
    Protocol: String(Protocol),
    Endpoint: String(Endpoint),
    Attributes: Object.fromEntries(entries) as Record<string, string>,
  };
}
