// /varz: one server's configuration, counters and load.
// - Omitted when zero, false or empty: auth_required, tls_required, tls_verify, leaf.port, leaf.remotes, cluster.name, cluster.urls.
//   `jetstream` is `{}` where JetStream is off. Its config is no sign: a server that was asked before JetStream ran goes
//   on without (monitor.go:2036-2058).
//   No leaf.port means no leafnode listener, no mqtt.port no MQTT listener; `mqtt` is `{}` then.
// - slow_consumer_stats from 2.10.0; stale_connections, stale_connection_stats and stalled_clients from 2.12.0;
//   config_digest from 2.11.0, gomemlimit from 2.10.28 and 2.11.2. Absent is undefined here, never 0.
// - Where JetStream was turned off while the server ran, stats and meta stay as they were: /jsz alone says that it is off.
// - disk_io_wait_stats from 2.12.14 and 2.14.4: operations on disk that waited as too many ran (4,096 on 2.15, by cores before).
// - tls_cert_not_after of each listener with TLS, the first certificate's, from 2.11.12, 2.12.4 and 2.14.0: of what is loaded, not of
//   the file. mqtt does not show else whether it has TLS; websocket has, unless no_tls says otherwise; tls_required is false
//   where clients may come without (`allow_non_tls`).
// - config_load_time moves with a reload that succeeds, changed or not, and config_digest with what it means. A reload that fails
//   moves neither. feature_flags from 2.14.0: all that the release knows, whoever set them.
// - gateway.gateways lists what is configured, the own name included, up or not; never what a server has learnt of others.
// - slow_consumers counts routes, gateways and leafnodes too (client.go:1971-2001).
// - connections never includes leafnodes; total_connections neither (server.go:3308, monitor.go:1902-1907).
// - ping_interval and write_deadline are int64 nanoseconds, auth_timeout is float seconds.
// - leaf.remotes lists what is configured, connected or not. It does not show `hub: true`.
// - remotes counts the servers that routes lead to, routes the connections to them, several a server from 2.10.0 on.
// - trusted_operators_jwt is dropped; of trusted_operators_claim stays who it is and when it expires, in seconds since 1970.
import * as z from 'zod/mini';
import {
  amount,
  count,
  decodeFigures,
  epochSeconds,
  goDuration,
  goTime,
  gaugeCount,
  heldBytes,
  number,
  optionalCount,
  optionalEpochSeconds,
  optionalNumber,
  optionalText,
  percent,
  processors,
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

const flag = z._default(z.boolean(), false);
const optionalFlag = z.optional(z.boolean());
const optionalTime = z.optional(goTime);

const remote = z.object({
  local_account: optionalText,
  /** `host:port`, without user and password. */
  urls: z._default(z.array(text), []),
});

const operatorClaim = z.object({
  sub: text,
  name: optionalText,
  iat: epochSeconds,
  exp: optionalEpochSeconds,
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
  config_load_time: optionalTime,
  /** Seconds. */
  uptime: goDuration,
  host: text,
  port: number,
  auth_required: flag,
  tls_required: flag,
  /** Clients are asked for a certificate. */
  tls_verify: flag,
  /** Of clients' and monitoring's certificate, epoch ms. */
  tls_cert_not_after: optionalTime,
  /** 0 where monitoring is without TLS. */
  https_port: z._default(number, 0),
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
      tls_required: optionalFlag,
      tls_cert_not_after: optionalTime,
    }),
    {},
  ),
  leaf: z._default(
    z.object({
      host: optionalText,
      /** 0 without a leafnode listener. */
      port: z._default(number, 0),
      remotes: z._default(z.array(remote), []),
      tls_required: optionalFlag,
      tls_cert_not_after: optionalTime,
    }),
    { port: 0, remotes: [] },
  ),
  gateway: z._default(
    z.object({
      /** In a super-cluster alone. */
      name: optionalText,
      port: optionalNumber,
      gateways: z.optional(z.array(z.object({ name: text, urls: z.optional(z.array(text)) }))),
      tls_required: optionalFlag,
      tls_cert_not_after: optionalTime,
    }),
    {},
  ),
  mqtt: z._default(
    z.object({
      /** 0 without an MQTT listener. */
      port: z._default(number, 0),
      tls_cert_not_after: optionalTime,
    }),
    { port: 0 },
  ),
  websocket: z._default(
    z.object({
      /** Absent without a websocket listener. */
      port: optionalNumber,
      no_tls: optionalFlag,
      tls_cert_not_after: optionalTime,
    }),
    {},
  ),
  jetstream: z._default(
    z.object({
      /** Absent where JetStream is off. */
      stats: z.optional(z.object({})),
      config: z.optional(
        z.object({
          max_memory: number,
          max_storage: number,
          domain: optionalText,
          /** Nanoseconds. */
          sync_interval: optionalNumber,
          sync_always: optionalFlag,
          compress_ok: optionalFlag,
        }),
      ),
    }),
    {},
  ),
  mem: heldBytes,
  /** Where GOMEMLIMIT is set, in bytes. */
  gomemlimit: optionalNumber,
  cores: processors,
  gomaxprocs: processors,
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
  feature_flags: z.optional(z.record(text, z.boolean())),
  system_account: optionalText,
  trusted_operators_claim: z.optional(z.array(operatorClaim)),
});

/**
 * A server's `/varz`. Times are epoch ms, `uptime` is seconds; numbers are in NATS' own units. Reading a count that cannot be
 * throws an `ImpossibleFigure`.
 */
export type Varz = Immutable<z.output<typeof schema>>;

export function decodeVarz(json: unknown): Decoded<Varz> {
  return decodeFigures(schema, json);
}
