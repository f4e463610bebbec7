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
import { countWords, decodeWith, problemAt } from './decoded.ts';
import type { Decoded } from './decoded.ts';
import {
  countField,
  FieldError,
  isRow,
  numberField,
  optionalTextField,
  textField,
  timeField,
  timeOrNullField,
  type Row,
} from './fields.ts';
import type { EpochMs } from './go-values.ts';
import { jszFrame, type Jsz } from './jsz.ts';
import type { LeftOut } from './left-out.ts';

type Nanoseconds = number;

/** A member of a raft group as the answering server sees it, that server itself aside. */
export type Replica = {
  readonly name: string;
  readonly current: boolean;
  readonly offline: boolean;
  /** Since it was last heard; 0 also where it never was. */
  readonly active: Nanoseconds;
  /** Raft entries. */
  readonly lag: number;
  readonly peer: string | undefined;
  /** From 2.15 on: assigned, and not yet or not any more a member. */
  readonly pending: boolean;
};

/** What a 2.15 server is still to bring about: another set of replicas, another place. */
export type Desired = {
  readonly created: EpochMs | null;
  readonly replicas: number;
  /** `meta`, `membership`, `snapshot`, `catchup`, `quorum`, `blocked` or `unavailable`. */
  readonly status: string | undefined;
  readonly description: string | undefined;
  readonly error: string | undefined;
};

export type Group = {
  /** Of a lone server: it leads what it holds, and has no raft group. */
  readonly isAlone: boolean;
  /** Null without one. */
  readonly leader: string | null;
  readonly leaderSince: EpochMs | null;
  readonly raftGroup: string | undefined;
  readonly replicas: readonly Replica[];
  readonly desired: Desired | null;
};

export type Origin = {
  readonly name: string;
  readonly lag: number;
  /** Since it was last heard; -1 where it never was. */
  readonly active: Nanoseconds;
  /** Last sequence of the origin that was copied, from 2.15 on. */
  readonly seq: number | undefined;
  /** The API prefix of another account or domain. */
  readonly external: string | undefined;
  /** It takes some subjects only. */
  readonly isFiltered: boolean;
  readonly error: { readonly code: number; readonly errCode: number; readonly description: string } | null;
};

type Metadata = Readonly<Record<string, string>>;

/** -1 is no limit; durations are nanoseconds. */
export type StreamConfig = {
  readonly retention: string;
  readonly discard: string;
  readonly storage: string;
  readonly replicas: number;
  readonly maxMsgs: number;
  readonly maxBytes: number;
  readonly maxAge: Nanoseconds;
  readonly maxMsgsPerSubject: number;
  readonly maxConsumers: number;
  readonly subjects: readonly string[];
  /** Names of the streams it copies. */
  readonly mirror: string | null;
  readonly sources: readonly string[];
  readonly metadata: Metadata;
};

export type StreamState = {
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstAt: EpochMs | null;
  readonly lastAt: EpochMs | null;
  readonly subjects: number;
  readonly deleted: number;
  readonly consumers: number;
};

/** One replica of a stream. */
export type StreamRow = {
  /** The key of an account, and what people call it: another text in operator mode. */
  readonly account: string;
  readonly accountName: string;
  readonly name: string;
  readonly created: EpochMs;
  readonly group: Group;
  readonly config: StreamConfig;
  readonly state: StreamState;
  readonly mirror: Origin | null;
  readonly sources: readonly Origin[];
  readonly consumers: readonly ConsumerRow[];
};

export type ConsumerConfig = {
  readonly durable: boolean;
  readonly ackPolicy: string;
  readonly ackWait: Nanoseconds;
  readonly maxDeliver: number;
  readonly maxAckPending: number;
  /** Of a push consumer. */
  readonly deliverSubject: string | undefined;
  readonly filters: readonly string[];
  /** After which an unused one is removed; 0: never. */
  readonly inactiveThreshold: Nanoseconds;
  /** 0: as many as the stream. */
  readonly replicas: number;
  readonly priorityPolicy: string | undefined;
  /** Messages are delivered as far apart as they were published. */
  readonly replaysPace: boolean;
  readonly metadata: Metadata;
};

type Sequences = {
  readonly consumerSeq: number;
  readonly streamSeq: number;
  /** Null until the leader has seen one. */
  readonly at: EpochMs | null;
};

/** One replica of a consumer. */
export type ConsumerRow = {
  readonly name: string;
  readonly created: EpochMs;
  readonly group: Group;
  readonly config: ConsumerConfig;
  readonly delivered: Sequences;
  readonly ackFloor: Sequences;
  readonly ackPending: number;
  /** Messages delivered more than once and not acknowledged; those given up for `max_deliver` stay. */
  readonly redelivered: number;
  /** Pull requests that wait. */
  readonly waiting: number;
  readonly pending: number;
  readonly pushBound: boolean;
  readonly paused: boolean;
};

