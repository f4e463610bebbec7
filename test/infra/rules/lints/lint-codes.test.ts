import { describe, expect, it } from 'vitest';
import { codes } from './linted.ts';

/** Each line is an expression, its `for` if it has one, and all that is told of it. */
const reported = (lines: readonly (readonly [expr: string, duration: string, told: string])[]): void => {
  it.each(lines)('%s for %s: %s', (expr, duration, expected) => {
    expect(codes({ expr, for: duration }).join(' ')).toBe(expected);
  });
};
const leads = 'is_consumer_leader="true"';

describe('L1: running totals', () => {
  reported([
    ['gnatsd_varz_stale_connections > 0', '5m', 'L1'],
    ['0 < nats_varz_stalled_clients', '0s', 'L1'],
    ['gnatsd_varz_slow_consumers != 0', '0s', 'L1'],
    ['sum(gnatsd_varz_slow_consumers) >= 1', '0s', 'L1'],
    ['max_over_time(gnatsd_varz_slow_consumers[5m]) * 2 > 1', '0s', 'L1'],
    ['gnatsd_varz_total_connections > 1e6', '0s', 'L1'],
    ['gnatsd_varz_mem > 1e9 or gnatsd_varz_slow_consumers > 0', '0s', 'L1'],
    ['gnatsd_varz_slow_consumers > 0 and on () min(up) == 1', '0s', 'L1'],
    ['gnatsd_varz_in_msgs == 0', '0s', 'L1'],
    ['increase(gnatsd_varz_slow_consumers[5m]) > 0', '0s', ''],
    ['gnatsd_varz_slow_consumers > 0 and increase(gnatsd_varz_slow_consumers[5m]) > 0', '0s', ''],
    ['gnatsd_varz_slow_consumers - gnatsd_varz_slow_consumers offset 5m > 0', '0s', ''],
    ['gnatsd_varz_slow_consumers / gnatsd_varz_total_connections > 0.1', '0s', ''],
    [`jetstream_consumer_delivered_consumer_seq{${leads}} == 0`, '10m', ''],
    ['gnatsd_varz_connections > 100', '0s', ''],
    // Beside the sum over connections, a connection's own messages only grow.
    ['gnatsd_connz_in_msgs{cid="7"} > 1e6', '0s', 'L1'],
  ]);
});

describe('L2: configured constants', () => {
  reported([
    ['increase(gnatsd_varz_auth_timeout[5m]) > 5', '5m', 'L2'],
    ['max(gnatsd_varz_max_payload) > 1024 * 1024', '5m', 'L2'],
    ['gnatsd_varz_ping_max > 50', '5m', 'L2'],
    ['gnatsd_varz_write_deadline > 10', '5m', 'L2'],
    ['gnatsd_varz_max_payload > 1e6 and on () min(up) == 1', '0s', 'L2'],
    ['gnatsd_varz_max_payload != 1048576', '0s', ''],
    ['changes(gnatsd_varz_max_connections[1h]) > 0', '0s', ''],
    ['delta(gnatsd_varz_max_connections[1h]) != 0', '0s', ''],
    ['gnatsd_varz_connections > 5 and gnatsd_varz_max_connections > 10', '0s', ''],
    ['gnatsd_varz_connections / gnatsd_varz_max_connections > 0.8', '0s', ''],
    ['jetstream_stream_limit_bytes < 0', '0s', ''],
  ]);
});

describe('L3: functions for counters on gauges', () => {
  reported([
    ['rate(gnatsd_varz_cpu[5m]) > 0.8', '5m', 'L3'],
    ['rate(gnatsd_varz_connections[5m]) > 10', '5m', 'L3'],
    [`increase(nats_consumer_num_pending{${leads}}[10m]) > 100`, '5m', 'L3'],
    [`rate(nats_consumer_num_redelivered{${leads}}[5m]) > 0.1`, '5m', 'L3'],
    ['sum(irate(gnatsd_varz_mem[5m])) > 0.1', '5m', 'L3'],
    ['rate((gnatsd_varz_mem / 1024)[5m:1m]) > 0.1', '5m', 'L3'],
    ['deriv(gnatsd_varz_mem[30m]) > 1e6', '5m', ''],
    [`delta(nats_consumer_num_pending{${leads}}[10m]) > 100`, '5m', ''],
    ['rate(gnatsd_varz_in_msgs[5m]) > 1e5', '5m', ''],
    ['rate(gnatsd_connz_in_msgs{cid="7"}[5m]) > 1e5', '5m', ''],
  ]);
});

