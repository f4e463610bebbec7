import type { EpochMs } from '../go-values.ts';
import type { ConsumerConfig } from './consumer-config.ts';
import type { Group } from './group.ts';

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

type SequenceColumns = {
  readonly consumerSeq: Float64Array;
  readonly streamSeq: Float64Array;
  /** NaN for none. */
  readonly at: Float64Array;
};

/**
 * The rows of all consumers of a reply, column by column, each at its place: of tens of thousands most are only looked through, and
 * as objects they would take several times as long to make and to keep.
 */
export type ConsumerColumns = {
  readonly name: string[];
  readonly created: Float64Array;
  readonly group: Group[];
  readonly config: ConsumerConfig[];
  readonly delivered: SequenceColumns;
  readonly ackFloor: SequenceColumns;
  readonly ackPending: Float64Array;
  readonly redelivered: Float64Array;
  readonly waiting: Float64Array;
  readonly pending: Float64Array;
  readonly pushBound: Uint8Array;
  readonly paused: Uint8Array;
};

/** The consumers of a replica of a stream: so many rows from a place on. */
export type Consumers = {
  readonly columns: ConsumerColumns;
  readonly from: number;
  readonly count: number;
};

const sequenceColumns = (count: number): SequenceColumns => ({
  consumerSeq: new Float64Array(count),
  streamSeq: new Float64Array(count),
  at: new Float64Array(count),
});

/** For so many rows, which are still to be filled in. */
export const consumerColumns = (count: number): ConsumerColumns => ({
  name: [],
  created: new Float64Array(count),
  group: [],
  config: [],
  delivered: sequenceColumns(count),
  ackFloor: sequenceColumns(count),
  ackPending: new Float64Array(count),
  redelivered: new Float64Array(count),
  waiting: new Float64Array(count),
  pending: new Float64Array(count),
  pushBound: new Uint8Array(count),
  paused: new Uint8Array(count),
});

const at = (column: Float64Array, place: number): number => column[place] ?? NaN;

function sequencesAt({ consumerSeq, streamSeq, at: last }: SequenceColumns, place: number): Sequences {
  const time = at(last, place);
  return {
    consumerSeq: at(consumerSeq, place),
    streamSeq: at(streamSeq, place),
    at: Number.isNaN(time) ? null : time,
  };
}

/** The row at a place, as an object: another one each time. Undefined where there is none. */
export function consumerAt(columns: ConsumerColumns, place: number): ConsumerRow | undefined {
  const [name, group, config] = [columns.name[place], columns.group[place], columns.config[place]];
  if (name === undefined || group === undefined || config === undefined) return undefined;
  return {
    name,
    created: at(columns.created, place),
    group,
    config,
    delivered: sequencesAt(columns.delivered, place),
    ackFloor: sequencesAt(columns.ackFloor, place),
    ackPending: at(columns.ackPending, place),
    redelivered: at(columns.redelivered, place),
    waiting: at(columns.waiting, place),
    pending: at(columns.pending, place),
    pushBound: columns.pushBound[place] === 1,
    paused: columns.paused[place] === 1,
  };
}

/** Whether both name the same consumers in the same order. */
export function areNamedAlike(one: Consumers, other: Consumers): boolean {
  if (one.count !== other.count) return false;
  const [names, others] = [one.columns.name, other.columns.name];
  for (let i = 0; i < one.count; i += 1) if (names[one.from + i] !== others[other.from + i]) return false;
  return true;
}
