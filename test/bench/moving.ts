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
 * Streams and consumers under load, a minute later with each reply: a stream takes up to 2^15 messages a minute, each of
 * its consumers delivers a part of what waits for it at a pace of its own, so that all of its ten series change.
 *
 * Two cores cannot pass as many through a real server. So these figures take the place of its own in a real reply to
 * `/jsz?consumers=true`, which keeps the rest: fields, labels, and the order of streams, another one in each reply.
 * @returns gives a reply the figures of the next minute, which ends at that time (epoch ms)
 */
export function underLoad(): (reply: unknown, at: number) => unknown {
  const random = chance();
  const upTo = (most: number): number => Math.floor(random() * most);
  const streams = new Map<string, State>();
  const consumers = new Map<string, Consumer>();
  /** With nanoseconds, as Go writes it. */
  const timeAt = (ms: number): string =>
    new Date(ms).toISOString().replace('Z', `${String(upTo(1e6)).padStart(6, '0')}Z`);

  const stateAfter = ({ last_seq: before, bytes }: State): State => {
    const taken = upTo(mostPerMinute);
    const last = before + taken;
    const messages = Math.min(last, mostKept);
    return {
      messages,
      bytes: Math.min(bytes + taken * (100 + upTo(100)), mostKept * 150 + upTo(1e6)),
      first_seq: last - messages + 1,
      last_seq: last,
    };
  };
  const consumerAfter = ({ delivered, ack_floor: floor }: Consumer, stream: State, at: number): Consumer => {
    const passed = Math.ceil((stream.last_seq - delivered.stream_seq) * (0.1 + 0.8 * random()));
    const [unacked, redelivered] = [upTo(1_001), upTo(100)];
    const streamSeq = delivered.stream_seq + passed;
    const consumerSeq = delivered.consumer_seq + passed + redelivered;
    const last_active = timeAt(at - upTo(minute));
    return {
      ts: timeAt(at),
      delivered: { consumer_seq: consumerSeq, stream_seq: streamSeq, last_active },
      ack_floor: {
        consumer_seq: Math.max(floor.consumer_seq, consumerSeq - unacked),
        stream_seq: Math.max(floor.stream_seq, streamSeq - unacked),
        last_active: timeAt(at - upTo(minute)),
      },
      num_pending: stream.last_seq - streamSeq,
      num_ack_pending: unacked,
      num_redelivered: redelivered,
      num_waiting: upTo(513),
    };
  };

  return (reply, at) => {
    const jsz = reply as Jsz;
    const accounts = jsz.account_details.map((account) => ({
      ...account,
      stream_detail: account.stream_detail.map((stream) => {
        const state = stateAfter(streams.get(stream.name) ?? stream.state);
        streams.set(stream.name, state);
        const detail = stream.consumer_detail.map((consumer) => {
          const key = `${stream.name} ${consumer.name}`;
          const moved = consumerAfter(consumers.get(key) ?? consumer, state, at);
          consumers.set(key, moved);
          return { ...consumer, ...moved };
        });
        return { ...stream, state: { ...stream.state, ...state }, consumer_detail: detail };
      }),
    }));
    return { ...jsz, account_details: accounts };
  };
}

/** Numbers from 0 to 1 that look random, the same in every run of the bench. */
function chance(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