describe('L4: no change where no change is normal', () => {
  reported([
    ['increase(gnatsd_varz_leafnodes[5m]) == 0', '5m', 'L4'],
    ['increase(nats_varz_leafnodes[5m]) < 1', '5m', 'L4'],
    ['changes(gnatsd_varz_routes[1h]) <= 0', '5m', 'L4'],
    ['delta(gnatsd_varz_connections[5m]) == 0', '5m', 'L4'],
    ['increase(gnatsd_varz_slow_consumers[5m]) == 0', '0s', 'L4'],
    ['gnatsd_varz_leafnodes == 0', '5m', ''],
    ['delta(gnatsd_varz_leafnodes[5m]) < 0', '0s', ''],
    ['changes(gnatsd_varz_start[10m]) > 0', '0s', ''],
    ['delta(gnatsd_varz_leafnodes[5m]) == 0 and gnatsd_varz_leafnodes < 3', '0s', ''],
    ['changes(gnatsd_varz_mem[1h]) == 0', '0s', ''],
  ]);
});

describe('L5: units', () => {
  reported([
    ['time() - gnatsd_varz_start < 300', '1m', 'L5'],
    ['(time() - max(nats_varz_start)) < 300', '1m', 'L5'],
    ['gnatsd_varz_config_load_time > time() - 60', '0s', ''],
    ['gnatsd_varz_config_load_time > time()', '0s', 'L5'],
    ['time() - gnatsd_varz_start / 1000 < 300', '1m', ''],
    ['time() * 1000 - gnatsd_varz_start < 300000', '1m', ''],
    ['jetstream_stream_mirror_active_duration_ns > 30', '5m', 'L5 L22'],
    ['jetstream_stream_mirror_active_duration_ns > 30e9', '5m', 'L22'],
    ['jetstream_stream_mirror_active_duration_ns / 1e9 > 30', '5m', 'L22'],
    ['gnatsd_leafz_conn_rtt > 500', '5m', 'L5'],
    ['gnatsd_leafz_conn_rtt > 0.5', '5m', ''],
    ['gnatsd_varz_cpu > 0.8', '5m', 'L5'],
    ['gnatsd_varz_start > 1.7e9', '5m', 'L5'],
  ]);
});

describe('L7: labels', () => {
  reported([
    [`jetstream_consumer_num_pending{consumer="a",${leads}} > 1`, '0s', 'L7'],
    [`jetstream_consumer_num_pending{durable=~"a.*",${leads}} > 1`, '0s', 'L7'],
    ['jetstream_stream_total_bytes{stream!="A",is_stream_leader="true"} > 1', '0s', 'L7'],
    [`max by (stream, consumer) (jetstream_consumer_num_pending{${leads}}) > 1`, '0s', 'L7 L7'],
    [
      `max by (stream) (label_replace(jetstream_consumer_num_pending{${leads}}, "stream", "$1", "stream_name", "(.*)")) > 1`,
      '0s',
      '',
    ],
    [`jetstream_consumer_num_pending{consumer_name="a",stream_name="b",${leads}} > 1`, '0s', ''],
    // Settings may give targets any label.
    ['gnatsd_varz_mem{namespace="x",pod=~"n.*",stream="z"} > 1', '0s', ''],
  ]);
});

describe('L8: replicas', () => {
  reported([
    ['nats_consumer_num_pending > 1000', '5m', 'L8'],
    ['nats_consumer_num_pending{is_consumer_leader="false"} > 1000', '5m', 'L8'],
    ['sum by (stream_name) (jetstream_stream_total_messages) > 1000', '5m', 'L8'],
    ['nats_consumer_num_pending{is_consumer_leader="true"} > 1000', '5m', ''],
    ['nats_consumer_num_pending{is_consumer_leader!="false"} > 1000', '5m', ''],
    // A replica that does not lead may say more than the leader, before nats-server 2.15.
    ['max by (stream_name, consumer_name) (nats_consumer_num_pending) > 1000', '5m', 'L8'],
    ['max by (stream_name, consumer_name) (nats_consumer_num_ack_pending) > 1000', '5m', ''],
    ['max by (stream_name) (jetstream_stream_total_messages) > 1000', '5m', ''],
    ['count by (stream_name) (jetstream_stream_total_messages) < 3', '5m', ''],
    ['absent(jetstream_stream_total_messages{stream_name="A"})', '5m', ''],
    [`nats_consumer_num_pending{${leads}} > 1 and delta(nats_consumer_num_pending[5m]) > 0`, '5m', ''],
    [
      `nats_consumer_num_pending{${leads}} > 1 and on (consumer_name) delta(nats_consumer_num_pending[5m]) > 0`,
      '5m',
      'L8',
    ],
    [`nats_consumer_num_pending{${leads}} > 1 or nats_consumer_num_ack_pending > 1`, '5m', 'L8'],
    ['nats_stream_limit_bytes > 1000', '5m', ''],
  ]);
});

