import { describe, expect, it } from 'vitest';
import { evaluate, parse, readerOf, type Labels, type Series } from '../../../../lambdas/promql/index.ts';
import { elementsOf } from '../../../../lambdas/rules/evaluation/rule-result.ts';
import { warnings, type Given } from './linted.ts';

/** What is told to be written instead, and how long to wait if that is told too. */
function advised({ message }: { readonly message: string }, given: Given): Given | undefined {
  const expr = /\bwrite (.+)$/s.exec(message)?.[1];
  const duration = /give it for: (\w+)/.exec(message)?.[1] ?? given.for;
  return expr === undefined
    ? undefined
    : { ...given, expr, ...(duration === undefined ? {} : { for: duration }) };
}

const context = { prefixes: ['acme'] };

/** Rules that something is told of, in several spellings and shapes. */
const reported = [
  'gnatsd_varz_slow_consumers > 0',
  'sum(nats_varz_stale_connections{job="x"}) >= 5',
  'max_over_time(acme_varz_slow_consumers[1h]) > 0',
  'gnatsd_varz_in_msgs == 0',
  'rate(gnatsd_varz_mem[5m]) > 5',
  'sum(increase(nats_varz_connections[5m])) > 5',
  'increase(gnatsd_varz_leafnodes[5m]) == 0',
  'changes(gnatsd_varz_start[1h]) == 0',
  'delta(gnatsd_varz_cores[1h]) == 0',
  'increase(gnatsd_varz_slow_consumers[5m]) == 0',
  'time() - max(gnatsd_varz_start) < 300',
  'gnatsd_varz_config_load_time > time()',
  'jetstream_consumer_num_pending > 5',
  'nats_consumer_num_pending{is_consumer_leader="false"} > 5',
  'nats_consumer_num_pending{is_consumer_leader!="true",job="x"} > 5',
  'nats_consumer_num_pending{is_consumer_leader=~"true|false"} > 5',
  'nats_consumer_num_pending{is_stream_leader="true"} > 5',
  'nats_consumer_num_pending{is_consumer_leader="true",is_stream_leader="true"} > 5',
  'nats_consumer_num_pending{consumer_leader!="",stream_name="A"} > 5 # why',
  'max by (stream_name, consumer_name) (acme_consumer_num_pending) > 5',
  'sum by (stream_name) (jetstream_stream_total_messages) > 5',
  'avg without (server_id) (jetstream_stream_total_messages{stream_leader=~".+"}) > 5',
  'topk(3, jetstream_stream_total_messages) > 5',
  'jetstream_stream_total_bytes / jetstream_stream_limit_bytes > 0.8',
  'nats_consumer_num_pending > 5 or nats_consumer_num_ack_pending > 5',
  'nats_consumer_num_pending > 5 and delta(nats_consumer_num_pending[5m]) > 0',
  'jetstream_stream_total_messages{is_stream_leader="true",stream_leader=""} >= 0',
  'jetstream_stream_total_messages{is_stream_leader!="false",stream_leader!~".+"} >= 0',
  'jetstream_server_total_streams{is_meta_leader="true",meta_leader=""} >= 0',
  'jetstream_stream_total_messages{is_stream_leader="yes"} > 5',
  '{__name__="nats_consumer_num_pending"} > 5',
  'gnatsd_connz_subscriptions{job="x"} > 50',
  'gnatsd_connz_in_msgs > 1e6',
  'rate(gnatsd_connz_in_msgs[5m]) > 50',
  'acme_connz_num_connections > 5000',
  'gnatsd_varz_jetstream_stats_memory / gnatsd_varz_jetstream_config_max_memory > 0.8',
  'gnatsd_varz_routes{job="x"} > 10',
  'nats_routez_num_routes < 2',
  'increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5',
  'absent(up{job="nats"})',
  'absent(gnatsd_varz_mem)',
  'rate(nats_consumer_ack_floor_stream_seq{is_consumer_leader="true"}[5m]) == 0',
  'rate(nats_consumer_ack_floor_stream_seq[5m]) == 0',
  'max(gnatsd_varz_cpu{job="x"}) > 80',
  'gnatsd_varz_mem > bool 5',
  'jetstream_stream_mirror_lag{stream_name="A"} > 1000',
  'max by (stream_name) (acme_stream_source_lag) > 1000',
  'sum(jetstream_stream_mirror_lag) + sum(jetstream_stream_source_lag) > 100',
  'jetstream_stream_mirror_lag - jetstream_stream_mirror_lag offset 5m > 100',
  'jetstream_stream_mirror_active_duration_ns > 60e9',
  'max(nats_stream_source_active_duration_ns / 1e9) > 60',
  'gnatsd_varz_jetstream_meta_cluster_size < 3',
  'max(nats_varz_jetstream_meta_cluster_size{job="x"}) * 2 != 6',
  'delta(gnatsd_varz_jetstream_meta_cluster_size[5m]) < 0',
  'jetstream_consumer_num_redelivered{is_consumer_leader="true"} > 10',
  'max by (consumer_name) (acme_consumer_num_redelivered) >= 10',
  'jetstream_consumer_num_redelivered > 10',
  'increase(jetstream_consumer_num_redelivered[5m]) > 0',
  'sum by (stream_name) (rate(jetstream_consumer_num_redelivered[5m])) > 0',
  'increase(jetstream_consumer_num_pending[10m]) > 100',
  'increase(jetstream_stream_mirror_lag[5m]) > 0',
  'increase(gnatsd_varz_routes[5m]) > 3',
  'increase(gnatsd_healthz_js_server_only_status[5m]) > 0',
  'rate(gnatsd_connz_in_bytes[5m]) > 1e6',
  'jetstream_consumer_last_ack_seconds > 300',
  'gnatsd_healthz_js_server_only_status != 0',
  'nats_healthz_js_enabled_only_status_value{job="x"} == 0',
];

