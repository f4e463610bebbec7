import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ClaimedMemory, Outbox } from '../../ports.ts';
import type { Base, Slot } from './base.ts';
import { emptyOutbox, parseStored, storedOutbox, unpackText } from './codec.ts';
import { unpackDelta } from './delta.ts';
import type { Item, TableItem } from './dynamodb-item.ts';

/** What an item keeps of a state: the whole of it, or the difference, which base that is to, and of which minute. */
export const ofState = ['state', 'delta', 'base', 'since'] as const;

export const without = (item: Item, attributes: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([attribute]) => !attributes.includes(attribute)));

/** The base that an item speaks of, and whether it is as it should be; null where it speaks of none. */
type RecalledBase = { readonly base: Base | null; readonly problem: string | null };

export async function recallBase(
  item: Item,
  slots: Readonly<Record<Slot, TableItem>>,
  last: Base | undefined,
): Promise<RecalledBase | null> {
  if (item['delta'] === undefined) return null;
  const slot = item['base']?.S;
  const minute = Number(item['since']?.N);
  if ((slot !== 'a' && slot !== 'b') || Number.isNaN(minute))
    return { base: null, problem: 'does not say of which base' };
  if (last?.slot === slot && last.minute === minute) return { base: last, problem: null };
  const { claimed, text } = await slots[slot].read();
  const wanted = `base ${slot} of ${timeText(minute)}`;
  if (claimed === undefined) return { base: null, problem: `its ${wanted} is not there` };
  if (Number(claimed.N) !== minute)
    return { base: null, problem: `its ${wanted} is now of ${timeText(Number(claimed.N))}` };
  try {
    const packed = bytesOf(text);
    const base: Base = {
      slot,
      minute,
      text: Buffer.from(unpackText(packed)),
      packedBytes: packed.byteLength,
    };
    return { base, problem: null };
  } catch (error) {
    return { base: null, problem: `its ${wanted}: ${messageOf(error)}` };
  }
}

/** What an item holds. A part that cannot be read counts as absent, and `unreadable` says so. */
export function recall(
  memory: string,
  item: Item,
  known: RecalledBase | null,
): Pick<ClaimedMemory, 'saved' | 'outbox' | 'unreadable'> {
  const problems: string[] = [];
  const read = <T>(attribute: string, absent: T, decode: (bytes: Uint8Array) => T): T => {
    const value = item[attribute];
    if (value === undefined) return absent;
    try {
      return decode(bytesOf(value));
    } catch (error) {
      problems.push(`${attribute}: ${messageOf(error)}`);
      return absent;
    }
  };
  const ofBase = (bytes: Uint8Array): string => {
    if (known?.base == null) throw new Error(known?.problem ?? 'has no base');
    return unpackDelta(bytes, known.base.text);
  };
  if (item['base'] !== undefined && item['delta'] === undefined && item['state'] === undefined)
    problems.push('delta: is not there');
  const changed = read<string | null>('delta', null, ofBase);
  const saved = read<string | null>('state', changed, unpackText);
  const outbox = read<Outbox>('outbox', emptyOutbox, (bytes) => parseStored(storedOutbox, unpackText(bytes)));
  return { saved, outbox, unreadable: problems.length > 0 ? `${memory}: ${problems.join('; ')}` : null };
}

function bytesOf(value: AttributeValue | undefined): Uint8Array {
  if (value?.B === undefined) throw new Error('is not binary');
  return value.B;
}

/** Of a time that may be damaged, too. */
const timeText = (ms: number): string =>
  Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : 'a time that no calendar has';
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
