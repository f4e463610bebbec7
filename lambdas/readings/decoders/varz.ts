// /varz: one server's configuration, counters and load.
// - Omitted when zero, false or empty: auth_required, tls_required, leaf.port, leaf.remotes, cluster.name, cluster.urls.
//   `jetstream` is `{}` where JetStream is off. Its config is no sign: a server that was asked before JetStream ran goes
//   on without (monitor.go:2036-2058).
//   No leaf.port means no leafnode listener, no mqtt.port no MQTT listener; `mqtt` is `{}` then.
// - slow_consumer_stats from 2.10.0; stale_connections, stale_connection_stats and stalled_clients from 2.12.0;
//   config_digest from 2.11.0, gomemlimit from 2.10.28 and 2.11.2. Absent is undefined here, never 0.
// - Where JetStream was turned off while the server ran, stats and meta stay as they were: /jsz alone says that it is off.
// - disk_io_wait_stats from 2.12.14 and 2.14.4: operations on disk that waited as too many ran (4,096 on 2.15, by cores before).
// - slow_consumers counts routes, gateways and leafnodes too (client.go:1971-2001).
// - connections never includes leafnodes; total_connections neither (server.go:3308, monitor.go:1902-1907).
// - ping_interval and write_deadline are int64 nanoseconds, auth_timeout is float seconds.
// - leaf.remotes lists what is configured, connected or not. It does not show `hub: true`.
// - gateway.gateways lists what is configured, connected or not, and the own cluster if it is listed there; never what a
//   server has learnt of others.
// - remotes counts the servers that routes lead to, routes the connections to them, several a server from 2.10.0 on.
// - trusted_operators_jwt and trusted_operators_claim are dropped.
import * as z from 'zod/mini';
import {
  amount,
  count,
  decodeFigures,
  goDuration,
  goTime,
  gaugeCount,
  number,
  optionalCount,
  optionalNumber,
  optionalText,
  percent,
  text,
} from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const byKind = z.object({ clients: count, routes: count, gateways: count, leafs: count });

const diskWaits = z.object({
  waiters: z._default(amount, 0),
  waits: z._default(count, 0),
  /** Nanoseconds, added up over all that waited. */
  wait_time: z._default(count, 0),
  max_wait_time: z._default(count, 0),
});

const remote = z.object({
  local_account: optionalText,
  /** `host:port`, without user and password. */
  urls: z._default(z.array(text), []),
});

const schema = z.object({
  server_id: text,
  server_name: optionalText,
  version: text,
  /** Epoch ms. */
  start: goTime,
  /** The server's own clock, epoch ms. */
  now: goTime,
  /** Of the last reload that succeeded, else of the start. */
  config_load_time: z.optional(goTime),
  /** Seconds. */
  uptime: goDuration,
  host: text,
  port: number,
  auth_required: z._default(z.boolean(), false),
  tls_required: z._default(z.boolean(), false),
  max_connections: number,
  /** Absent without a limit. */
  max_subscriptions: optionalNumber,
  max_control_line: optionalNumber,
  /** Nanoseconds. */
  ping_interval: number,
  ping_max: number,
  max_payload: number,
  max_pending: number,
  /** Nanoseconds. */
  write_deadline: number,
  /** Seconds. */
  auth_timeout: number,
  cluster: z._default(
    z.object({
      name: optionalText,
      /** Absent without a cluster listener; leaf servers up to 2.10 have a name all the same, their own. */
      cluster_port: optionalNumber,
      urls: z.optional(z.array(text)),
      pool_size: optionalNumber,
    }),
    {},
  ),
  leaf: z._default(
    z.object({
      host: optionalText,
      /** 0 without a leafnode listener. */
      port: z._default(number, 0),
      remotes: z._default(z.array(remote), []),
    }),
    { port: 0, remotes: [] },
  ),
  /** Has a name in a super-cluster alone. */
  gateway: z._default(
    z.object({
      name: optionalText,
      gateways: z._default(z.array(z.object({ name: text, urls: z._default(z.array(text), []) })), []),
    }),
    { gateways: [] },
  ),
  mqtt: z._default(
    z.object({
      /** 0 without an MQTT listener. */
      port: z._default(number, 0),
    }),
    { port: 0 },
  ),
  jetstream: z._default(
    z.object({
      /** Absent where JetStream is off. */
      stats: z.optional(z.object({})),
    }),
    {},
  ),
  mem: count,
  /** Where GOMEMLIMIT is set, in bytes. */
  gomemlimit: optionalNumber,
  cores: gaugeCount,
  gomaxprocs: gaugeCount,
  /** Percent of one core. */
  cpu: percent,
  connections: gaugeCount,
  total_connections: count,
  routes: gaugeCount,
  remotes: gaugeCount,
  leafnodes: gaugeCount,
  in_msgs: count,
  out_msgs: count,
  in_bytes: count,
  out_bytes: count,
  slow_consumers: count,
  slow_consumer_stats: z.optional(byKind),
  stale_connections: optionalCount,
  stale_connection_stats: z.optional(byKind),
  stalled_clients: optionalCount,
  disk_io_wait_stats: z.optional(diskWaits),
  subscriptions: gaugeCount,
  http_req_stats: z.optional(z.record(text, number)),
  config_digest: optionalText,
  system_account: optionalText,
});

/**
 * A server's `/varz`. Times are epoch ms, `uptime` is seconds; numbers are in NATS' own units. Reading a count that cannot be
 * throws an `ImpossibleFigure`.
 */
export type Varz = Immutable<z.output<typeof schema>>;

export function decodeVarz(json: unknown): Decoded<Varz> {
  return decodeFigures(schema, json);
}
