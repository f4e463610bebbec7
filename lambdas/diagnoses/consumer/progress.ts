import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import { hasFrom } from '../../engine/versions.ts';
import type { ClusterAssets, Consumer, Held, Placed, Stream } from '../assets/assets.ts';

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

type Place = { readonly created: number; readonly delivered: number; readonly acknowledged: number };

const placeIn = ({ created, delivered, acknowledged }: Place): string =>
  `${created}/${delivered}/${acknowledged}`;

/** Where it stands, and who: another consumer of its name stands elsewhere. What is delivered again is no step. */
export const placeOf = ({ created, delivered, ackFloor }: ConsumerRow): string =>
  placeIn({ created, delivered: delivered.streamSeq, acknowledged: ackFloor.streamSeq });

/** One that waits, by its leader's row or without one by that of the replica that has come farthest. Of most nothing more is asked for. */
export type Waiting = {
  readonly stream: Stream;
  /** Its number among the consumers of the stream. */
  readonly index: number;
  readonly pending: number;
} & ({ readonly led: Placed } | { readonly led: null; readonly row: ConsumerRow });

const waiting = new WeakMap<ClusterAssets, readonly Waiting[]>();

type Open = Pick<ConsumerRow, 'config' | 'pending' | 'ackPending' | 'paused'>;

/** Whether it has messages to deliver, or waits for acknowledgements. */
const waits = ({ config, pending, ackPending, paused }: Open): boolean =>
  !paused && (pending > 0 || (ackPending > 0 && config.ackPolicy !== 'none'));

function openOf({ columns, place }: Placed): Open | null {
  const config = columns.config[place];
  if (config === undefined) return null;
  const [pending = 0, ackPending = 0] = [columns.pending[place], columns.ackPending[place]];
  return { config, pending, ackPending, paused: columns.paused[place] === 1 };
}

function waitingOf(stream: Stream, index: number): Waiting | null {
  const led = stream.consumers.led(index);
  if (led !== null) {
    const open = openOf(led);
    return open !== null && waits(open) ? { stream, index, led, pending: open.pending } : null;
  }
  const progress = progressOf(stream.consumers.at(index));
  if (progress === null) return null;
  const { row, pending } = progress;
  return waits({ ...row, pending }) ? { stream, index, led, row, pending } : null;
}

/** Those that wait, once a run however many diagnoses ask. */
export function waitingIn(assets: ClusterAssets): readonly Waiting[] {
  const before = waiting.get(assets);
  if (before !== undefined) return before;
  const found: Waiting[] = [];
  for (const stream of assets.streams) {
    for (let index = 0; index < stream.consumers.count; index += 1) {
      const own = waitingOf(stream, index);
      if (own !== null) found.push(own);
    }
  }
  waiting.set(assets, found);
  return found;
}

export const progressOfWaiting = ({ stream, index }: Waiting): Progress | null =>
  progressOf(stream.consumers.at(index));

/** What a consumer that waits is known by, and where it stands. */
export function standingOf(own: Waiting) {
  const within = own.stream.key;
  if (own.led === null) return { within, name: own.row.name, place: placeOf(own.row) };
  const { columns, place } = own.led;
  const [name = '', created = NaN] = [columns.name[place], columns.created[place]];
  const [delivered = 0, acknowledged = 0] = [
    columns.delivered.streamSeq[place],
    columns.ackFloor.streamSeq[place],
  ];
  return { within, name, place: placeIn({ created, delivered, acknowledged }) };
}

/** How often one with a leader has delivered, what it delivered again among it, and who it is. */
export function deliveriesOf({ led }: Waiting): string {
  if (led === null) return '';
  const { columns, place } = led;
  return [columns.created[place], columns.delivered.consumerSeq[place]].join('/');
}

/** It may have no more messages out unacknowledged, and delivers none before one is acknowledged. */
function isFull({ config, ackPending }: Open): boolean {
  return config.ackPolicy !== 'none' && config.maxAckPending > 0 && ackPending >= config.maxAckPending;
}

function waitsForAcknowledgements({ led, pending }: Waiting): boolean {
  const open = led === null ? null : openOf(led);
  return open !== null && pending > 0 && isFull(open);
}

export const isWaitingFor = {
  /** What CONSUMER_102 tells of. */
  acknowledgements: waitsForAcknowledgements,
  /** What CONSUMER_101 tells of. */
  anythingElse: (own: Waiting): boolean => !waitsForAcknowledgements(own),
};

type Read = { readonly consumers: { readonly leftOut?: object } };

/** Whether all consumers could be seen: who is not seen may wait all the same. */
export const isWhole = (servers: readonly Read[], unread: readonly unknown[]): boolean =>
  unread.length === 0 && servers.every(({ consumers }) => consumers.leftOut === undefined);

export const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
