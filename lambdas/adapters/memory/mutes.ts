import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { days } from '../../durations.ts';
import { memoryTable } from '../../environment.ts';
import type { Mute } from '../../ports.ts';

/** The id of the item with the mutes that a command made, beside those of checks, whose ids have a `#`. */
const id = 'mutes';

const stored = z.array(
  z.object({
    cluster: z.string(),
    /** Epoch ms. */
    from: z.number(),
    until: z.number(),
    why: z.string(),
    /** Names of CloudWatch's alarm mute rules, which end when it does. */
    rules: z.array(z.string()),
  }),
);
/** A cluster muted by command for a while. */
export type ClusterMute = z.output<typeof stored>[number];

export type ClusterMutes = {
  /** @throws Error if they cannot be read */
  read(): Promise<readonly ClusterMute[]>;
  /** Changes what is kept, unless another command did so since it was read. @throws Error if it could not be written */
  change(next: (before: readonly ClusterMute[]) => readonly ClusterMute[]): Promise<void>;
};

/** Mutes by command, in the table that checks keep their memory in: one item, which expires after the last of them. */
export function dynamoMutes(client: DynamoDBClient, table: string): ClusterMutes {
  const key = { [memoryTable.key]: { S: id } };
  const load = async () => {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key }));
    const list = Item?.['list']?.S;
    return { list, mutes: list === undefined ? [] : z.parse(stored, JSON.parse(list)) };
  };
  return {
    read: async () => (await load()).mutes,
    async change(next) {
      const { list, mutes } = await load();
      const after = next(mutes);
      const expires = Math.ceil((Math.max(0, ...after.map(({ until }) => until)) + days(1)) / 1_000);
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key,
          UpdateExpression: 'SET #list = :after, #expires = :expires',
          ConditionExpression: list === undefined ? 'attribute_not_exists(#list)' : '#list = :before',
          ExpressionAttributeNames: { '#list': 'list', '#expires': memoryTable.expires },
          ExpressionAttributeValues: {
            ':after': { S: JSON.stringify(after) },
            ':expires': { N: String(expires) },
            ...(list === undefined ? {} : { ':before': { S: list } }),
          },
        }),
      );
    },
  };
}

/** As findings know it. */
export const muteOf = ({ cluster, from, until, why }: ClusterMute): Mute => ({
  why,
  clusters: [cluster],
  checks: null,
  diagnoses: null,
  when: { kind: 'window', from, until },
});
