import { days, minutes } from '../../durations.ts';
import { packText } from './codec.ts';
import { packDelta } from './delta.ts';

/** A state of an earlier run in an item of its own, of which the memory's item then keeps what has changed since. */
export type Base = {
  /** Which of the two items it is in: the next base is written to the other. */
  readonly slot: Slot;
  /** Of the run that wrote it, epoch ms. */
  readonly minute: number;
  readonly text: Uint8Array;
  /** What it takes in its item, gzipped. */
  readonly packedBytes: number;
};
export type Slot = 'a' | 'b';

/** A state as its item keeps it: gzipped, or what of it differs from a base. */
export type Packed =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'delta'; readonly bytes: Uint8Array };

/** DynamoDB bills a write by its whole item, a unit a KB. */
const unit = 1_024;
/** What the memory's item holds beside the state. */
const otherBytes = 192;
const unitsOf = (bytes: number): number => Math.ceil((bytes + otherBytes) / unit);

/** Far younger than an item's expiry. */
const oldest = days(1);

/**
 * The state as its item is to keep it; null if it is worth a new base.
 * @param minute of the run, epoch ms
 * @param before the state of the last run
 */
export function packState(
  text: string,
  minute: number,
  { base, before }: { readonly base: Base | null; readonly before: string | null },
): Packed | null {
  if (base !== null && minute - base.minute < oldest) {
    const bytes = packDelta(text, base.text);
    if (isPaidBy(bytes, base, minute)) return { kind: 'delta', bytes };
  }
  const bytes = packText(text);
  return isWorthBase(bytes, text, before) ? null : { kind: 'whole', bytes };
}

/** False once a new base would have cost no more than what deltas were larger than a unit, since the last base was written. */
function isPaidBy({ byteLength }: Uint8Array, base: Base, minute: number): boolean {
  const runs = (minute - base.minute) / minutes(1);
  // They grow from run to run, so that half of the latest is the mean.
  const lost = ((unitsOf(byteLength) - 1) / 2) * runs;
  // The item that has the delta is written twice besides.
  return lost < unitsOf(base.packedBytes) + 2 * unitsOf(byteLength);
}

/** Whether little of a state changes from one run to the next. */
function isWorthBase({ byteLength }: Uint8Array, text: string, before: string | null): boolean {
  if (before === null || unitsOf(byteLength) === 1) return false;
  const changed = packDelta(text, Buffer.from(before)).byteLength;
  return unitsOf(changed) === 1 || changed * 8 <= byteLength;
}
