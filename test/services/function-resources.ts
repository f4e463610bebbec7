import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { environment, memoryTable } from '../../lambdas/environment.ts';
import type { Moto } from './moto.ts';

/** A table and a topic such as the stack makes, as a function's environment names them. */
export async function functionResources(
  { endpoint, region, env }: Moto,
  table: string,
): Promise<Readonly<Record<string, string>>> {
  const credentials = {
    accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  };
  const client = { endpoint, region, credentials };
  await new DynamoDBClient(client).send(
    new CreateTableCommand({
      TableName: table,
      KeySchema: [{ AttributeName: memoryTable.key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: memoryTable.key, AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const { TopicArn } = await new SNSClient(client).send(new CreateTopicCommand({ Name: 'findings' }));
  return { [environment.table]: table, [environment.findingsTopic]: TopicArn ?? '' };
}
