import type { Scene } from './promtool.ts';

const minutes = (count: number): readonly number[] =>
  Array.from({ length: count }, (_each, minute) => minute * 60_000);

const sceneOf = (
  series: Readonly<Record<string, string>>,
  texts: readonly string[],
  until: number,
): Scene => ({
  stepSeconds: 60,
  series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
  questions: minutes(until).flatMap((atMs) => texts.map((text) => ({ text, atMs }))),
});

/** What rules on NATS ask, over what NATS does: restarts, servers that come late or go, gaps, leaders that move. */
export const scenes: readonly Scene[] = [
  sceneOf(
    {
      'gnatsd_varz_slow_consumers{server_id="n1"}': '0x4 3x3 5x3 0 1x10',
      'gnatsd_varz_slow_consumers{server_id="n2"}': '7 7 7 _ _ 7 8 _x6 9x6',
      'gnatsd_varz_slow_consumers{server_id="n3"}': '_x8 1+2x9',
    },
    [
      'increase(gnatsd_varz_slow_consumers[5m]) > 0',
      'rate(gnatsd_varz_slow_consumers[5m])',
      'irate(gnatsd_varz_slow_consumers[5m])',
      'delta(gnatsd_varz_slow_consumers[3m])',
      'idelta(gnatsd_varz_slow_consumers[3m])',
      'resets(gnatsd_varz_slow_consumers[10m])',
      'changes(gnatsd_varz_slow_consumers[10m]) == 0',
      'increase(gnatsd_varz_slow_consumers[5m] offset 3m)',
      'sum(increase(gnatsd_varz_slow_consumers[5m])) without (server_id)',
      'max_over_time(rate(gnatsd_varz_slow_consumers[2m])[5m:1m])',
    ],
    18,
  ),
  sceneOf(
    {
      'gnatsd_varz_jetstream_stats_storage{server_id="n1"}': '10+10x12',
      'gnatsd_varz_jetstream_config_max_storage{server_id="n1"}': '100x12',
      'gnatsd_varz_jetstream_stats_storage{server_id="n2"}': '5x5 stale _x3 90x5',
      'gnatsd_varz_jetstream_config_max_storage{server_id="n2"}': '0x5 stale _x3 100x5',
      'gnatsd_varz_leafnodes{server_id="n1"}': '2 2 2 1 1 0 0 2',
      'up{job="nats",instance="n1"}': '1x5 0 0 1x3 stale',
    },
    [
      'gnatsd_varz_jetstream_stats_storage / gnatsd_varz_jetstream_config_max_storage > 0.8 and gnatsd_varz_jetstream_config_max_storage > 0',
      'gnatsd_varz_jetstream_stats_storage / gnatsd_varz_jetstream_config_max_storage',
      'gnatsd_varz_jetstream_stats_storage / (gnatsd_varz_jetstream_config_max_storage > 0) > 0.8',
      'predict_linear(gnatsd_varz_jetstream_stats_storage[5m], 3600) > 500',
      'deriv(gnatsd_varz_jetstream_stats_storage[10m])',
      'increase(gnatsd_varz_leafnodes[5m]) == 0',
      'absent(up{job="nats"})',
      'absent_over_time(up{job="nats",instance=~"n.*"}[2m])',
      'up == 0 or absent(up{job="nats"})',
      'count(up == 1) < bool 1',
      'avg_over_time(up[5m]) < 0.9',
      'min_over_time(up[3m]) == 0 unless on () gnatsd_varz_leafnodes > 1',
      'time() - timestamp(up) > 60',
      'vector(0) or sum(gone)',
      'sum(gone) or vector(0)',
      'up + on () gnatsd_varz_jetstream_stats_storage',
      'topk(1, gnatsd_varz_jetstream_stats_storage)',
      'bottomk(1, gnatsd_varz_jetstream_stats_storage + 1)',
    ],
    22,
  ),
  sceneOf(
    {
      'jetstream_consumer_num_pending{stream_name="S",consumer_name="c1",is_consumer_leader="true"}':
        '0+100x14',
      'jetstream_consumer_num_pending{stream_name="S",consumer_name="c1",is_consumer_leader="false"}': '0x14',
      'jetstream_consumer_num_pending{stream_name="S",consumer_name="c2",is_consumer_leader="true"}':
        '500x6 _x3 0x5',
      'jetstream_consumer_delivered_consumer_seq{stream_name="S",consumer_name="c1"}': '7x14',
      'jetstream_stream_total_messages{stream_name="S",server_name="a"}': '1000+50x14',
      'jetstream_stream_limit_messages{stream_name="S"}': '1200x14',
      'jetstream_server_total_streams{server_name="a",meta_leader="a"}': '3x14',
      'jetstream_server_total_streams{server_name="b",meta_leader="a"}': '3x4 _x9',
      'jetstream_server_total_streams{server_name="b",meta_leader="b"}': '_x4 3x9',
    },
    [
      'jetstream_consumer_num_pending{is_consumer_leader="true"} > 400',
      'max by (stream_name, consumer_name) (jetstream_consumer_num_pending) > 400',
      'delta(jetstream_consumer_num_pending{is_consumer_leader="true"}[5m]) > 0 and min_over_time(jetstream_consumer_num_pending[5m]) > 100',
      'jetstream_consumer_num_pending > 100 and on (stream_name, consumer_name) changes(jetstream_consumer_delivered_consumer_seq[5m]) == 0',
      'jetstream_stream_total_messages / on (stream_name) group_left jetstream_stream_limit_messages > 0.9',
      'jetstream_stream_limit_messages - ignoring (server_name) jetstream_stream_total_messages',
      'jetstream_stream_limit_messages * on (stream_name) group_right (consumer_name) jetstream_consumer_num_pending',
      'jetstream_consumer_num_pending * on (stream_name) group_left (server_name) jetstream_stream_total_messages',
      'count(count by (meta_leader) (jetstream_server_total_streams)) > 1',
      'group by (meta_leader) (jetstream_server_total_streams)',
      'jetstream_server_total_streams offset 5m unless on (server_name, meta_leader) jetstream_server_total_streams',
      'count_over_time(jetstream_consumer_num_pending[5m]) / 5 < 0.9',
      'label_replace(jetstream_consumer_num_pending, "short", "$1", "consumer_name", "c(.)")',
      'label_join(jetstream_consumer_num_pending, "id", "/", "stream_name", "consumer_name")',
      'count_values("pending", jetstream_consumer_num_pending)',
      'quantile(0.5, jetstream_consumer_num_pending)',
      'sum by (stream_name) (jetstream_consumer_num_pending > bool 100)',
      'rate({__name__=~"jetstream_consumer_.*"}[5m])',
      'jetstream_consumer_num_pending / jetstream_consumer_num_pending',
      'stddev(jetstream_consumer_num_pending) > scalar(jetstream_stream_limit_messages)',
      'jetstream_consumer_num_pending % 300 ^ 2 atan2 5',
      '400 < jetstream_consumer_num_pending < 900',
    ],
    14,
  ),
  {
    // First and last sample 1.09 and 1.11 average distances from the window's ends: extrapolation stops at 1.1.
    stepSeconds: 20,
    series: [
      { series: 'm{start="1.11"}', values: '_x5 21 _x4 25 _x3 29' },
      { series: 'm{start="1.09"}', values: '_x4 21 _ _ 23 _x3 25 _x3 29' },
      { series: 'm{end="1.11"}', values: '_ 21 _x3 24 _x4 29' },
      { series: 'm{end="1.09"}', values: '21 _x3 23 _x3 25 _ _ 29' },
      { series: 'm{near="zero"}', values: '_x5 1 _x4 5 _x3 9' },
      { series: 'm{near="zero",how="far"}', values: '_x8 1 _ 2 _ 3 _ 9' },
    ],
    questions: ['rate', 'increase', 'delta'].map((name) => ({ text: `${name}(m[5m])`, atMs: 300_000 })),
  },
  sceneOf(
    {
      'm{a="1"}': 'Inf Inf Inf Inf Inf Inf 5',
      'm{a="2"}': 'NaN 3 3 3 -Inf NaN NaN NaN NaN',
      'm{b="3"}': '1e308 1e308 1e308 1e308 1e308 1e308 Inf 1e-300 1e-300',
      'm{b="4"}': '7x8',
    },
    [
      ...['sum', 'avg', 'min', 'max', 'stddev', 'stdvar', 'count'].flatMap((name) => [
        `${name} by (a) (m)`,
        `${name}(m)`,
      ]),
      ...['sum', 'avg', 'min', 'max', 'stddev', 'stdvar', 'count', 'last'].map(
        (name) => `${name}_over_time(m[4m])`,
      ),
      ...['deriv', 'changes', 'resets', 'rate', 'delta', 'irate'].map((name) => `${name}(m[4m])`),
      ...[
        'quantile(0.5, m)',
        'quantile_over_time(0.9, m[4m])',
        'predict_linear(m[4m], 60)',
        'round(m, 0)',
        'm / 0',
        '0 / (m - m)',
      ],
      ...[
        'clamp_max(m, 3)',
        'clamp_min(m, NaN)',
        'm ^ 0',
        '1 ^ m',
        '(-1) ^ m',
        'm % Inf',
        'sgn(m)',
        'm == m',
        'm != m',
        'm > bool NaN',
      ],
    ],
    9,
  ),
];
