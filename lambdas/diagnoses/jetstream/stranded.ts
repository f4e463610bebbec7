import type { StreamRow } from '../../readings/decoders/assets.ts';
import type { Consumer, Stream } from '../assets/assets.ts';

/** Why the oldest message of a stream stays though no consumer wants it. */
export type Stranded = {
  /** `passed`: a consumer that takes every subject is done with it. `unwanted`: no consumer is known to take its subject. */
  readonly cause: 'passed' | 'unwanted';
  readonly row: StreamRow;
  /** No consumer has anything to deliver or to have acknowledged, so that none is merely ahead of what was read of the stream. */
  readonly isIdle: boolean;
  /** Of all messages, those that no consumer waits for; in an interest stream several may wait for the same. */
  readonly messages: number;
  /** Consumers with messages that they gave up after `max_deliver`. */
  readonly gaveUp: readonly Consumer[];
};

type Led = { readonly consumer: Consumer; readonly row: NonNullable<Consumer['leader']>['row'] };

/** The consumers by their leaders' rows; null where one of them cannot be seen: a server that may hold one was not read. */
function ledConsumers({ consumers, replicas, leader }: Stream): readonly Led[] | null {
  const read = new Set(replicas.map(({ server }) => server.name));
  const members = leader?.row.group.replicas ?? [];
  if (members.some(({ name }) => !read.has(name))) return null;
  const led = consumers
    .all()
    .flatMap((consumer): Led[] => (consumer.leader === null ? [] : [{ consumer, row: consumer.leader.row }]));
  return led.length === consumers.count ? led : null;
}

/** Whether a consumer is still to deliver the message, or to have it acknowledged. */
const mayWant = ({ row: { pending, ackPending, ackFloor } }: Led, seq: number): boolean =>
  (pending > 0 || ackPending > 0) && ackFloor.streamSeq < seq;

const takesAll = ({ row: { config } }: Led, subjects: readonly string[]): boolean =>
  config.filters.length === 0 ||
  config.filters.includes('>') ||
  (subjects.length > 0 && subjects.every((subject) => config.filters.includes(subject)));

/**
 * Whether the oldest message of a work queue or interest stream is one that no consumer wants. Null: somebody may, or it cannot
 * be told.
 */
export function strandedIn(stream: Stream): Stranded | null {
  const { leader } = stream;
  if (leader === null || !leader.server.isSettled) return null;
  const { row } = leader;
  const { config, state } = row;
  if (config.retention === 'limits' || state.messages === 0) return null;
  const consumers = ledConsumers(stream);
  if (consumers === null || consumers.some((each) => mayWant(each, state.firstSeq))) return null;
  const waiting = consumers.map(({ row: { pending, ackPending } }) => pending + ackPending);
  const wanted =
    config.retention === 'workqueue' ? waiting.reduce((sum, one) => sum + one, 0) : Math.max(0, ...waiting);
  return {
    cause: consumers.some((each) => takesAll(each, config.subjects)) ? 'passed' : 'unwanted',
    row,
    isIdle: waiting.every((each) => each === 0),
    messages: Math.max(1, state.messages - wanted),
    gaveUp: consumers.flatMap(({ consumer, row: { config: own, redelivered } }) =>
      own.maxDeliver > 0 && redelivered > 0 ? [consumer] : [],
    ),
  };
}
