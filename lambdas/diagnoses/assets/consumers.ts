import type { ConsumerRow, StreamRow } from '../../readings/decoders/assets.ts';
import {
  leading,
  replicated,
  type Consumer,
  type Held,
  type Stream,
  type StreamConsumers,
} from './replicated.ts';

/** Of one server the rows of a stream's consumers, in an order that is the same for all servers. */
type Column = readonly (ConsumerRow | undefined)[];

/** Servers mostly show them in the same order; else they are put in the order of the first that shows each. */
function columnsOf(held: readonly Held<StreamRow>[]): readonly Column[] {
  const lists = held.map(({ row }) => row.consumers);
  const [first = []] = lists;
  if (lists.every((list) => isInOrderOf(first, list))) return lists;
  const places = new Map<string, number>();
  for (const list of lists) for (const { name } of list) if (!places.has(name)) places.set(name, places.size);
  return lists.map((list) => {
    const column = new Array<ConsumerRow | undefined>(places.size).fill(undefined);
    for (const row of list) column[places.get(row.name) ?? 0] = row;
    return column;
  });
}

function isInOrderOf(one: readonly ConsumerRow[], other: readonly ConsumerRow[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i += 1) if (one[i]?.name !== other[i]?.name) return false;
  return true;
}

const nameIn = (columns: readonly Column[], index: number): string =>
  columns.find((column) => column[index] !== undefined)?.[index]?.name ?? '';

/** Each name is asked for once. */
function without(columns: readonly Column[], isIgnored: (consumer: string) => boolean): readonly Column[] {
  const [first = []] = columns;
  const kept = [...first.keys()].filter((index) => !isIgnored(nameIn(columns, index)));
  return columns.map((column) => kept.map((index) => column[index]));
}

/**
 * The consumers of a stream's replicas.
 * @param own what tells a consumer of this name from all others, and what it is called
 */
export function consumersOf(
  stream: () => Stream,
  held: readonly Held<StreamRow>[],
  own: (consumer: string) => Pick<Consumer, 'key' | 'entity'>,
  isIgnored: ((consumer: string) => boolean) | null,
): StreamConsumers {
  const shown = columnsOf(held);
  const columns = isIgnored === null ? shown : without(shown, isIgnored);
  const count = columns[0]?.length ?? 0;
  const leaders = new Int8Array(count);
  const led: (ConsumerRow | null)[] = [];
  for (let i = 0; i < count; i += 1) {
    const leader = leading(held, (replica) => columns[replica]?.[i]);
    leaders[i] = leader;
    led.push(columns[leader]?.[i] ?? null);
  }
  const joined = new Map<number, Consumer>();
  const at = (index: number): Consumer => {
    const before = joined.get(index);
    if (before !== undefined) return before;
    const name = nameIn(columns, index);
    const replicas = held.flatMap(({ server }, replica) => {
      const row = columns[replica]?.[index];
      return row === undefined ? [] : [{ server, row }];
    });
    const consumer = { name, stream: stream(), ...own(name), ...replicated(replicas) };
    joined.set(index, consumer);
    return consumer;
  };
  return {
    ...{ count, led, at },
    leaderOf: (index) => held[leaders[index] ?? -1]?.server ?? null,
    all: () => Array.from({ length: count }, (_, index) => at(index)),
  };
}
