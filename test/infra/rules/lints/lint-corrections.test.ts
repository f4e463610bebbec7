import { expect, it } from 'vitest';
import { lintCodes } from '../../../../infra/rules/lint.ts';
import { parse } from '../../../../lambdas/promql/index.ts';
import { codes, warnings } from './linted.ts';

const instance = { annotations: { summary: '{{ $labels.instance }}' } };

it.each([
  ['L1', 'gnatsd_varz_slow_consumers > 0', 'increase(gnatsd_varz_slow_consumers[10m]) > 0'],
  [
    'L1',
    '5 < max(acme_varz_stale_connections{job="x"})',
    '5 < max(increase(acme_varz_stale_connections{job="x"}[10m]))',
  ],
  [
    'L1',
    'max_over_time(gnatsd_varz_slow_consumers[1h]) > 0',
    'increase(gnatsd_varz_slow_consumers[10m]) > 0',
  ],
  ['L3', 'rate(gnatsd_varz_mem [5m]) > 5 # why', 'deriv(gnatsd_varz_mem [5m]) > 5 # why'],
  ['L3', 'sum(increase(nats_varz_connections[5m])) > 5', 'sum(delta(nats_varz_connections[5m])) > 5'],
  [
    'L3',
    'increase(jetstream_consumer_num_redelivered[5m]) > 0',
    'delta(jetstream_consumer_num_redelivered{is_consumer_leader="true"}[5m]) > 0 or jetstream_consumer_num_redelivered{is_consumer_leader="false",consumer_leader=""}',
  ],
  [
    'L8',
    'increase(jetstream_consumer_num_redelivered[5m]) > 0',
    'delta(jetstream_consumer_num_redelivered{is_consumer_leader="true"}[5m]) > 0 or jetstream_consumer_num_redelivered{is_consumer_leader="false",consumer_leader=""}',
  ],
  ['L4', 'increase(gnatsd_varz_leafnodes{job="x"}[5m]) == 0', 'gnatsd_varz_leafnodes{job="x"} == 0'],
  ['L4', 'increase(gnatsd_varz_slow_consumers[5m]) == 0', 'increase(gnatsd_varz_slow_consumers[10m]) > 0'],
  ['L5', 'time() - max(gnatsd_varz_start) < 300', 'time() - max(gnatsd_varz_start / 1000) < 300'],
  [
    'L8',
    'nats_consumer_num_pending > 5',
    'nats_consumer_num_pending{is_consumer_leader="true"} > 5 or nats_consumer_num_pending{is_consumer_leader="false",consumer_leader=""}',
  ],
  [
    'L8',
    'nats_stream_total_bytes {job="x"} > 5',
    'nats_stream_total_bytes {is_stream_leader="true",job="x"} > 5 or nats_stream_total_bytes{is_stream_leader="false",stream_leader="",job="x"}',
  ],
  [
    'L8',
    'sum by (stream_name) (nats_stream_total_bytes{}) > 5',
    'sum by (stream_name) (nats_stream_total_bytes{is_stream_leader="true"}) > 5 or max by (stream_name) (nats_stream_total_bytes{is_stream_leader="false",stream_leader=""})',
  ],
  [
    'L8',
    'nats_consumer_num_pending{is_consumer_leader="false"} > 5',
    'nats_consumer_num_pending{is_consumer_leader="true"} > 5 or nats_consumer_num_pending{is_consumer_leader="false",consumer_leader=""}',
  ],
  [
    'L8',
    'nats_consumer_num_pending{is_consumer_leader="true",is_stream_leader="true"} > 5',
    'nats_consumer_num_pending{is_consumer_leader="true"} > 5 or nats_consumer_num_pending{is_consumer_leader="false",consumer_leader=""}',
  ],
  [
    'L8',
    'nats_stream_total_bytes{is_stream_leader="true",stream_leader=""} >= 0',
    'nats_stream_total_bytes{is_stream_leader="false",stream_leader=""} >= 0',
  ],
  ['L9', 'gnatsd_connz_subscriptions{job="x"} > 50', 'gnatsd_varz_subscriptions{job="x"} > 50'],
  ['L9', 'acme_connz_num_connections > 5000', 'acme_varz_connections > 5000'],
  [
    'L10',
    'gnatsd_varz_jetstream_stats_memory / gnatsd_varz_jetstream_config_max_memory > 0.8',
    'gnatsd_varz_jetstream_stats_memory / (gnatsd_varz_jetstream_config_max_memory > 0) > 0.8',
  ],
  // nats-server 2.9 has no pool_size.
  ['L11', 'gnatsd_varz_routes > 10', 'gnatsd_varz_remotes > 10'],
  ['L11', 'gnatsd_routez_num_routes{job="x"} < 2', 'gnatsd_varz_remotes{job="x"} < 2'],
  [
    'L12',
    'increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5',
    'increase(gnatsd_varz_jetstream_stats_api_errors[10m]) > 5',
  ],
  ['L13', 'absent(up{job="nats"})', 'up{job="nats"} == 0'],
  ['L14', 'sum(gnatsd_varz_mem) > 100', 'sum by (instance) (gnatsd_varz_mem) > 100'],
  ['L14', 'sum by (job) (gnatsd_varz_mem) > 100', 'sum by (job, instance) (gnatsd_varz_mem) > 100'],
  ['L14', 'sum(gnatsd_varz_mem) without (pod, instance) > 100', 'sum(gnatsd_varz_mem) without (pod) > 100'],
  [
    'L20',
    'rate(nats_consumer_ack_floor_stream_seq{is_consumer_leader="true"}[5m]) == 0',
    'nats_consumer_num_pending{is_consumer_leader="true"} > 0 and rate(nats_consumer_ack_floor_stream_seq{is_consumer_leader="true"}[5m]) == 0',
  ],
  [
    'L21',
    'nats_stream_mirror_lag{job="x"} > 5',
    'nats_stream_mirror_lag{job="x"} > 5 or nats_stream_mirror_active_duration_ns{job="x"} > 60e9 or nats_stream_mirror_active_duration_ns{job="x"} == -1',
  ],
  [
    'L22',
    'max(acme_stream_source_active_duration_ns / 1e9) > 60',
    'max(acme_stream_source_active_duration_ns / 1e9) > 60 or max(acme_stream_source_active_duration_ns == -1)',
  ],
  ['L23', '3 > max(nats_varz_jetstream_meta_cluster_size)', '3 > max(nats_varz_remotes + 1)'],
  [
    'L24',
    'max_over_time(nats_consumer_num_redelivered{is_consumer_leader="true"}[5m]) > 5',
    'delta(nats_consumer_num_redelivered{is_consumer_leader="true"}[10m]) > 5',
  ],
  ['L25', 'acme_healthz_js_server_only_status{job="x"} > 0', 'acme_healthz_status{job="x"} > 0'],
  ['C1', 'max(gnatsd_varz_cpu{job="x"}) > 80', 'max(gnatsd_varz_cpu{job="x"} / gnatsd_varz_gomaxprocs) > 80'],
  ['C7', 'gnatsd_varz_mem > bool 5', 'gnatsd_varz_mem > 5'],
])('%s of %s says what to write', (code, expr, corrected) => {
  const given = { for: '5m', ...(code === 'L14' ? instance : {}) };
  const context = { prefixes: ['acme'] };
  const found = warnings({ ...given, expr }, context).find((warning) => warning.code === code);
  expect(found?.message).toContain(`write ${corrected}`);
  expect(parse(corrected, 2).problem).toBeUndefined();
  expect(codes({ ...given, expr: corrected }, context)).not.toContain(code);
});

