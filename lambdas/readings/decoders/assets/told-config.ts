import { textHash } from '../../../text-hash.ts';
import type { EpochMs } from '../go-values.ts';
import type { ConsumerConfig, ConsumerRow } from './consumer-row.ts';
import type { StreamConfig } from './stream-row.ts';

/** Of a stream and its consumers, these in the order of their names. */
export type ToldConfigs = { readonly stream: StreamConfig; readonly consumers: readonly ConsumerConfig[] };

/** What a reply told before of a stream with just these consumers, by `streamKey`; null for one that is new or has others now. */
export type ToldBefore = (key: string) => ToldConfigs | null;

type Named = { readonly name: string; readonly created: EpochMs };

export const inOrder = <T extends Pick<ConsumerRow, 'name'>>(consumers: readonly T[]): readonly T[] =>
  consumers.every(({ name }, i) => i === 0 || name > (consumers[i - 1]?.name ?? name))
    ? consumers
    : consumers.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));

/** Tells a stream with its consumers, which are in order, from all others: one that was made anew of the same name is another. */
export function streamKey(account: string, stream: Named, consumers: readonly Named[]): string {
  let text = account;
  for (const { name, created } of [stream, ...consumers]) text += `\n${name} ${created}`;
  return textHash(text, 0).toString(36);
}