describe('L8: what asks whether anybody leads', () => {
  const messages = 'jetstream_stream_total_messages';
  reported([
    [`${messages}{stream_leader=""} >= 0`, '5m', ''],
    [`${messages}{stream_leader=~""} >= 0`, '5m', ''],
    [`${messages}{stream_leader!~".+"} >= 0`, '5m', ''],
    [`${messages}{is_stream_leader="false",stream_leader=""} >= 0`, '5m', ''],
    [`${messages}{is_stream_leader!="true",stream_leader=""} >= 0`, '5m', ''],
    [`${messages}{meta_leader=""} >= 0`, '5m', ''],
    ['jetstream_consumer_num_pending{consumer_leader=""} >= 0', '5m', ''],
    ['jetstream_consumer_num_pending{stream_leader=""} > 0', '5m', ''],
    [`${messages} unless on (stream_name) ${messages}{is_stream_leader="true"}`, '5m', ''],
    ['jetstream_server_total_streams{meta_leader=""} >= 0', '5m', ''],
    ['jetstream_server_total_streams{is_meta_leader="false",meta_leader=""} >= 0', '5m', ''],
    // A name restricts nothing: each replica has the leader's.
    [`${messages}{stream_leader!=""} > 5`, '5m', 'L8'],
    [`${messages}{stream_leader=~"n1|n2"} > 5`, '5m', 'L8'],
    [`${messages}{stream_leader!="n1"} > 5`, '5m', 'L8'],
    [`${messages}{is_stream_leader=~"true|false"} > 5`, '5m', 'L8'],
    [`${messages}{is_stream_leader=~"t.*"} > 5`, '5m', ''],
    [`${messages}{is_stream_leader="yes"} > 5`, '5m', 'L8'],
    // Each consumer has a leader of its own.
    ['jetstream_consumer_num_pending{is_stream_leader="true"} > 5', '5m', 'L8'],
    [`jetstream_consumer_num_pending{${leads},is_stream_leader="true"} > 5`, '5m', 'L8'],
    [`jetstream_consumer_num_pending{${leads},is_meta_leader="true"} > 5`, '5m', ''],
    // Nobody is a leader without a name, in a cluster.
    [`${messages}{is_stream_leader="true",stream_leader=""} >= 0`, '5m', 'L8'],
    ['jetstream_server_total_streams{is_meta_leader!="false",meta_leader=~""} >= 0', '5m', 'L8'],
  ]);
});

describe('L9: one page of connections', () => {
  reported([
    ['gnatsd_connz_subscriptions > 50', '5m', 'L9'],
    ['rate(gnatsd_connz_in_msgs[5m]) > 50', '5m', 'L9'],
    ['gnatsd_connz_num_connections > 1024', '5m', 'L9'],
    ['gnatsd_connz_num_connections > 1023', '5m', ''],
    ['gnatsd_connz_num_connections >= 1025', '5m', 'L9'],
    ['gnatsd_connz_num_connections >= 1024', '5m', ''],
    ['sum(gnatsd_connz_num_connections) > 5000', '5m', ''],
    ['gnatsd_connz_total > 5000', '5m', ''],
    ['gnatsd_connz_pending_bytes{cid="7"} > 1e6', '5m', ''],
  ]);
});

