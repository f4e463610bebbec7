import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { days } from '../../durations.ts';
import type { Check } from '../../define.ts';
import { memoryTable } from '../../environment.ts';
import type { OpenBoard, OpenCounts } from '../../ports.ts';

/** Of the item of a cluster; those of checks' memories begin with a check, and no check has this name. */
const idOf = (cluster: string): string => `open#${cluster}`;
const kept = days(30);

const stored = z.record(z.string(), z.number());

/**
 * What checks have open, in the table that they keep their memory in: an item a cluster, in it an attribute a check. A note is
 * one write that gives back the whole item, so that of two checks which close at once the later one knows of both.
 */
export function dynamoOpenBoard(
  client: DynamoDBClient,
  table: string,
  { checks, now }: { readonly checks: readonly Pick<Check, 'id' | 'group'>[]; readonly now: () => number },
): OpenBoard {
  return {
    async note({ check, cluster }, open) {
      const id = idOf(cluster);
      const { Attributes: all = {} } = await client
        .send(
          new UpdateItemCommand({
            TableName: table,
            Key: { [memoryTable.key]: { S: id } },
            UpdateExpression: 'SET #check = :open, #expires = :expires',
            ExpressionAttributeNames: { '#check': check, '#expires': memoryTable.expires },
            ExpressionAttributeValues: {
              ':open': { S: JSON.stringify(open) },
              ':expires': { N: String(Math.floor((now() + kept) / 1_000)) },
            },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .catch((cause: unknown) => {
          throw new Error(`item ${id} in table ${table}: its note failed: ${String(cause)}`, { cause });
        });
      const group = checks.find((each) => each.id === check)?.group;
      const noted = checks.filter((each) => each.group === group).map((each) => countsOf(all[each.id]?.S));
      return noted.every((each) => each !== null) ? together(noted) : null;
    },
  };
}

/** Null for what is not there, or cannot be read: its check notes it again. */
function countsOf(text: string | undefined): OpenCounts | null {
  try {
    return text === undefined ? null : z.parse(stored, JSON.parse(text));
  } catch {
    return null;
  }
}

function together(all: readonly OpenCounts[]): OpenCounts {
  const sums: Record<string, number> = {};
  for (const counts of all)
    for (const [severity, count] of Object.entries(counts)) sums[severity] = (sums[severity] ?? 0) + count;
  return sums;
}
