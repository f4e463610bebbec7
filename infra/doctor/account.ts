import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import type { ProbeReply } from '../../lambdas/environment.ts';
import { ensureRegion } from '../deployed/region.ts';
import type { Account } from './examination.ts';

/** The account and Region that AWS' usual environment names. @throws EnvironmentError without a Region */
export async function account(): Promise<Account> {
  const lambda = new LambdaClient();
  await ensureRegion(lambda);
  return {
    cloudWatch: new CloudWatchClient(),
    logs: new CloudWatchLogsClient(),
    dynamo: new DynamoDBClient(),
    scheduler: new SchedulerClient(),
    sns: new SNSClient(),
    async invoke(FunctionName, event) {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
      );
      const text = Buffer.from(Payload ?? []).toString('utf8');
      if (FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${text}`);
      return JSON.parse(text) as ProbeReply;
    },
  };
}