/** A server's JetStream with the replicas that it holds. */
export type Assets = Omit<Jsz, 'streams' | 'consumers'> & {
  readonly streams: readonly StreamRow[];
  /** Rows that are not as expected; absent without any. */
  readonly leftOut?: LeftOut;
};

const none: readonly never[] = [];
const noMetadata: Metadata = {};

const listField = (value: unknown, field: string): readonly unknown[] => {
  if (value === undefined || value === null) return none;
  if (!Array.isArray(value)) throw new FieldError(field, 'array', value);
  return value;
};
const rowField = (value: unknown, field: string): Row => {
  if (!isRow(value)) throw new FieldError(field, 'object', value);
  return value;
};
const orDefault = <T>(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => T,
  other: T,
): T => (value === undefined ? other : read(value, field));
const numberOr = (value: unknown, field: string, other: number): number =>
  value === undefined ? other : numberField(value, field);
/** Of what is stored or waits: beyond 2^63 it was counted below 0. */
const amountField = (value: unknown, field: string): number => {
  const amount = countField(value, field);
  if (amount >= 2 ** 63) throw new FieldError(field, countWords, value);
  return amount;
};
const isTrue = (value: unknown): boolean => value === true;
const mapped = <T>(list: readonly unknown[], decode: (value: unknown) => T): readonly T[] =>
  list.length === 0 ? none : list.map(decode);
const texts = (value: unknown, field: string): readonly string[] =>
  mapped(listField(value, field), (each) => textField(each, field));

const replicaOf = (value: unknown): Replica => {
  const row = rowField(value, 'cluster.replicas');
  return {
    name: textField(row['name'], 'cluster.replicas.name'),
    current: isTrue(row['current']),
    offline: isTrue(row['offline']),
    active: orDefault(row['active'], 'cluster.replicas.active', numberField, 0),
    lag: orDefault(row['lag'], 'cluster.replicas.lag', numberField, 0),
    peer: optionalTextField(row['peer'], 'cluster.replicas.peer'),
    pending: isTrue(row['pending']),
  };
};

const desiredOf = (value: unknown): Desired => {
  const row = rowField(value, 'cluster.desired');
  const status = isRow(row['status']) ? row['status'] : {};
  return {
    created: orDefault(row['created'], 'cluster.desired.created', timeOrNullField, null),
    replicas: listField(row['replicas'], 'cluster.desired.replicas').length,
    status: optionalTextField(status['type'], 'cluster.desired.status.type'),
    description: optionalTextField(status['description'], 'cluster.desired.status.description'),
    error: optionalTextField(status['err'], 'cluster.desired.status.err'),
  };
};

const alone: Group = {
  isAlone: true,
  leader: null,
  leaderSince: null,
  raftGroup: undefined,
  replicas: none,
  desired: null,
};

type ReplicasOf = (list: readonly unknown[], leader: string) => readonly Replica[];

const groupOf = (value: unknown, replicasOf: ReplicasOf = allReplicas): Group => {
  if (value === undefined) return alone;
  const row = rowField(value, 'cluster');
  const leader = optionalTextField(row['leader'], 'cluster.leader') ?? '';
  return {
    isAlone: false,
    leader: leader === '' ? null : leader,
    leaderSince: orDefault(row['leader_since'], 'cluster.leader_since', timeOrNullField, null),
    raftGroup: optionalTextField(row['raft_group'], 'cluster.raft_group'),
    replicas: replicasOf(listField(row['replicas'], 'cluster.replicas'), leader),
    desired: row['desired'] === undefined ? null : desiredOf(row['desired']),
  };
};

const allReplicas: ReplicasOf = (list) => mapped(list, replicaOf);

/** Of consumers: where another server leads only names count, so followers' replicas are few and shared. */
function fewReplicas(): ReplicasOf {
  const known = new Map<string, Replica>();
  const named = (value: unknown): Replica => {
    const row = rowField(value, 'cluster.replicas');
    const name = textField(row['name'], 'cluster.replicas.name');
    const { active, lag, peer } = row;
    if (active !== undefined) numberField(active, 'cluster.replicas.active');
    if (lag !== undefined) numberField(lag, 'cluster.replicas.lag');
    const before = known.get(name);
    if (before?.peer === peer && before?.pending === isTrue(row['pending'])) return before;
    const replica = { ...replicaOf(row), current: false, offline: false, active: 0, lag: 0 };
    known.set(name, replica);
    return replica;
  };
  return (list, leader) => {
    for (const value of list) if (isRow(value) && value['name'] === leader) return list.map(named);
    return allReplicas(list, leader);
  };
}

