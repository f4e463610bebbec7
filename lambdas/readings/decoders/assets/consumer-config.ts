import { optionalTextField, textField } from '../fields.ts';
import {
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

/** @param before the one of another consumer: who makes many makes them alike, and they share one */
export const consumerConfigOf = (value: unknown, before: ConsumerConfig | null): ConsumerConfig => {
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

/** Of a reply without configurations, until it is given those that were told before. */
export const notKnownYet: ConsumerConfig = {
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
