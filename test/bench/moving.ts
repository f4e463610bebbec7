type Reached = { readonly consumer_seq: number; readonly stream_seq: number; readonly last_active: string };
type Consumer = {
  readonly ts: string;
  readonly delivered: Reached;
  readonly ack_floor: Reached;
  readonly num_pending: number;
  readonly num_ack_pending: number;
  readonly num_redelivered: number;
  readonly num_waiting: number;
};
type State = {
  readonly messages: number;
  readonly bytes: number;
  readonly first_seq: number;
  readonly last_seq: number;
};
type Stream = { readonly state: State; readonly consumers: readonly Consumer[] };

/** What of `/jsz?consumers=true` is moved. */
type Jsz = {
  readonly account_details: readonly {
    readonly stream_detail: readonly {
      readonly name: string;
      readonly state: State;
      readonly consumer_detail: readonly (Consumer & { readonly name: string })[];
    }[];
  }[];
};

const mostPerMinute = 2 ** 15;
const mostKept = 500_000;
const minute = 60_000;

/**
 * Streams and consumers under load, a minute later with each call: a stream takes up to 2^15 messages a minute, each of
 * its consumers delivers a part of what waits for it at a pace of its own, so that all of its ten series change.
 *
 * Two cores cannot pass as many through a real server. So these figures take the place of its own in a real reply, which
 * keeps the rest: fields, labels, and the order of streams, another one in each reply.
 */
export function load(size: { readonly streams: number; readonly consumersEach: number }) {
  const random = chance();
  const upTo = (most: number): number => Math.floor(random() * most);
  /** With nanoseconds, as Go writes it. */
  const timeAt = (ms: number): string =>
    new Date(ms).toISOString().replace('Z', `${String(upTo(1e6)).padStart(6, '0')}Z`);

  const movedConsumer = (before: Consumer, stream: State, at: number): Consumer => {
    const waited = stream.last_seq - before.delivered.stream_seq;
    const passed = Math.ceil(waited * (0.1 + 0.8 * random()));
    const redelivered = upTo(100);
    const unacked = upTo(1_001);
    const streamSeq = before.delivered.stream_seq + passed;
    const consumerSeq = before.delivered.consumer_seq + passed + redelivered;
    return {
      ts: timeAt(at),
      delivered: {
        consumer_seq: consumerSeq,
        stream_seq: streamSeq,
        last_active: timeAt(at - upTo(minute)),
      },
      ack_floor: {
        consumer_seq: Math.max(before.ack_floor.consumer_seq, consumerSeq - unacked),
        stream_seq: Math.max(before.ack_floor.stream_seq, streamSeq - unacked),
        last_active: timeAt(at - upTo(minute)),
      },
      num_pending: stream.last_seq - streamSeq,
      num_ack_pending: unacked,
      num_redelivered: redelivered,
      num_waiting: upTo(513),
    };
  };
  const movedState = ({ last_seq: before, bytes }: State): State => {
    const taken = upTo(mostPerMinute);
    const last = before + taken;
    const messages = Math.min(last, mostKept);
    const grown = bytes + taken * (100 + upTo(100));
    return { messages, bytes: Math.min(grown, mostKept * 150 + upTo(1e6)), first_seq: last - messages + 1, last_seq: last };
  };
  const moved = ({ state: before, consumers }: Stream, at: number): Stream => {
    const state = movedState(before);
    return { state, consumers: consumers.map((consumer) => movedConsumer(consumer, state, at)) };
  };

  let streams: ReadonlyMap<string, Stream> = new Map(...)
}
