import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { memoryTable } from '../../environment.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Attributes to set and to remove. Those that are undefined stay as they are; every `#name` of the condition stands for the attribute of that name. */
export type Change = {
  readonly set?: Item;
  readonly remove?: readonly string[];
  readonly condition: string;
  /** Of the condition, by their `:names`. */
  readonly values: Item;
};

/** One item of a table. Both reject with an error that names memory, table and what failed. */
export type TableItem = {
  /** As the last write left it; empty if there is none. */
  read(): Promise<Item>;
  /** One conditional write. @returns null once it is done; where the condition did not hold, the item as it stands */
  write(action: string, change: Change): Promise<Item | null>;
};

export function tableItem(client: DynamoDBClient, table: string, id: string): TableItem {
  const target = { TableName: table, Key: { [memoryTable.key]: { S: id } } };
  const failed = (action: string, cause: unknown) =>
    new Error(`memory ${id} in table ${table}: its ${action} failed: ${String(cause)}`, { cause });
  return {
    async read() {
      try {
        const { Item: item = {} } = await client.send(
          new GetItemCommand({ ...target, ConsistentRead: true }),
        );
        return item;
      } catch (cause) {
        throw failed('claim', cause);
      }
    },
    async write(action, { set = {}, remove = [], condition, values }) {
      const settings = Object.keys(set).map((name) => `#${name} = :set_${name}`);
      const clauses = [
        ...(settings.length > 0 ? [`SET ${settings.join(', ')}`] : []),
        ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
      ];
      const change = clauses.join(' ');
      const names = [...`${change} ${condition}`.matchAll(/#(\w+)/g)].map(
        ([alias, name = '']) => [alias, name] as const,
      );
      const given = Object.entries(set).map(([name, value]) => [`:set_${name}`, value] as const);
      try {
        await client.send(
          new UpdateItemCommand({
            ...target,
            UpdateExpression: change,
            ConditionExpression: condition,
            ExpressionAttributeNames: Object.fromEntries(names),
            ExpressionAttributeValues: { ...Object.fromEntries(given), ...values },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return null;
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return cause.Item ?? {};
        throw failed(action, cause);
      }
    },
  };
}
