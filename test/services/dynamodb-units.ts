import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type GetItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { memoryTable } from '../../lambdas/environment.ts';
import { awsEndpoint } from '../infra/unsigned.ts';
import type { Moto } from './moto.ts';

/** What DynamoDB bills. */
export type Units = { readonly write: number; readonly read: number };

type Item = Readonly<Record<string, AttributeValue>>;

/** As AWS' developer guide has it: names and values; a number takes a byte for two of its digits, and one more. */
const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);

function valueSize({ S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return B.byteLength;
  if (N !== undefined) return Math.ceil(N.replace(/\D/g, '').length / 2) + 1;
  throw new Error('memory has texts, numbers and bytes');
}

/** A write unit each KB of the larger of an item before and after a write, refused or not. */
const writeUnits = (before: number, after: number): number =>
  Math.max(1, Math.ceil(Math.max(before, after) / 1_024));
/** Of a consistent read: a unit each 4 KB. */
const readUnits = (size: number): number => Math.max(1, Math.ceil(size / 4_096));

/** A client of moto's DynamoDB, which bills nothing, that counts what AWS would bill for its requests. */
export function countingClient(moto: Moto) {
  const client = new DynamoDBClient(awsEndpoint(moto).client);
  const beside = new DynamoDBClient(awsEndpoint(moto).client);
  const sizes = new Map<string, number>();
  const units = new Map<string, Units>();
  const sizeNow = async (id: string, { TableName, Key }: GetItemCommandInput): Promise<number> => {
    const { Item: item } = await beside.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    const size = item === undefined ? 0 : sizeOf(item);
    sizes.set(id, size);
    return size;
  };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (request) => {
        const input = request.input as GetItemCommandInput;
        const id = input.Key?.[memoryTable.key]?.S ?? '';
        const before = sizes.get(id) ?? 0;
        try {
          return await next(request);
        } finally {
          const after = await sizeNow(id, input);
          const { write, read } = units.get(id) ?? { write: 0, read: 0 };
          if (commandName === UpdateItemCommand.name)
            units.set(id, { write: write + writeUnits(before, after), read });
          else if (commandName === GetItemCommand.name)
            units.set(id, { write, read: read + readUnits(after) });
          else throw new Error(`${String(commandName)} is not counted`);
        }
      },
    { step: 'initialize', name: 'counts units' },
  );
  return {
    client,
    /** By the item's id, since the client was made. */
    units: (): ReadonlyMap<string, Units> => new Map(units),
    stop: () => {
      client.destroy();
      beside.destroy();
    },
  };
}

/** A table such as the stack makes. */
export async function createMemoryTable(moto: Moto, TableName: string): Promise<void> {
  const client = new DynamoDBClient(awsEndpoint(moto).client);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: memoryTable.key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: memoryTable.key, AttributeType: 'S' }],
    }),
  );
  client.destroy();
}
