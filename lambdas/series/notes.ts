import type { SeriesDefinition } from './definition.ts';

/** Traps, by name without namespace. For people: nothing is decided by them. */
export const notes: readonly (readonly [RegExp, string])[] = [
  [
    /^varz_start$/,
    'when the server started, in milliseconds, so `time() - start` is wrong by a factor of 1000',
  ],
  [/^varz_routes$/, 'route connections, several a peer (pool_size and pinned accounts), not peers'],
  [/^varz_(in|out)_client_(msgs|bytes)$/, 'from nats-server 2.12.9 and 2.14.1'],
  [/^varz_slow_consumers$/, 'a total since the start: above 0 it stays so until a restart'],
  [/^varz_disk_io_wait_stats_max_wait_time$/, 'the longest since the start'],
  [/^varz_http_req_stats$/, 'requests of the root page'],
  [/^varz_http_req_stats_/, 'there once the endpoint was asked for'],
  [/^varz_jetstream_config_max_memory$/, 'the limit of the server; 0 or absent where JetStream is off'],
  [/^varz_jetstream_stats_api_inflight$/, 'left out by the server while it is 0'],
  [/^varz_jetstream_meta_leader$/, 'the name in the label `value`; no series while there is no leader'],
  [
    /^varz_jetstream_meta_cluster_size$/,
    "servers that belong to JetStream's group, there or not: falls only when one is removed for good",
  ],
  [/^varz_jetstream_(meta_quorum_needed|limits_default_max_consumers)$/, 'from nats-server 2.15'],
  [/^connz_(num_connections|limit)$/, 'of one page of at most 1024 connections'],
  [/^connz_total$/, 'all open connections, whatever the page'],
  [/^connz_(pending_bytes|subscriptions)$/, 'the sum is over one page of at most 1024 connections'],
  [
    /^connz_(in|out)_(bytes|msgs)$/,
    'the sum is over one page of open connections: it falls when connections close',
  ],
  [
    /^healthz_js_server_only_status/,
    'says nothing of a lost quorum from nats-server 2.15 on; 0 is healthy, of `status_value` 1 is',
  ],
  [
    /^healthz_js_enabled_only_status/,
    'whether JetStream runs where it is configured, whatever its quorum; 0 is healthy, of `status_value` 1 is',
  ],
  [
    /^healthz_.*status$|^healthz_status$/,
    '0 is healthy, 1 is not; no series where the server does not answer',
  ],
  [/^healthz_.*status_value$/, '1 is healthy, 0 is not; the label `value` has the status, or `unreachable`'],
  [/^varz_out_msgs$/, 'without what MQTT clients are sent'],
  [
    /^accstatz_sent_/,
    'without what MQTT clients are sent; what an account imports from a stream counts for the one that exports it',
  ],
  [
    /^accstatz_received_/,
    'before nats-server 2.15.1 without what comes over routes and gateways, which `sent` counts (seen on 2.9.10 and 2.10.27)',
  ],
  [/^accountz_limit_/, 'of accounts with a JWT (-1 is none), 0 for all others'],
  [/^leafz_conn_rtt$/, '0 where it is not known yet'],
  [/^leafz_conn_subscriptions$/, 'empty: the list of subjects is not asked for'],
  [
    /^account_max_(memory|storage)$/,
    "the account's limit, although its field says reserved: no limit is 18446744073709551615, 0 with tiers",
  ],
  [
    /^account_storage_used$/,
    'of the account in the whole cluster, all replicas together, and the same on each server: a sum over servers counts it once for each',
  ],
  [/^stream_limit_(bytes|messages)$/, '-1 is no limit'],
  [/^stream_(mirror|source)_lag$/, 'stays 0 where the origin is gone or was never reached'],
  [
    /^stream_(mirror|source)_active_duration_ns$/,
    'since the origin was last heard of; -1 where it never was',
  ],
  [/^consumer_last_delivery_seconds$/, 'absent until a first delivery, and before nats-server 2.10'],
  [/^consumer_last_ack_seconds$/, 'absent until a first acknowledgement, and before nats-server 2.10'],
  [
    /^consumer_num_redelivered$/,
    'redelivered and not acknowledged, no running total; messages that reached max_deliver stay in it for good',
  ],
  [/^consumer_num_pending$/, 'right on the leader only: other replicas say 0 or an old value'],
];

/** What is easily got wrong about a series, if anything. */
export function noteOf({ name }: SeriesDefinition): string | undefined {
  return notes.find(([pattern]) => pattern.test(name))?.[1];
}
