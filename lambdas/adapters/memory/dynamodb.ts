import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { days } from '../../durations.ts';
import { aheadOf, mostAhead } from '../../engine/ahead.ts';
import { memoryTable } from '../../environment.ts';
import { RunTwiceError, type Memory } from '../../ports.ts';
import { packState, type Base, type Packed, type Slot } from './base.ts';
import { memoryId, packText } from './codec.ts';
import { packDelta } from './delta.ts';
import { tableItem, type Item } from './dynamodb-item.ts';
import { ofState, recall, recallBase, without } from './dynamodb-recall.ts';

const kept = days(30);
/** DynamoDB's limit of an item is 400 KB, less room for the other attributes. */
const mostBytes = 400 * 1024 - 2_048;

/**
 * Memory in a DynamoDB table, expired 30 days after the last run: an item a check and cluster, with the minute of the last
 * run, its state and its outbox, gzipped. DynamoDB bills each write by the whole item. So a state that is larger than a unit
 * is kept in an item beside it, the base, which is written now and then, and the first one keeps what has changed since.
 *
 * A claim reads; the first write of a run takes the minute, and is refused if another run wrote since. Of two bases the
 * older is overwritten, and only by a run that has taken its minute: at every moment the base is there that the first item
 * speaks of. An item claimed for a time to come, which would refuse every run until then, is taken over as on a first
 * run, what it left unsent apart.
 */
export function dynamoMemory(
  client: DynamoDBClient,
  table: string,
  { now }: { readonly now: () => number },
): Memory {
  /** By the ids of memories, for the next run of this process. */
  const bases = new Map<string, Base>();

  return {
    async claim(key, minute) {
      const id = memoryId(key);
      const name = `memory ${id} in table ${table}`;
      const own = tableItem(client, table, id);
      const slots = {
        a: tableItem(client, table, `${id}#a`),
        b: tableItem(client, table, `${id}#b`),
      };

      const item = await own.read();
      const claimed = item['claimed']?.N;
      const isAhead = Number(claimed) >= minute && Number(claimed) > now() + mostAhead;
      if (Number(claimed) >= minute && !isAhead) return null;
      const known = isAhead ? null : await recallBase(item, slots, bases.get(id));
      const recalled = isAhead
        ? {
            ...recall(name, without(item, ofState), null),
            unreadable: `${name}: its last run was for ${aheadOf(now(), Number(claimed))}`,
            isAhead,
          }
        : recall(name, item, known);

      let base = known?.base ?? null;
      // A write whose reply got lost is sent again by the SDK: the claimant lets it see that what stands there is its own.
      const mine = {
        claimed: { N: String(minute) },
        claimant: { S: randomUUID() },
      };
      const expires = (more = 0) => ({ N: String(Math.floor((now() + kept + more) / 1_000)) });
      /** Takes the minute, if no other run did since this one claimed. */
      const write = async (set: Item, remove: readonly string[]): Promise<void> => {
        const isAsRead = claimed === undefined ? 'attribute_not_exists(#claimed)' : '#claimed = :read';
        const stands = await own.write('save', {
          set: { ...mine, [memoryTable.expires]: expires(), ...set },
          remove,
          condition: `${isAsRead} OR #claimant = :mine`,
          values: { ':mine': mine.claimant, ...(claimed === undefined ? {} : { ':read': { N: claimed } }) },
        });
        if (stands === null) return;
        const since = `another run claimed it after ${new Date(minute).toISOString()}`;
        if (stands['claimed']?.N === mine.claimed.N)
          throw new RunTwiceError(`${name}: another run saved this minute, so this run saves nothing`);
        throw new Error(`${name}: ${since}, so this run saves nothing`);
      };
      /** Writes a base over the older one. @returns null if a later run was faster */
      const rebase = async (text: string, packed: Uint8Array): Promise<Base | null> => {
        const slot: Slot = (base?.slot ?? item['base']?.S) === 'a' ? 'b' : 'a';
        await write({}, []);
        const refused = await slots[slot].write('save', {
          set: { ...mine, text: { B: packed }, [memoryTable.expires]: expires(days(1)) },
          condition: 'attribute_not_exists(#claimed) OR #claimed < :minute OR #claimant = :mine',
          values: { ':minute': mine.claimed, ':mine': mine.claimant },
        });
        if (refused !== null) return null;
        return { slot, minute, text: Buffer.from(text), packedBytes: packed.byteLength };
      };
      const store = async (state: string, outboxBytes: number): Promise<Packed> => {
        const packed = packState(state, minute, { base, before: recalled.saved });
        if (packed?.kind === 'delta') return packed;
        const bytes = packed?.bytes ?? packText(state);
        if (bytes.byteLength + outboxBytes > mostBytes) {
          throw new Error(
            `memory ${id}: state (${bytes.byteLength} bytes gzipped) and outbox (${outboxBytes}) ` +
              `together are over the ${mostBytes} that fit into an item of DynamoDB`,
          );
        }
        base = packed === null ? await rebase(state, bytes) : null;
        return base === null
          ? { kind: 'whole', bytes }
          : { kind: 'delta', bytes: packDelta(state, base.text) };
      };

      return {
        ...recalled,
        async save(state, outbox) {
          const isEmpty = outbox.datapoints.length === 0 && outbox.messages.length === 0;
          const unsent = isEmpty ? null : packText(JSON.stringify(outbox));
          const packed = await store(state, unsent?.byteLength ?? 0);
          const stored: Item =
            packed.kind === 'whole' || base === null
              ? { state: { B: packed.bytes } }
              : { delta: { B: packed.bytes }, base: { S: base.slot }, since: { N: String(base.minute) } };
          const set: Item = unsent === null ? stored : { ...stored, outbox: { B: unsent } };
          await write(
            set,
            [...ofState, 'outbox'].filter((attribute) => !(attribute in set)),
          );
          if (base === null) bases.delete(id);
          else bases.set(id, base);
        },
        // Refused if another run has written since: that run has the outbox and sends it again.
        async clearOutbox() {
          await own.write('clearing of the outbox', {
            remove: ['outbox'],
            condition: '#claimant = :mine',
            values: { ':mine': mine.claimant },
          });
        },
      };
    },
  };
}
