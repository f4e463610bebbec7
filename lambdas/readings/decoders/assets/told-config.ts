import { textHash } from '../../../text-hash.ts';
import type { EpochMs } from '../go-values.ts';
import type { Consumers } from './consumer-columns.ts';
import type { ConsumerConfig } from './consumer-config.ts';
import type { StreamConfig } from './stream-row.ts';

/** Of a stream and its consumers, these in the order of their names. */
export type ToldConfigs = { readonly stream: StreamConfig; readonly consumers: readonly ConsumerConfig[] };

/** What a reply told before of a stream with just these consumers, by `streamKey`; null for one that is new or has others now. */
export type ToldBefore = (key: string) => ToldConfigs | null;

type Named = { readonly name: string; readonly created: EpochMs };

/** Places of consumers in the order of their names. */
export function inOrder({ columns: { name: names }, from, count }: Consumers): readonly number[] {
  const nameAt = (place: number): string => names[place] ?? '';
  const places = Array.from({ length: count }, (_, i) => from + i);
  const isOrdered = places.every((place, i) => i === 0 || nameAt(place) > nameAt(place - 1));
  if (isOrdered) return places;
  return places.sort((a, b) => (nameAt(a) < nameAt(b) ? -1 : Number(nameAt(a) > nameAt(b))));
}

/**
 * Tells a stream with its consumers from all others: one that was made anew of the same name is another.
 * @param places of its consumers, in order
 */
export function streamKey(
  account: string,
  stream: Named,
  { columns: { name, created } }: Consumers,
  places: readonly number[],
): string {
  let text = `${account}\n${stream.name} ${stream.created}`;
  for (const place of places) text += `\n${name[place] ?? ''} ${created[place] ?? NaN}`;
  return textHash(text, 0).toString(36);
}
