import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { environment } from '../../lambdas/environment.ts';
import { awsEndpoint } from '../infra/unsigned.ts';
import { createMemoryTable } from './dynamodb-units.ts';
import type { Moto } from './moto.ts';

/** A table and a topic such as the stack makes, as a function's environment names them. */
export async function functionResources(
  moto: Moto,
  table: string,
): Promise<Readonly<Record<string, string>>> {
  await createMemoryTable(moto, table);
  const sns = new SNSClient(awsEndpoint(moto).client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'findings' }));
  return { [environment.table]: table, [environment.findingsTopic]: TopicArn ?? '' };
}
