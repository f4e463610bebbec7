import { areNamedAlike, consumerAt, type StreamRow } from '../../readings/decoders/assets.ts';
import {
  leading,
  replicated,
  type Consumer,
  type Held,
  type Placed,
  type Stream,
  type StreamConsumers,
} from './replicated.ts';

/** Consumers by number, which is the same for all replicas of their stream. */
type Numbered = {
  readonly count: number;
  /** Where a replica of the stream shows it in its columns; -1: it does not. */
  readonly placeOf: (replica: number, index: number) => number;
};

/** Servers mostly show them in the same order; else they are put in the order of the first that shows each. */
function numbered(held: readonly Held<StreamRow>[]): Numbered {
  const shown = held.map(({ row }) => row.consumers);
  const [first] = shown;
  if (first === undefined) return { count: 0, placeOf: () => -1 };
  if (shown.every((each) => areNamedAlike(first, each))) {
    const starts = shown.map(({ from }) => from);
    return { count: first.count, placeOf: (replica, index) => (starts[replica] ?? NaN) + index };
  }
  const numbers = new Map<string, number>();
  for (const { columns, from, count } of shown)
    for (const name of columns.name.slice(from, from + count))
      if (!numbers.has(name)) numbers.set(name, numbers.size);
  const places = shown.map(({ columns, from, count }) => {
    const own = new Int32Array(numbers.size).fill(-1);
    for (let place = from; place < from + count; place += 1)
      own[numbers.get(columns.name[place] ?? '') ?? 0] = place;
    return own;
  });
  return { count: numbers.size, placeOf: (replica, index) => places[replica]?.[index] ?? -1 };
}

/** Each name is asked for once. */
function without(
  { count, placeOf }: Numbered,
  nameOf: (index: number) => string,
  isIgnored: (consumer: string) => boolean,
): Numbered {
  const kept = Array.from({ length: count }, (_, index) => index).filter(
    (index) => !isIgnored(nameOf(index)),
  );
  return { count: kept.length, placeOf: (replica, index) => placeOf(replica, kept[index] ?? NaN) };
}

/** What its replicas call it: the same. */
const naming =
  (held: readonly Held<StreamRow>[], { placeOf }: Numbered) =>
  (index: number): string => {
    for (const [replica, { row }] of held.entries()) {
      const name = row.consumers.columns.name[placeOf(replica, index)];
      if (name !== undefined) return name;
    }
    return '';
  };

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
  const shown = numbered(held);
  const { count, placeOf } = isIgnored === null ? shown : without(shown, naming(held, shown), isIgnored);
  const nameOf = naming(held, { count, placeOf });
  const columns = held.map(({ row }) => row.consumers.columns);
  const leaders = new Int8Array(count);
  for (let i = 0; i < count; i += 1)
    leaders[i] = leading(held, (replica) => columns[replica]?.group[placeOf(replica, i)]);
  const led = (index: number): Placed | null => {
    const leader = leaders[index] ?? -1;
    const of = columns[leader];
    return of === undefined ? null : { columns: of, place: placeOf(leader, index) };
  };
  const joined = new Map<number, Consumer>();
  const at = (index: number): Consumer => {
    const before = joined.get(index);
    if (before !== undefined) return before;
    const name = nameOf(index);
    const replicas = held.flatMap(({ server, row: { consumers } }, replica) => {
      const row = consumerAt(consumers.columns, placeOf(replica, index));
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