it('says at once what to write for all that is wrong in the same way', () => {
  const each = (of: (name: string) => string) =>
    ['a', 'b', 'c'].map((id) => of(`{server_id="${id}"}`)).join(' or ');
  const found = warnings({ expr: each((id) => `gnatsd_varz_slow_consumers${id} > 0`), for: '5m' });
  const advised = each((id) => `increase(gnatsd_varz_slow_consumers${id}[10m]) > 0`);
  expect(found.map(({ code, message }) => [code, message.split('; write ')[1]])).toEqual(
    ['a', 'b', 'c'].map(() => ['L1', advised]),
  );
});

it('L3 does not advise the value itself where L24 warns of it', () => {
  const messages = ['consumer_num_redelivered', 'consumer_num_ack_pending'].map((name) => {
    const expr = `increase(jetstream_${name}{is_consumer_leader="true"}[5m]) > 0`;
    return warnings({ expr, for: '1m' }).map(({ message }) => message.includes('compare the value itself'));
  });
  expect(messages).toEqual([[false], [true]]);
});

it('lists each code once, L1 to L26 and then what differs in CloudWatch', () => {
  expect(lintCodes.map(({ code }) => code).join(' ')).toBe(
    'L1 L2 L3 L4 L5 L6 L7 L8 L9 L10 L11 L12 L13 L14 L15 L16 L17 L18 L19 L20 L21 L22 L23 L24 L25 L26 C1 C2 C3 C4 C5 C6 C7 C8',
  );
});
