import type { Check } from '../../lambdas/define.ts';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { ProbeEvent, ProbeReply } from '../../lambdas/environment.ts';
import type { LoadedSettings } from '../settings.ts';

/** The account that a deployment is in, seen from outside. */
export type Account = {
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly dynamo: DynamoDBClient;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  /** Starts a function once. @throws Error with what it failed of */
  readonly invoke: (functionName: string, event: ProbeEvent) => Promise<ProbeReply>;
};

/** What is looked at, and when. */
export type Patient = {
  readonly loaded: LoadedSettings;
  readonly checks: readonly Check[];
  readonly account: Account;
  /** The memory table, where its name does not tell. */
  readonly table: string | null;
  /** Epoch ms. */
  readonly now: number;
};

/** Something that is not as it should be, and what to do. */
export type Complaint = { readonly what: string; readonly todo: string };

/** What an examination saw: in a few words, and what is wrong of it. */
export type Finding = { readonly seen: string; readonly complaints: readonly Complaint[] };

/** One question about a deployment. It reads, and changes nothing. */
export type Examination = {
  readonly name: string;
  /** @throws Error where it cannot be looked at */
  readonly look: (patient: Patient) => Promise<Finding>;
};

/** Of what a complaint is about. */
export const mostNamed = 5;