const originOf =
  (field: string) =>
  (value: unknown): Origin => {
    const row = rowField(value, field);
    const external = row['external'];
    const error = row['error'];
    return {
      name: textField(row['name'], `${field}.name`),
      lag: amountField(row['lag'], `${field}.lag`),
      active: numberField(row['active'], `${field}.active`),
      seq: row['seq'] === undefined ? undefined : amountField(row['seq'], `${field}.seq`),
      external: isRow(external) ? optionalTextField(external['api'], `${field}.external.api`) : undefined,
      isFiltered:
        (row['filter_subject'] ?? '') !== '' ||
        listField(row['subject_transforms'], `${field}.subject_transforms`).length > 0,
      error: isRow(error)
        ? {
            code: orDefault(error['code'], `${field}.error.code`, numberField, 0),
            errCode: orDefault(error['err_code'], `${field}.error.err_code`, numberField, 0),
            description: orDefault(error['description'], `${field}.error.description`, textField, ''),
          }
        : null,
    };
  };

/** Its values are texts; others are nobody's. What a server notes for itself (`_nats.req.level`) is left out where it is all. */
const metadataOf = (value: unknown): Metadata => {
  if (!isRow(value)) return noMetadata;
  for (const key in value) if (!key.startsWith('_nats.')) return value as Metadata;
  return noMetadata;
};

const nameOf = (value: unknown): string =>
  textField(rowField(value, 'config.sources')['name'], 'config.sources.name');

const streamConfigOf = (value: unknown): StreamConfig => {
  const row = rowField(value, 'config');
  return {
    retention: textField(row['retention'], 'config.retention'),
    discard: orDefault(row['discard'], 'config.discard', textField, 'old'),
    storage: textField(row['storage'], 'config.storage'),
    replicas: numberField(row['num_replicas'], 'config.num_replicas'),
    maxMsgs: numberField(row['max_msgs'], 'config.max_msgs'),
    maxBytes: numberField(row['max_bytes'], 'config.max_bytes'),
    maxAge: numberField(row['max_age'], 'config.max_age'),
    maxMsgsPerSubject: orDefault(row['max_msgs_per_subject'], 'config.max_msgs_per_subject', numberField, -1),
    maxConsumers: numberField(row['max_consumers'], 'config.max_consumers'),
    subjects: texts(row['subjects'], 'config.subjects'),
    mirror: row['mirror'] === undefined || row['mirror'] === null ? null : nameOf(row['mirror']),
    sources: mapped(listField(row['sources'], 'config.sources'), nameOf),
    metadata: metadataOf(row['metadata']),
  };
};

const stateOf = (value: unknown): StreamState => {
  const row = rowField(value, 'state');
  return {
    messages: amountField(row['messages'], 'state.messages'),
    bytes: amountField(row['bytes'], 'state.bytes'),
    firstSeq: amountField(row['first_seq'], 'state.first_seq'),
    lastSeq: amountField(row['last_seq'], 'state.last_seq'),
    firstAt: orDefault(row['first_ts'], 'state.first_ts', timeOrNullField, null),
    lastAt: orDefault(row['last_ts'], 'state.last_ts', timeOrNullField, null),
    subjects: orDefault(row['num_subjects'], 'state.num_subjects', amountField, 0),
    deleted: orDefault(row['num_deleted'], 'state.num_deleted', amountField, 0),
    consumers: orDefault(row['consumer_count'], 'state.consumer_count', amountField, 0),
  };
};

