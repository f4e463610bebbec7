// /varz: one server's configuration, counters and load.
// - Omitted when zero, false or empty: auth_required, tls_required, leaf.port, leaf.remotes, cluster.name, cluster.urls.
//   No leaf.port means no leafnode listener.
// - slow_consumer_stats from 2.10.0; stale_connections, stale_connection_stats and stalled_clients from 2.12.0;
//   config_digest from 2.11.0, gomemlimit from 2.10.28 and 2.11.2. Absent is undefined here, never 0.
// - slow_consumers counts routes, gateways and leafnodes too (client.go:1971-2001).
// - connections never includes leafnodes; total_connections neither (server.go:3308, monitor.go:1902-1907).
// - ping_interval and write_deadline are int64 nanoseconds, auth_timeout is float seconds.
// - leaf.remotes lists what is configured, connected or not. It does not show `hub: true`.
// - trusted_operators_jwt and trusted_operators_claim are dropped.
import * as z from 'zod/mini';
import { decodeWith, goDuration, goTime } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const byKind = z.object({ clients: z.number(), routes: z.number(), gateways: z.number(), leafs: z.number() });

const remote = z.object({
  local_account: z.optional(z.string()),
  /** `host:port`, without user and password. */
  urls: z._default(z.array(z.string()), []),
});

const schema = z.object({
  server_id: z.string(),
  server_name: z.optional(z.string()),
  version: z.string(),
  /** Epoch ms. */
  start: goTime,
  /** The server's own clock, epoch ms. */
  now: goTime,
  /** Seconds. */
  uptime: goDuration,
  host: z.string(),
  port: z.number(),
  auth_required: z._default(z.boolean(), false),
  tls_required: z._default(z.boolean(), false),
  max_connections: z.number(),
  /** Absent without a limit. */
  max_subscriptions: z.optional(z.number()),
  max_control_line: z.optional(z.number()),
  /** Nanoseconds. */
  ping_interval: z.number(),
  ping_max: z.number(),
  max_payload: z.number(),
  max_pending: z.number(),
  /** Nanoseconds. */
  write_deadline: z.number(),
  /** Seconds. */
  auth_timeout: z.number(),
  cluster: z._default(
    z.object({
      name: z.optional(z.string()),
      urls: z.optional(z.array(z.string())),
      pool_size: z.optional(z.number()),
    }),
    {},
  ),
  leaf: z._default(
    z.object({
      host: z.optional(z.string()),
      /** 0 without a leafnode listener. */
      port: z._default(z.number(), 0),
      remotes: z._default(z.array(remote), []),
    }),
    { port: 0, remotes: [] },
  ),
  mem: z.number(),
  /** Where GOMEMLIMIT is set, in bytes. */
  gomemlimit: z.optional(z.number()),
  cores: z.number(),
  gomaxprocs: z.number(),
  /** Percent of one core. */
  cpu: z.number(),
  connections: z.number(),
  total_connections: z.number(),
  routes: z.number(),
  remotes: z.number(),
  leafnodes: z.number(),
  in_msgs: z.number(),
  out_msgs: z.number(),
  in_bytes: z.number(),
  out_bytes: z.number(),
  slow_consumers: z.number(),
  slow_consumer_stats: z.optional(byKind),
  stale_connections: z.optional(z.number()),
  stale_connection_stats: z.optional(byKind),
  stalled_clients: z.optional(z.number()),
  subscriptions: z.number(),
  http_req_stats: z.optional(z.record(z.string(), z.number())),
  config_digest: z.optional(z.string()),
  system_account: z.optional(z.string()),
});

/** A server's `/varz`. Times are epoch ms, `uptime` is seconds; numbers are in NATS' own units. */
export type Varz = Immutable<z.output<typeof schema>>;

export function decodeVarz(json: unknown): Decoded<Varz> {
  return decodeWith(schema, json);
}
