import { ListTablesCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { allOf } from './pages.ts';

/** What was asked for is not in this account and Region. */
export class NotDeployedError extends Error {
  override readonly name = 'NotDeployedError';
}

/** The memory table of a deployment, by the name that CloudFormation gives it. @throws NotDeployedError where there is none */
export async function memoryTableOf(client: DynamoDBClient, deployment: string): Promise<string> {
  const beginning = `${deployment}-checks-Memory`;
  const names = await allOf(async (ExclusiveStartTableName) => {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName }));
    return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
  });
  const found = names.find((name) => name.startsWith(beginning));
  if (found !== undefined) return found;
  throw new NotDeployedError(
    `no table ${beginning}… in this Region: is ${deployment} deployed here? In a stack of your own name it by --table`,
  );
}