describe('L10: divisors', () => {
  const bytes = 'jetstream_stream_total_bytes{is_stream_leader="true"}';
  const limit = 'jetstream_stream_limit_bytes';
  reported([
    [`${bytes} / ${limit} > 0.8`, '5m', 'L10'],
    [`${bytes} / ${limit} > 0.8 and ${bytes} > 0`, '5m', 'L10'],
    [`${bytes} / ${limit} > 0.8 and ${limit} > -1`, '5m', 'L10'],
    [`${bytes} / ${limit} > 0.8 or ${limit} > 0`, '5m', 'L10'],
    ['jetstream_account_storage_used / jetstream_account_max_storage > 0.8', '5m', 'L10'],
    [`${bytes} / ${limit} > 0.8 and ${limit} > 0`, '5m', ''],
    [`${limit} > 0 and ${bytes} / ${limit} > 0.8`, '5m', ''],
    [`${bytes} / (${limit} > 0) > 0.8`, '5m', ''],
    [`${bytes} / (${limit} != 0) > 0.8`, '5m', ''],
    [`${bytes} / ${limit} > 0.8 unless ${limit} <= 0`, '5m', ''],
    [`${bytes} / clamp_min(${limit}, 1) > 0.8`, '5m', ''],
    ['gnatsd_varz_connections / gnatsd_varz_max_connections > 0.8', '5m', ''],
  ]);
});

describe('L11: routes', () => {
  reported([
    ['gnatsd_varz_routes > 10', '3m', 'L11'],
    ['gnatsd_routez_num_routes < 2', '3m', 'L11'],
    ['sum(nats_varz_routes) != 24', '3m', 'L11'],
    ['gnatsd_varz_routes == 0', '3m', ''],
    ['gnatsd_varz_routes < 1', '3m', ''],
    ['gnatsd_varz_routes / gnatsd_varz_cluster_pool_size < 2', '3m', ''],
    ['delta(gnatsd_varz_routes[5m]) < 0', '0s', ''],
  ]);
});

describe('L12: for and window', () => {
  reported([
    ['increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5', '5m', 'L12'],
    ['increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5', '4m', ''],
    ['rate(gnatsd_varz_slow_consumers[5m]) > 0', '10m', 'L12'],
    ['changes(gnatsd_varz_start[5m]) > 0', '5m', 'L12'],
    ['rate(gnatsd_varz_in_msgs[5m]) > 1e5', '10m', ''],
    ['increase(gnatsd_varz_in_bytes[5m]) > 1e9', '10m', ''],
    ['max_over_time(gnatsd_varz_mem[2m]) > 1e9', '5m', ''],
  ]);
});

describe('L13: absent()', () => {
  reported([
    ['absent(up{job="nats"})', '5m', 'L13'],
    ['absent_over_time(up{job="nats"}[2m])', '5m', 'L13'],
    ['absent(gnatsd_varz_connections{namespace="x"})', '5m', 'L13'],
    ['absent(jetstream_stream_total_messages)', '5m', 'L13'],
    ['absent(up{server_id="n1"})', '5m', ''],
    ['absent(up{instance="n1:8222"})', '5m', ''],
    ['absent(up{server_id=~"n1|n2"})', '5m', 'L13'],
    ['absent(jetstream_consumer_num_pending{consumer_name="a"})', '5m', ''],
    ['up{job="nats"} == 0 or absent(up{job="nats"})', '5m', ''],
  ]);
  it('is as good as any other for the only target', () => {
    expect(codes('absent(up{job="nats"})', { targets: 1 })).toEqual([]);
    expect(codes('absent(up{job="nats"})', { targets: null })).toEqual(['L13']);
  });
});

describe('L18: leaders', () => {
  reported([
    ['count(count by (meta_leader) (jetstream_server_total_streams)) > 1', '0s', 'L18'],
    ['count(count by (meta_leader) (jetstream_server_total_streams)) > 1', '2m', ''],
    ['count(jetstream_server_total_streams{is_meta_leader="true"}) != 1', '0s', 'L18'],
    ['absent(jetstream_stream_total_messages{stream_name="A",is_stream_leader="true"})', '0s', 'L18'],
    ['jetstream_server_total_streams{meta_leader=""} > 0', '0s', 'L18'],
    ['jetstream_server_total_streams{meta_leader!~".+"} > 0', '0s', 'L18'],
    ['jetstream_server_total_streams{meta_leader!~".+"} > 0', '2m', ''],
    ['absent(jetstream_stream_total_messages{stream_name="A",is_stream_leader=~"t.*"})', '0s', 'L18'],
    [`jetstream_consumer_num_pending{${leads}} > 1000`, '0s', ''],
    ['max by (stream_name) (jetstream_stream_total_messages) > 1000', '0s', ''],
  ]);
});

