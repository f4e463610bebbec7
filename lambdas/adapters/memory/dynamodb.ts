import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { days } from '../../durations.ts';
import { aheadOf, mostAhead } from '../../engine/ahead.ts';
import { memoryTable } from '../../environment.ts';
import type { ClaimedMemory, Memory, Outbox } from '../../ports.ts';
import { emptyOutbox, memoryId, packText, parseStored, storedOutbox, unpackText } from './codec.ts';

const kept = days(30);
/** DynamoDB's limit of an item is 400 KB, less room for the other attributes. */
const mostBytes = 400 * 1024 - 2_048;

/**
 * Memory in a DynamoDB table: one item a check and cluster, state and outbox gzipped, expired 30 days after the last
 * run. Every step is one conditional write. An item claimed for a time to come, which would refuse every run until then, is
 * taken over as on a first run, what it left unsent apart.
 */
export function dynamoMemory(
  client: DynamoDBClient,
  table: string,
  { now }: { readonly now: () => number },
): Memory {
  const expires = () => ({ N: String(Math.floor((now() + kept) / 1000)) });

  return {
    async claim(key, minute) {
      const id = memoryId(key);
      const update = (action: string, input: Change) => updateItem(client, table, { id, action, ...input });
      const claimed = { N: String(minute) };
      // A write whose reply got lost is sent again by the SDK: the claimant lets it see that the claim is its own.
      const claimant = { S: randomUUID() };
      const write = (condition: string, held: Record<string, AttributeValue> = {}, forget = '') =>
        update('claim', {
          change: `SET #claimed = :minute, #claimant = :claimant, #${memoryTable.expires} = :expires${forget}`,
          condition: `${condition} OR #claimant = :claimant`,
          values: { ':minute': claimed, ':claimant': claimant, ':expires': expires(), ...held },
          returns: 'ALL_NEW',
        });

      const memory = `memory ${id} in table ${table}`;
      let written = await write('attribute_not_exists(#claimed) OR #claimed < :minute');
      let ahead: string | null = null;
      const held = written.item['claimed'];
      if (!written.isDone && held !== undefined && Number(held.N) > now() + mostAhead) {
        ahead = `${memory}: its last run was for ${aheadOf(now(), Number(held.N))}`;
        written = await write('#claimed = :held', { ':held': held }, ' REMOVE #state');
      }
      if (!written.isDone) return null;

      const recalled = recall(memory, written.item);
      return {
        ...recalled,
        unreadable: ahead ?? recalled.unreadable,
        ...(ahead === null ? {} : { isAhead: true }),
        async save(state, outbox) {
          const [packedState, packedOutbox] = [packText(state), packText(JSON.stringify(outbox))];
          if (packedState.byteLength + packedOutbox.byteLength > mostBytes) {
            throw new Error(
              `memory ${id}: state (${packedState.byteLength} bytes gzipped) and outbox (${packedOutbox.byteLength}) ` +
                `together are over the ${mostBytes} that fit into an item of DynamoDB`,
            );
          }
          const saved = await update('save', {
            change: `SET #state = :state, #outbox = :outbox, #${memoryTable.expires} = :expires`,
            condition: '#claimed = :mine',
            values: {
              ':state': { B: packedState },
              ':outbox': { B: packedOutbox },
              ':expires': expires(),
              ':mine': claimed,
            },
          });
          if (!saved.isDone) {
            throw new Error(
              `${memory}: another run claimed it after ${new Date(minute).toISOString()}, ` +
                'so this run saves nothing',
            );
          }
        },
        // Refused if another run claimed the memory since: that run has the outbox and sends it again.
        async clearOutbox() {
          await update('clearing of the outbox', {
            change: 'REMOVE #outbox',
            condition: '#claimed = :mine',
            values: { ':mine': claimed },
          });
        },
      };
    },
  };
}

type Change = {
  readonly change: string;
  readonly condition: string;
  readonly values: Record<string, AttributeValue>;
  readonly returns?: UpdateItemCommandInput['ReturnValues'];
};

type Item = Readonly<Record<string, AttributeValue>>;
type Written = {
  /** Whether the condition held. */
  readonly isDone: boolean;
  /** What was asked for of it; where nothing was written, as it stands. */
  readonly item: Item;
};

/** One conditional write. Every `#name` stands for the attribute of that name. */
async function updateItem(
  client: DynamoDBClient,
  table: string,
  {
    id,
    action,
    change,
    condition,
    values,
    returns = 'NONE',
  }: Change & { readonly id: string; readonly action: string },
): Promise<Written> {
  const names = [...`${change} ${condition}`.matchAll(/#(\w+)/g)].map(
    ([alias, name]) => [alias, name] as const,
  );
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { [memoryTable.key]: { S: id } },
        UpdateExpression: change,
        ConditionExpression: condition,
        ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string>,
        ExpressionAttributeValues: values,
        ReturnValues: returns,
        ReturnValuesOnConditionCheckFailure: returns === 'NONE' ? 'NONE' : 'ALL_OLD',
      }),
    );
    return { isDone: true, item: Attributes };
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) return { isDone: false, item: cause.Item ?? {} };
    throw new Error(`memory ${id} in table ${table}: its ${action} failed: ${String(cause)}`, { cause });
  }
}

/** What an item holds. A part that cannot be read counts as absent, and `unreadable` says so. */
function recall(memory: string, item: Item): Pick<ClaimedMemory, 'saved' | 'outbox' | 'unreadable'> {
  const problems: string[] = [];
  const read = <T>(attribute: 'state' | 'outbox', absent: T, decode: (text: string) => T): T => {
    const value = item[attribute];
    if (value === undefined) return absent;
    try {
      if (value.B === undefined) throw new Error('is not binary');
      return decode(unpackText(value.B));
    } catch (error) {
      problems.push(`${attribute}: ${error instanceof Error ? error.message : String(error)}`);
      return absent;
    }
  };
  const saved = read<string | null>('state', null, (text) => text);
  const outbox = read<Outbox>('outbox', emptyOutbox, (text) => parseStored(storedOutbox, text));
  return { saved, outbox, unreadable: problems.length > 0 ? `${memory}: ${problems.join('; ')}` : null };
}
