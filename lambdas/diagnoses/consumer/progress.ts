import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import { hasFrom } from '../../engine/versions.ts';
import type { ClusterAssets, Consumer, Held, Stream } from '../assets/assets.ts';

/** How far a consumer has come. */
export type Progress = {
  readonly consumer: Consumer;
  /** Its leader's, or where that is not known the one of the replica that has come farthest. */
  readonly row: ConsumerRow;
  readonly leader: Held<ConsumerRow> | null;
  /** Messages that it has still to deliver; without its leader's row those of the stream behind the last delivered one. */
  readonly pending: number;
};

/** From this release on followers know what was delivered and acknowledged. */
const followersKnow = ['2.10.0'];

function farthest({ replicas, isSettled }: Consumer): ConsumerRow | null {
  if (!isSettled) return null;
  const rows = replicas.flatMap(({ server, row }) =>
    hasFrom(server.varz.version, followersKnow) ? [row] : [],
  );
  return rows.reduce<ConsumerRow | null>(
    (most, row) => (most === null || row.delivered.streamSeq > most.delivered.streamSeq ? row : most),
    null,
  );
}

/** The stream's last sequence, by whichever replica has most. */
export function lastSeqOf({ stream }: Consumer): number {
  let last = 0;
  for (const { row } of stream.replicas) last = Math.max(last, row.state.lastSeq);
  return last;
}

/** Null where nobody who was read knows: a leader is being elected, or was not read and no replica tells. */
export function progressOf(consumer: Consumer): Progress | null {
  const { leader } = consumer;
  if (leader !== null) return { consumer, leader, row: leader.row, pending: leader.row.pending };
  const row = farthest(consumer);
  if (row === null || row.config.filters.length > 0) return null;
  const pending = Math.max(0, lastSeqOf(consumer) - row.delivered.streamSeq);
  return { consumer, leader, row, pending };
}

/** It may have no more messages out unacknowledged, and delivers none before one is acknowledged. */
export const isFull = ({ config, ackPending }: ConsumerRow): boolean =>
  config.ackPolicy !== 'none' && config.maxAckPending > 0 && ackPending >= config.maxAckPending;

/** Where it stands, and who: another consumer of its name stands elsewhere. What is delivered again is no step. */
export const placeOf = ({ created, delivered, ackFloor }: ConsumerRow): string =>
  `${created}/${delivered.streamSeq}/${ackFloor.streamSeq}`;

/** One that waits; of most nothing more is asked for. */
export type Waiting = Pick<Progress, 'row' | 'pending'> & {
  readonly stream: Stream;
  /** Its number among the consumers of the stream. */
  readonly index: number;
  readonly isLed: boolean;
};

const waiting = new WeakMap<ClusterAssets, readonly Waiting[]>();

/** Whether it has messages to deliver, or waits for acknowledgements. */
const waits = ({ row, pending }: Pick<Progress, 'row' | 'pending'>): boolean =>
  !row.paused && (pending > 0 || (row.ackPending > 0 && row.config.ackPolicy !== 'none'));

/** Those that wait, once a run however many diagnoses ask. */
export function waitingIn(assets: ClusterAssets): readonly Waiting[] {
  const before = waiting.get(assets);
  if (before !== undefined) return before;
  const found: Waiting[] = [];
  for (const stream of assets.streams) {
    for (const [index, led] of stream.consumers.led.entries()) {
      const known =
        led === null ? progressOf(stream.consumers.at(index)) : { row: led, pending: led.pending };
      if (known === null || !waits(known)) continue;
      found.push({ stream, index, isLed: led !== null, row: known.row, pending: known.pending });
    }
  }
  waiting.set(assets, found);
  return found;
}

export const progressOfWaiting = ({ stream, index, row, pending }: Waiting): Progress => {
  const consumer = stream.consumers.at(index);
  return { consumer, row, pending, leader: consumer.leader };
};

/** What a consumer that waits is known by, and where it stands. */
export const standingOf = ({ stream, row }: Waiting) => ({
  within: stream.key,
  name: row.name,
  place: placeOf(row),
});

export const isWaitingFor = {
  /** What CONSUMER_102 tells of. */
  acknowledgements: ({ isLed, row, pending }: Waiting): boolean => isLed && pending > 0 && isFull(row),
  /** What CONSUMER_101 tells of. */
  anythingElse: (each: Waiting): boolean => !isWaitingFor.acknowledgements(each),
};

type Read = { readonly consumers: { readonly leftOut?: object } };

/** Whether all consumers could be seen: who is not seen may wait all the same. */
export const isWhole = (servers: readonly Read[], unread: readonly unknown[]): boolean =>
  unread.length === 0 && servers.every(({ consumers }) => consumers.leftOut === undefined);

export const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