describe('L20: idle', () => {
  reported([
    [`rate(nats_consumer_delivered_consumer_seq{${leads}}[5m]) == 0`, '5m', 'L20'],
    ['rate(nats_stream_last_seq{is_stream_leader="true"}[10m]) == 0', '5m', 'L20'],
    ['sum(rate(gnatsd_varz_in_msgs[5m])) < 10', '5m', 'L20'],
    ['rate(gnatsd_varz_in_msgs[5m]) < 10 and up == 1', '5m', 'L20'],
    [`jetstream_consumer_last_delivery_seconds{${leads}} > 600`, '5m', 'L20'],
    [
      `jetstream_consumer_num_pending{${leads}} > 100 and rate(jetstream_consumer_delivered_consumer_seq[5m]) == 0`,
      '5m',
      '',
    ],
    ['rate(gnatsd_varz_in_msgs[5m]) > 10', '5m', ''],
    [
      'changes(jetstream_stream_first_seq{is_stream_leader="true"}[12h]) == 0 and jetstream_stream_total_messages > 0',
      '15m',
      '',
    ],
  ]);
});

describe('L21 and L22: mirrors and sources without an origin', () => {
  const active = 'jetstream_stream_mirror_active_duration_ns';
  reported([
    ['jetstream_stream_mirror_lag > 1000', '5m', 'L21'],
    ['nats_stream_source_lag >= 1000', '5m', 'L21'],
    ['delta(jetstream_stream_mirror_lag[5m]) > 0', '0s', 'L21'],
    ['sum(jetstream_stream_mirror_lag) > 100', '5m', 'L21'],
    ['sum by (stream_name) (nats_stream_source_lag) > 100', '5m', 'L21'],
    ['max without (server_id) (jetstream_stream_mirror_lag) > 100', '5m', 'L21'],
    ['100 < avg_over_time(jetstream_stream_mirror_lag[5m]) / 2', '5m', 'L21'],
    ['predict_linear(jetstream_stream_mirror_lag[15m], 600) > 100', '5m', 'L21'],
    [
      'jetstream_stream_source_lag / jetstream_stream_total_messages{is_stream_leader="true"} > 0.1',
      '5m',
      'L21',
    ],
    ['jetstream_stream_source_lag - jetstream_stream_source_lag offset 5m > 100', '5m', 'L21'],
    ['jetstream_stream_mirror_lag > on (stream_name) group_left () vector(100)', '5m', 'L21'],
    // One message each, which say together what to write.
    ['sum(jetstream_stream_mirror_lag) + sum(jetstream_stream_source_lag) > 100', '5m', 'L21 L21'],
    ['100 - jetstream_stream_mirror_lag > 0', '5m', ''],
    ['vector(100) > on () sum(jetstream_stream_mirror_lag)', '5m', ''],
    ['count(jetstream_stream_mirror_lag) > 3', '5m', ''],
    ['jetstream_stream_mirror_lag < 1', '5m', ''],
    [`jetstream_stream_mirror_lag > 1000 or ${active} > 60e9 or ${active} == -1`, '5m', ''],
    [`jetstream_stream_source_lag > 1000 or ${active} > 60e9 or ${active} == -1`, '5m', 'L21'],
    [`${active} > 60e9`, '5m', 'L22'],
    [`${active} >= 0`, '5m', 'L22'],
    [`60 < max(${active} / 1e9)`, '5m', 'L22'],
    [`${active} > 60e9 or ${active} == -1`, '5m', ''],
    [`${active} > 60e9 or ${active} < 0`, '5m', ''],
    [`${active} > 60e9 or max(${active}) / 1e9 < 0`, '5m', ''],
    [`${active} >= -1`, '5m', ''],
    [`${active} != 0`, '5m', ''],
    [`${active} < 60e9`, '5m', ''],
  ]);
});

