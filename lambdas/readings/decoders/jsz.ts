// /jsz: JetStream of one server, and with more asked for its streams and consumers (assets.ts).
// - Where JetStream is off: 200, `disabled: true`, counters 0, no meta_cluster, no account_details.
// - api counts what this server handled. inflight is omitted when 0; pending_requests and pending_infos of meta_cluster from
//   2.14.0, pending from 2.10.21, snapshot from 2.11.11 and 2.12.2, quorum_needed and rescue from 2.15. Refused publishes
//   count nowhere.
// - meta_cluster stands where JetStream is clustered. leader is omitted without one. replicas: on the meta leader alone before
//   2.15; elsewhere current and active of a third server say nothing (seen on 2.15.1: false and 0).
// - cluster_size never falls by itself: a server that is gone stays a peer until it is removed.
// - reserved_storage and reserved_memory are sums of what streams and accounts reserve, not limits.
// - config of this reply is fresh, unlike the one of /varz.
import * as z from 'zod/mini';
import {
  count,
  decodeFigures,
  gaugeCount,
  goTime,
  heldBytes,
  number,
  optionalCount,
  optionalNumber,
  optionalText,
  text,
} from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const replica = z.object({
  name: text,
  current: z._default(z.boolean(), false),
  offline: z._default(z.boolean(), false),
  /** Nanoseconds since it was last heard; 0 also where it never was. */
  active: z._default(number, 0),
  /** Raft entries. */
  lag: z._default(count, 0),
  peer: optionalText,
});

const meta = z.object({
  name: optionalText,
  /** Absent without a leader. */
  leader: optionalText,
  cluster_size: gaugeCount,
  replicas: z.optional(z.array(replica)),
  quorum_needed: z.optional(gaugeCount),
  rescue: z._default(z.boolean(), false),
  pending: optionalCount,
  pending_requests: optionalCount,
  pending_infos: optionalCount,
  snapshot: z.optional(
    z.object({
      pending_entries: z._default(count, 0),
      pending_size: z._default(heldBytes, 0),
      last_time: optionalText,
      /** Nanoseconds. */
      last_duration: optionalNumber,
    }),
  ),
});

/** What every `/jsz` says of its server. */
export const jszFrame = {
  server_id: text,
  /** The server's own clock, epoch ms. */
  now: goTime,
  disabled: z._default(z.boolean(), false),
  config: z._default(
    z.object({
      /** Bytes; 0 where JetStream is off. */
      max_memory: z._default(number, 0),
      max_storage: z._default(number, 0),
      domain: optionalText,
    }),
    { max_memory: 0, max_storage: 0 },
  ),
  memory: z._default(heldBytes, 0),
  storage: z._default(heldBytes, 0),
  reserved_memory: z._default(count, 0),
  reserved_storage: z._default(count, 0),
  /** Raft nodes of this server, the one of the meta layer included. */
  ha_assets: z._default(gaugeCount, 0),
  api: z._default(z.object({ total: count, errors: count, inflight: optionalCount }), {
    total: 0,
    errors: 0,
  }),
  limits: z.optional(z.object({ max_ha_assets: optionalNumber })),
  messages: z._default(count, 0),
  bytes: z._default(heldBytes, 0),
  meta_cluster: z.optional(meta),
};

const schema = z.object({
  ...jszFrame,
  /** Replicas that this server holds. */
  streams: z._default(count, 0),
  consumers: z._default(count, 0),
});

/** A server's JetStream. `now` is epoch ms, sizes are bytes, durations nanoseconds. */
export type Jsz = Immutable<z.output<typeof schema>>;
export type MetaCluster = NonNullable<Jsz['meta_cluster']>;

export const decodeJsz = (json: unknown): Decoded<Jsz> => decodeFigures(schema, json);