describe.each(['0s', '3m', '5m'])('a rule that waits %s and is written as it is told', (duration) => {
  it.each(reported)('%s: is told one thing by all lints, and of nothing more once it is done', (expr) => {
    const given = { expr, for: duration };
    const texts = warnings(given, context).flatMap((warning) => advised(warning, given) ?? []);
    const [better] = texts;
    if (better === undefined) return;
    expect(texts).toEqual(texts.map(() => better));
    expect([better.expr, parse(better.expr, 2).problem]).toEqual([better.expr, undefined]);
    expect([better, warnings(better, context)]).toEqual([better, []]);
  });
});

it('most of what is told says what to write', () => {
  const texts = reported.flatMap((expr) => warnings({ expr, for: '5m' }, context));
  expect(texts.filter((warning) => advised(warning, { expr: '' }) !== undefined).length).toBeGreaterThan(50);
});

const minute = 60_000;
const now = 20 * minute;
/** Values a minute apart, the last of them now. */
const series = (name: string, labels: Labels, ...values: readonly number[]): Series => ({
  labels: { __name__: name, ...labels },
  samples: values.map((value, index) => [now - (values.length - 1 - index) * minute, value]),
});
const fires = (expr: string, there: readonly Series[]): number => {
  const { ast } = parse(expr, 2);
  if (ast === undefined) throw new Error(expr);
  const read = readerOf(there, 2);
  return elementsOf(evaluate(ast, { at: now, read, edition: 2, intervalMs: minute })).length;
};
const adviceOn = (code: string, expr: string): string => {
  const given = { expr, for: '5m' };
  const found = warnings(given, context).find((warning) => warning.code === code);
  return (found && advised(found, given)?.expr) ?? '';
};

const server = { server_id: 'n1' };
/** Of a consumer on three servers; a value each. */
const consumer = (name: string, leader: string, ...values: readonly number[]): readonly Series[] =>
  values.map((value, index) => {
    const id = `n${index + 1}`;
    const labels = { stream_name: 'A', consumer_name: 'c', consumer_leader: leader };
    return series(name, { ...labels, server_id: id, is_consumer_leader: String(leader === id) }, value);
  });

