// /jsz?streams=true and /jsz?consumers=true, with config and raft: the replicas that one server holds.
// - Each server lists its own replica of a stream or consumer, whoever leads it. What counts on the leader's row alone:
//   replicas' lag and current, num_pending, num_waiting, mirror, sources. Followers' num_pending is 0 (2.10, 2.15) or as of
//   their start (2.9); other replicas are `current: false` there.
// - cluster.leader is omitted without a leader. A lone server, and a stream of one replica, names itself. For the first second
//   after its start 2.15.1 names itself for all.
// - cluster.raft_group from 2.10.4, leader_since from 2.11.9 and 2.12.0, desired from 2.15.
// - Replicas' lag counts raft entries, and says nothing of messages that are still to be copied.
// - lag of a mirror or source is 0 for a broken origin too; active is -1 where it never heard of it; seq of
//   sources from 2.15, of a mirror never: its own last_seq is its place in the origin.
// - config is what was asked for: on 2.15 it may be ahead of what the stream is. -1 is no limit.
// - Counts beyond 2^63 are below 0 in truth: such a row is left out.
// - A cut list of accounts is in random order before 2.15, so the whole is asked for at once.
import * as z from 'zod/mini';
import type { Consumers } from './assets/consumer-columns.ts';
import { notKnownYet } from './assets/consumer-config.ts';
import { consumersOf } from './assets/consumer-row.ts';
import { listField, rowField } from './assets/row-fields.ts';
import { bareStreamOf, streamOf, type BareStream, type StreamRow } from './assets/stream-row.ts';
import { inOrder, streamKey, type ToldBefore, type ToldConfigs } from './assets/told-config.ts';
import { decodeWith, problemAt } from './decoded.ts';
import type { Decoded } from './decoded.ts';
import { FieldError, isRow, optionalTextField, textField, type Row } from './fields.ts';
import { jszFrame, type Jsz } from './jsz.ts';
import type { LeftOut } from './left-out.ts';

export { areNamedAlike, consumerAt } from './assets/consumer-columns.ts';
export type { ConsumerColumns, ConsumerRow, Consumers } from './assets/consumer-columns.ts';
export type { ConsumerConfig } from './assets/consumer-config.ts';
export type { Desired, Group, Replica } from './assets/group.ts';
export type { Origin, StreamConfig, StreamRow, StreamState } from './assets/stream-row.ts';
export { inOrder, streamKey } from './assets/told-config.ts';
export type { ToldBefore, ToldConfigs } from './assets/told-config.ts';

/** A server's JetStream with the replicas that it holds. */
export type Assets = Omit<Jsz, 'streams' | 'consumers'> & {
  readonly streams: readonly StreamRow[];
  /** Rows that are not as expected; absent without any. */
  readonly leftOut?: LeftOut;
};

const schema = z.object({ ...jszFrame, account_details: z._default(z.nullable(z.array(z.unknown())), null) });

/** A reply without configuration of which some was never told. */
export type Untold = Pick<Assets, 'server_id' | 'now'> & { readonly isUntold: true };

/** The replicas of a server. A row that is not as expected is left out with what it holds, and the first is told. */
export function decodeAssets(json: unknown): Decoded<Assets> {
  const decoded = decode(json, null);
  return decoded.ok ? { ok: true, value: decoded.value.assets } : decoded;
}

/** The same of a reply without configuration, which was told before. */
export const decodeBareAssets =
  (toldBefore: ToldBefore) =>
  (json: unknown): Decoded<Assets | Untold> => {
    const decoded = decode(json, toldBefore);
    if (!decoded.ok) return decoded;
    const { assets, isUntold } = decoded.value;
    const { server_id, now } = assets;
    return { ok: true, value: isUntold ? { server_id, now, isUntold } : assets };
  };

type Replicas = { readonly assets: Assets; readonly isUntold: boolean };

function decode(json: unknown, toldBefore: ToldBefore | null): Decoded<Replicas> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { account_details: accounts, ...frame } = decoded.value;
  const problems: string[] = [];
  const streams: StreamRow[] = [];
  const ofConsumers = consumersOf(mostConsumersIn(accounts ?? []));
  const untold: string[] = [];
  const problem = (path: readonly PropertyKey[], error: unknown): void => {
    if (!(error instanceof FieldError)) throw error;
    const { field, expected, received } = error;
    problems.push(problemAt(field === '' ? path : [...path, field], expected, received));
  };
  const reading = (path: readonly PropertyKey[], read: () => void): void => {
    try {
      read();
    } catch (error) {
      problem(path, error);
    }
  };
  const consumersIn = (row: Row, place: readonly PropertyKey[], add: (row: Row) => void): Consumers => {
    const before = ofConsumers.count();
    const details = listField(row['consumer_detail'], 'consumer_detail');
    for (let c = 0; c < details.length; c += 1) {
      try {
        add(rowField(details[c], ''));
      } catch (error) {
        problem([...place, 'consumer_detail', c], error);
      }
    }
    return ofConsumers.after(before);
  };
  (accounts ?? []).forEach((account, a) => {
    const at = ['account_details', a] as const;
    reading(at, () => {
      const own = rowField(account, '');
      const id = textField(own['id'] ?? own['name'], 'id');
      const names = { account: id, accountName: optionalTextField(own['name'], 'name') ?? id };
      listField(own['stream_detail'], 'stream_detail').forEach((stream, s) => {
        const place = [...at, 'stream_detail', s];
        reading(place, () => {
          const row = rowField(stream, '');
          if (toldBefore === null || row['config'] !== undefined) {
            streams.push(streamOf(row, names, consumersIn(row, place, ofConsumers.whole)));
            return;
          }
          const bare = bareStreamOf(row, names);
          const consumers = consumersIn(row, place, ofConsumers.bare);
          const places = inOrder(consumers);
          const told = toldBefore(streamKey(id, bare, consumers, places));
          if (told?.consumers.length === consumers.count)
            streams.push(withTold(bare, consumers, places, told));
          else untold.push(bare.name);
        });
      });
    });
  });
  const [first] = problems;
  const isUntold = untold.length > 0;
  if (first !== undefined && streams.length === 0 && !isUntold) return { ok: false, problem: first };
  const leftOut = first === undefined ? {} : { leftOut: { count: problems.length, problem: first } };
  return { ok: true, value: { assets: { ...frame, streams, ...leftOut }, isUntold } };
}

/**
 * @param consumers get the configurations that were told of them
 * @param places of these, in order
 */
function withTold(
  bare: BareStream,
  consumers: Consumers,
  places: readonly number[],
  told: ToldConfigs,
): StreamRow {
  const { config } = consumers.columns;
  for (const [i, place] of places.entries()) config[place] = told.consumers[i] ?? notKnownYet;
  return { ...bare, config: told.stream, consumers };
}

/** As many as their lists have, whether they are as expected or not. */
function mostConsumersIn(accounts: readonly unknown[]): number {
  let most = 0;
  for (const account of accounts)
    for (const stream of listIn(account, 'stream_detail')) most += listIn(stream, 'consumer_detail').length;
  return most;
}

function listIn(row: unknown, field: string): readonly unknown[] {
  const list = isRow(row) ? row[field] : null;
  return Array.isArray(list) ? list : [];
}
