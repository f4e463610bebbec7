// /leafz: the leafnode connections of one server, of both directions.
// - name and is_spoke from 2.9.15; compression from 2.10.0; id from 2.11.7 and 2.12.0. Absent is undefined here.
//   is_isolated from 2.12.0, omitted when false. On 2.9.10 a leafnode is known by account, ip and port only.
// - An empty list is `[]`, on 2.9.10 `null`. A list that is shorter than `leafnodes` says is a problem, not an empty list.
// - No paging, no start, no pending bytes. With acc= `leafnodes` counts that account's rows.
// - name is the other server's name. is_spoke is true on the server that dialled, unless the remote has `hub: true`.
import * as z from 'zod/mini';
import {
  count,
  countProblem,
  decodeWith,
  goRoundTrip,
  goTime,
  gaugeCount,
  number,
  optionalNumber,
  optionalText,
  text,
} from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';
import { problemOfAll, rowByRow, type LeftOut } from './left-out.ts';

const row = z.object({
  id: optionalNumber,
  name: optionalText,
  is_spoke: z.optional(z.boolean()),
  is_isolated: z.optional(z.boolean()),
  account: text,
  ip: text,
  port: number,
  /** Seconds. */
  rtt: z.optional(goRoundTrip),
  in_msgs: count,
  out_msgs: count,
  in_bytes: count,
  out_bytes: count,
  subscriptions: gaugeCount,
  /** With subs=1 only; omitted when empty. */
  subscriptions_list: z.optional(z.array(text)),
  compression: optionalText,
});

const schema = z.object({
  server_id: text,
  /** The server's own clock, epoch ms. */
  now: goTime,
  leafnodes: gaugeCount,
  leafs: z.nullable(z.array(z.unknown())),
});

/** One leafnode connection. `rtt` is seconds. */
export type LeafzRow = Immutable<z.output<typeof row>>;

/** A server's `/leafz`. `now` is epoch ms. */
export type Leafz = Omit<Immutable<z.output<typeof schema>>, 'leafs'> & {
  readonly leafs: readonly LeafzRow[];
  /** Rows that are not as expected; absent without any. */
  readonly leftOut?: LeftOut;
};

export function decodeLeafz(json: unknown): Decoded<Leafz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { leafnodes } = decoded.value;
  const received = decoded.value.leafs ?? [];
  if (received.length !== leafnodes)
    return { ok: false, problem: countProblem('leafs', 'leafnodes', leafnodes, received.length) };
  const rows = rowByRow(received, (each, index) => decodeWith(row, each, ['leafs', index]));
  const problem = problemOfAll(rows);
  if (problem !== null) return { ok: false, problem };
  const { rows: leafs, leftOut } = rows;
  return { ok: true, value: { ...decoded.value, leafs, ...(leftOut === null ? {} : { leftOut }) } };
}