describe('in trouble, a rule that is written as it is told', () => {
  it.each<[code: string, expr: string, trouble: readonly Series[], well: readonly Series[]]>([
    [
      'L1',
      'gnatsd_varz_slow_consumers > 0',
      [series('gnatsd_varz_slow_consumers', server, 3, 3, 3, 5)],
      [series('gnatsd_varz_slow_consumers', server, ...Array<number>(20).fill(3))],
    ],
    [
      'L8',
      'nats_consumer_num_pending > 5',
      consumer('nats_consumer_num_pending', 'n2', 0, 9, 0),
      consumer('nats_consumer_num_pending', 'n2', 40, 3, 40),
    ],
    [
      'L8',
      'max by (consumer_name) (nats_consumer_num_pending) > 5',
      // Nobody leads.
      consumer('nats_consumer_num_pending', '', 0),
      consumer('nats_consumer_num_pending', 'n2', 40, 3, 40),
    ],
    [
      'L8',
      'nats_consumer_num_pending{is_consumer_leader="true",consumer_leader=""} >= 0',
      consumer('nats_consumer_num_pending', '', 0),
      consumer('nats_consumer_num_pending', 'n1', 0, 0, 0),
    ],
    ...['L3', 'L8'].flatMap((code) => {
      const name = 'jetstream_consumer_num_redelivered';
      const led = { is_consumer_leader: 'true', consumer_leader: 'n1' };
      const unled = { is_consumer_leader: 'false', consumer_leader: '' };
      const well = [series(name, led, 9, 9, 9, 9)];
      return [
        [code, `increase(${name}[5m]) > 0`, [series(name, led, 0, 0, 0, 9)], well],
        [code, `increase(${name}[5m]) > 0`, [series(name, unled, 0)], well],
      ] as [string, string, Series[], Series[]][];
    }),
    [
      'L11',
      'gnatsd_varz_routes < 2',
      [series('gnatsd_varz_routes', server, 4), series('gnatsd_varz_remotes', server, 1)],
      [series('gnatsd_varz_routes', server, 8), series('gnatsd_varz_remotes', server, 2)],
    ],
    [
      'L21',
      'jetstream_stream_mirror_lag > 1000',
      [
        series('jetstream_stream_mirror_lag', server, 0),
        series('jetstream_stream_mirror_active_duration_ns', server, 61e9),
      ],
      [
        series('jetstream_stream_mirror_lag', server, 0),
        series('jetstream_stream_mirror_active_duration_ns', server, 9e7),
      ],
    ],
    [
      'L22',
      'max(jetstream_stream_mirror_active_duration_ns) > 60e9',
      [series('jetstream_stream_mirror_active_duration_ns', server, -1)],
      [series('jetstream_stream_mirror_active_duration_ns', server, 9e7)],
    ],
    [
      'L23',
      'gnatsd_varz_jetstream_meta_cluster_size < 3',
      [
        series('gnatsd_varz_jetstream_meta_cluster_size', server, 3),
        series('gnatsd_varz_remotes', server, 1),
      ],
      [
        series('gnatsd_varz_jetstream_meta_cluster_size', server, 3),
        series('gnatsd_varz_remotes', server, 2),
      ],
    ],
    [
      'L24',
      'jetstream_consumer_num_redelivered{is_consumer_leader="true"} > 5',
      [series('jetstream_consumer_num_redelivered', { is_consumer_leader: 'true' }, 0, 0, 0, 9)],
      [
        series(
          'jetstream_consumer_num_redelivered',
          { is_consumer_leader: 'true' },
          ...Array<number>(20).fill(9),
        ),
      ],
    ],
    [
      'L25',
      'gnatsd_healthz_js_server_only_status != 0',
      [series('gnatsd_healthz_js_server_only_status', server, 0), series('gnatsd_healthz_status', server, 1)],
      [series('gnatsd_healthz_js_server_only_status', server, 0), series('gnatsd_healthz_status', server, 0)],
    ],
  ])('%s of %s fires, and does not where all is well', (code, expr, trouble, well) => {
    const better = adviceOn(code, expr);
    expect([better, fires(better, trouble) > 0, fires(better, well)]).toEqual([better, true, 0]);
  });
});
