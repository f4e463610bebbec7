import { optionalTextField, textField, timeField, timeOrNullField, type Row } from '../fields.ts';
import type { EpochMs } from '../go-values.ts';
import { groupsOfConsumers, type Group } from './group.ts';
import {
  amountField,
  isTrue,
  metadataOf,
  none,
  numberOr,
  rowField,
  texts,
  type Metadata,
  type Nanoseconds,
} from './row-fields.ts';

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
  /** Null until the leader has seen one, and where another server leads: only the leader's is asked for. */
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
  return (value: unknown, isFollower: boolean): Sequences => {
    const row = rowField(value, field);
    const at = isFollower ? undefined : row['last_active'];
    return {
      consumerSeq: amountField(row['consumer_seq'], consumerSeq),
      streamSeq: amountField(row['stream_seq'], streamSeq),
      at: at === undefined ? null : timeOrNullField(at, lastActive),
    };
  };
};
/** Of a consumer that waits for no acknowledgement, whose two are kept as one. */
const areEqual = (one: Sequences, other: Sequences): boolean =>
  one.streamSeq === other.streamSeq && one.consumerSeq === other.consumerSeq && one.at === other.at;

const deliveredOf = sequencesOf('delivered');
const ackFloorOf = sequencesOf('ack_floor');

/** As a reply without configuration shows it, which it is given when it is known. */
export type BareConsumer = Omit<ConsumerRow, 'config'> & { config: ConsumerConfig };

const notKnownYet: ConsumerConfig = {
  ...{
    durable: false,
    ackPolicy: '',
    ackWait: 0,
    maxDeliver: 0,
    maxAckPending: 0,
    deliverSubject: undefined,
  },
  ...{ filters: none, inactiveThreshold: 0, replicas: 0, priorityPolicy: undefined, replaysPace: false },
  metadata: metadataOf(undefined),
};

/** Decoders of the consumers of one reply, with their configuration and without. */
export function consumersOf() {
  const { groupOf, isFollower } = groupsOfConsumers();
  let told: ConsumerConfig | null = null;
  const rowOf = (row: Row, config: ConsumerConfig): BareConsumer => {
    const group = groupOf(row['cluster']);
    const isFollowing = isFollower(group);
    const delivered = deliveredOf(row['delivered'], isFollowing);
    const ackFloor = ackFloorOf(row['ack_floor'], isFollowing);
    // One object: there are tens of thousands.
    return {
      name: textField(row['name'], 'name'),
      created: timeField(row['created'], 'created'),
      group,
      config,
      delivered,
      ackFloor: areEqual(delivered, ackFloor) ? delivered : ackFloor,
      ackPending: amountField(row['num_ack_pending'], 'num_ack_pending'),
      redelivered: amountField(row['num_redelivered'], 'num_redelivered'),
      waiting: amountField(row['num_waiting'], 'num_waiting'),
      pending: amountField(row['num_pending'], 'num_pending'),
      pushBound: isTrue(row['push_bound']),
      paused: isTrue(row['paused']),
    };
  };
  const whole = (row: Row): ConsumerRow => {
    told = consumerConfigOf(row['config'], told);
    return rowOf(row, told);
  };
  return { bare: (row: Row) => rowOf(row, notKnownYet), whole };
}
