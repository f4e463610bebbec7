import { ListTablesCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EnvironmentError } from '../command-line.ts';
import { allOf } from './pages.ts';

/** The memory table of a deployment, by the name that CloudFormation gives it. @throws EnvironmentError where there is none */
export async function memoryTableOf(client: DynamoDBClient, deployment: string): Promise<string> {
  const beginning = `${deployment}-checks-Memory`;
  const names = await allOf(async (ExclusiveStartTableName) => {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName }));
    return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
  });
  const found = names.find((name) => name.startsWith(beginning));
  if (found !== undefined) return found;
  throw new EnvironmentError(
    `no table ${beginning}… in this Region: is ${deployment} deployed here? In a stack of your own name it by --table`,
  );
}
