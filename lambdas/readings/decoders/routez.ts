// /routez: the route connections of one server.
// - Several of them lead to one peer from 2.10.0 on (pool_size and pinned accounts): count distinct remote_id.
// - remote_name from 2.9.16; account from 2.10.0, of a route that is pinned to one.
// - rtt is `0s` until it is measured, and anew at each PING, 30 s apart at most. One of a pool may have 20 ms for good
//   measure while the others have 0.2 (seen at a start).
// - last_activity and idle move with what is sent as well: of a peer that is frozen they stay fresh. PINGs move neither.
//   in_msgs is what came: each peer's STATSZ every 10 s, on the system account's route, so that it stands still only where
//   nothing comes. Other routes of the pool may be idle for good.
// - A peer that does not answer two PINGs is closed, after 60 to 90 s, unless ping_max says otherwise.
import * as z from 'zod/mini';
import { count, decodeWith, goRoundTrip, goTime, heldBytes, number, optionalText, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const route = z.object({
  rid: number,
  remote_id: text,
  remote_name: optionalText,
  account: optionalText,
  /** Epoch ms. */
  start: goTime,
  /** Seconds; 0 until it is measured. */
  rtt: z._default(goRoundTrip, 0),
  /** Bytes that wait to be sent. */
  pending_size: z._default(heldBytes, 0),
  in_msgs: count,
  out_msgs: count,
});

const schema = z.object({
  server_id: text,
  /** The server's own clock, epoch ms. */
  now: goTime,
  routes: z.array(route),
});

/** One route connection. */
export type RouteRow = Immutable<z.output<typeof route>>;

/** A server's `/routez`. `now` is epoch ms. */
export type Routez = Immutable<z.output<typeof schema>>;

export function decodeRoutez(json: unknown): Decoded<Routez> {
  return decodeWith(schema, json);
}