/** @param before the one of another consumer: who makes many makes them alike, and they share one */
const consumerConfigOf = (value: unknown, before: ConsumerConfig | null): ConsumerConfig => {
  const row = rowField(value, 'config');
  const durable = typeof row['durable_name'] === 'string' && row['durable_name'] !== '';
  const ackPolicy = textField(row['ack_policy'], 'config.ack_policy');
  const ackWait = numberOr(row['ack_wait'], 'config.ack_wait', 0);
  const maxDeliver = numberOr(row['max_deliver'], 'config.max_deliver', -1);
  const maxAckPending = numberOr(row['max_ack_pending'], 'config.max_ack_pending', -1);
  const deliverSubject = optionalTextField(row['deliver_subject'], 'config.deliver_subject');
  const filter = optionalTextField(row['filter_subject'], 'config.filter_subject');
  const filters = filter === undefined ? texts(row['filter_subjects'], 'config.filter_subjects') : [filter];
  const inactiveThreshold = numberOr(row['inactive_threshold'], 'config.inactive_threshold', 0);
  const replicas = numberOr(row['num_replicas'], 'config.num_replicas', 0);
  const priorityPolicy = optionalTextField(row['priority_policy'], 'config.priority_policy');
  const replaysPace = row['replay_policy'] === 'original';
  const metadata = metadataOf(row['metadata']);
  if (
    before?.durable === durable &&
    before.ackPolicy === ackPolicy &&
    before.ackWait === ackWait &&
    before.maxDeliver === maxDeliver &&
    before.maxAckPending === maxAckPending &&
    before.deliverSubject === deliverSubject &&
    before.filters === filters &&
    before.inactiveThreshold === inactiveThreshold &&
    before.replicas === replicas &&
    before.priorityPolicy === priorityPolicy &&
    before.replaysPace === replaysPace &&
    before.metadata === metadata
  )
    return before;
  return {
    ...{ durable, ackPolicy, ackWait, maxDeliver, maxAckPending, deliverSubject, filters },
    ...{ inactiveThreshold, replicas, priorityPolicy, replaysPace, metadata },
  };
};

const sequencesOf = (field: string) => {
  const [consumerSeq, streamSeq, lastActive] = ['consumer_seq', 'stream_seq', 'last_active'].map(
    (name) => `${field}.${name}`,
  ) as [string, string, string];
  return (value: unknown): Sequences => {
    const row = rowField(value, field);
    const at = row['last_active'];
    return {
      consumerSeq: amountField(row['consumer_seq'], consumerSeq),
      streamSeq: amountField(row['stream_seq'], streamSeq),
      at: at === undefined ? null : timeOrNullField(at, lastActive),
    };
  };
};
const deliveredOf = sequencesOf('delivered');
const ackFloorOf = sequencesOf('ack_floor');

/** A decoder of the consumers of one reply. */
function consumersOf(): (row: Row) => ConsumerRow {
  const replicasOf = fewReplicas();
  let config: ConsumerConfig | null = null;
  return (row) => {
    config = consumerConfigOf(row['config'], config);
    return {
      name: textField(row['name'], 'name'),
      created: timeField(row['created'], 'created'),
      group: groupOf(row['cluster'], replicasOf),
      config,
      delivered: deliveredOf(row['delivered']),
      ackFloor: ackFloorOf(row['ack_floor']),
      ackPending: amountField(row['num_ack_pending'], 'num_ack_pending'),
      redelivered: amountField(row['num_redelivered'], 'num_redelivered'),
      waiting: amountField(row['num_waiting'], 'num_waiting'),
      pending: amountField(row['num_pending'], 'num_pending'),
      pushBound: isTrue(row['push_bound']),
      paused: isTrue(row['paused']),
    };
  };
}

type Account = { readonly account: string; readonly accountName: string };

const streamOf = (
  row: Row,
  { account, accountName }: Account,
  consumers: readonly ConsumerRow[],
): StreamRow => ({
  account,
  accountName,
  name: textField(row['name'], 'name'),
  created: timeField(row['created'], 'created'),
  group: groupOf(row['cluster']),
  config: streamConfigOf(row['config']),
  state: stateOf(row['state']),
  mirror: row['mirror'] === undefined || row['mirror'] === null ? null : originOf('mirror')(row['mirror']),
  sources: mapped(listField(row['sources'], 'sources'), originOf('sources')),
  consumers,
});

const schema = z.object({ ...jszFrame, account_details: z._default(z.nullable(z.array(z.unknown())), null) });

/** The replicas of a server. A row that is not as expected is left out with what it holds, and the first is told. */
export function decodeAssets(json: unknown): Decoded<Assets> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { account_details: accounts, ...frame } = decoded.value;
  const problems: string[] = [];
  const streams: StreamRow[] = [];
  const consumerOf = consumersOf();
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
          const consumers: ConsumerRow[] = [];
          const details = listField(row['consumer_detail'], 'consumer_detail');
          for (let c = 0; c < details.length; c += 1) {
            try {
              consumers.push(consumerOf(rowField(details[c], '')));
            } catch (error) {
              problem([...place, 'consumer_detail', c], error);
            }
          }
          streams.push(streamOf(row, names, consumers));
        });
      });
    });
  });
  const [first] = problems;
  if (first === undefined) return { ok: true, value: { ...frame, streams } };
  if (streams.length === 0) return { ok: false, problem: first };
  return { ok: true, value: { ...frame, streams, leftOut: { count: problems.length, problem: first } } };
}