describe('L23: servers of JetStream', () => {
  const size = 'gnatsd_varz_jetstream_meta_cluster_size';
  reported([
    [`${size} < 3`, '5m', 'L23'],
    [`${size} != 3 and on () min(up) == 1`, '5m', 'L23'],
    [`max(${size}) <= 2`, '5m', 'L23'],
    [`${size} == 2`, '5m', 'L23'],
    [`(${size} < bool 3) > 0`, '5m', 'L23'],
    [`(${size} >= bool 3) == 0`, '5m', 'L23'],
    [`count(${size} < 3) > 0`, '5m', 'L23'],
    [`1 < count(${size} < 3 and up == 1)`, '5m', 'L23'],
    [`count(${size}) < 3`, '5m', ''],
    [`(${size} < bool 3) == 0`, '5m', ''],
    [`delta(${size}[5m]) < 0`, '0s', 'L23'],
    [`${size} > 3`, '5m', ''],
    [`changes(${size}[5m]) > 0`, '0s', ''],
    [`${size} == 3 and gnatsd_varz_remotes < 2`, '5m', ''],
    ['gnatsd_varz_remotes + 1 < 3', '5m', ''],
    [`gnatsd_varz_remotes + 1 < ${size}`, '5m', ''],
  ]);
});

describe('L24: redelivered messages', () => {
  const redelivered = `jetstream_consumer_num_redelivered{${leads}}`;
  reported([
    [`${redelivered} > 10`, '5m', 'L24'],
    [`max by (consumer_name) (${redelivered}) >= 10`, '5m', 'L24'],
    [`${redelivered} > 10 and on () min(up) == 1`, '5m', 'L24'],
    [`count(${redelivered} > 10) > 2`, '5m', 'L24'],
    [`${redelivered} < 10`, '5m', ''],
    [`delta(${redelivered}[10m]) > 10`, '5m', ''],
    [`${redelivered} > 10 and jetstream_consumer_num_ack_pending{${leads}} > 10`, '5m', ''],
    [`${redelivered} - jetstream_consumer_num_ack_pending{${leads}} > 0`, '5m', ''],
  ]);
});

describe('L25: forms of healthz', () => {
  const [server, enabled] = ['gnatsd_healthz_js_server_only_status', 'nats_healthz_js_enabled_only_status'];
  reported([
    [`${server} != 0`, '5m', 'L25'],
    [`${server}_value == 0`, '5m', 'L25'],
    [`max(${enabled}) > 0`, '5m', 'L25'],
    [`${server} + up > 1`, '5m', 'L25'],
    [`${server} + gnatsd_healthz_status > 0`, '5m', ''],
    [`${server} > 0 or gnatsd_healthz_status > 0`, '5m', ''],
    [`${server}_value{value="unreachable"} == 0`, '5m', ''],
    ['gnatsd_healthz_status != 0', '5m', ''],
    [`absent(${server}{server_id="n1"})`, '5m', ''],
  ]);
});

describe('C1: CPU', () => {
  reported([
    ['gnatsd_varz_cpu > 80', '5m', 'C1'],
    ['avg_over_time(gnatsd_varz_cpu[5m]) >= 100', '5m', 'C1'],
    ['gnatsd_varz_cpu > 300', '5m', ''],
    ['gnatsd_varz_cpu / gnatsd_varz_cores > 80', '5m', ''],
    ['gnatsd_varz_cpu < 5', '5m', ''],
  ]);
});

describe('C7 and C8: what always fires', () => {
  reported([
    ['gnatsd_varz_connections > bool 5', '5m', 'C7'],
    ['sum(up == bool 0)', '5m', 'C7'],
    ['gnatsd_varz_connections > bool 5 and up == bool 1', '5m', 'C7'],
    ['gnatsd_varz_connections', '5m', 'C7'],
    ['vector(1)', '0s', 'C7'],
    ['jetstream_stream_mirror_lag', '5m', 'C7'],
    ['sum by (stream_name) (jetstream_stream_source_lag)', '5m', 'C7'],
    ['jetstream_stream_mirror_lag or gnatsd_varz_connections', '5m', 'C7'],
    ['delta(jetstream_stream_mirror_lag[5m])', '5m', 'C7'],
    ['jetstream_stream_mirror_lag{stream_name="COPY"}', '5m', ''],
    ['jetstream_stream_mirror_lag < 5', '5m', ''],
    ['(gnatsd_varz_connections > bool 5) == 1', '5m', ''],
    ['gnatsd_varz_connections > 5', '5m', ''],
    ['jetstream_stream_total_messages{stream_name="TEST"}', '5m', 'L8'],
    ['gnatsd_varz_mem unless gnatsd_varz_cpu', '5m', ''],
    ['gnatsd_healthz_status_value{value="unreachable"}', '5m', ''],
    ['time() > bool 5', '5m', 'C8'],
    ['scalar(up) == bool 0', '5m', 'C8'],
  ]);
});
