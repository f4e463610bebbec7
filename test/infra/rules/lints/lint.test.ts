import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { misplacedOffset, unknownSeries } from '../../../../infra/rules/lint.ts';
import { parse } from '../../../../lambdas/promql/index.ts';
import { vector } from '../../../promql/arbitrary-expression.ts';
import { codes, groupOf, warnings, warningsOf } from './linted.ts';
import type { Given } from './linted.ts';

const codesOf = (rules: readonly Given[]): readonly string[] =>
  warningsOf([groupOf(rules)]).map((found) => found.map(({ code }) => code).join(' '));
const at = (severity: string, alert: string, expr: string, rest: Partial<Given> = {}): Given => ({
  alert,
  expr,
  labels: { severity },
  ...rest,
});

describe('L6: names nobody exports', () => {
  it('come with the nearest names', () => {
    expect(unknownSeries('nats_jetstream_consumer_num_pending', [])).toBe(
      'no NATS exporter has nats_jetstream_consumer_num_pending, so that the selector takes nothing; the nearest names are ' +
        'nats_consumer_num_pending, nats_consumer_num_ack_pending, nats_consumer_num_waiting',
    );
  });

  it.each([
    [
      'nats_core_mem_bytes',
      'nats_core_mem_bytes is a series of nats-surveyor; here write gnatsd_varz_mem, whose label server_id says which server it is of',
    ],
    [
      'nats_core_jetstream_server_total_streams',
      'nats_core_jetstream_server_total_streams is a series of nats-surveyor; here write jetstream_server_total_streams, whose label server_id says which server it is of',
    ],
    [
      'nats_slow_consumers',
      'nats_slow_consumers is a series of Telegraf; here write gnatsd_varz_slow_consumers, whose label server_id says which server it is of',
    ],
  ])('%s is another program’s, and it is told what to write here', (name, message) => {
    expect(unknownSeries(name, [])).toBe(message);
  });

  it.each([
    ['nats_core_rtt_nanoseconds', 'nats-surveyor'],
    ['nats_jetstream_stream_quorum_lost', 'nats-surveyor'],
    ['nats_survey_surveyed_count', 'nats-surveyor'],
    ['nss_server_bytes_total', 'NATS Streaming'],
  ])('%s is of %s, and nothing here has its value', (name, exporter) => {
    expect(unknownSeries(name, [])).toContain(exporter);
    expect(unknownSeries(name, [])).toMatch(/nothing here has the same value; the nearest names are /);
  });

  it('are none that the exporter has under one of its prefixes', () => {
    expect(unknownSeries('acme_varz_mem', ['acme'])).toBeNull();
    expect(unknownSeries('acme_varz_mem', [])).toMatch(/^no NATS exporter has acme_varz_mem/);
  });
});

describe('L7: labels of targets', () => {
  it.each([
    ['env="prod"', 'the selector takes nothing'],
    ['env=~"prod|test"', 'the selector takes nothing'],
    ['env=~".+"', 'the selector takes nothing'],
    ['env!=""', 'the selector takes nothing'],
    ['env!~"|test"', 'the selector takes nothing'],
    ['env=""', 'the matcher leaves out nothing'],
    ['env=~"|prod"', 'the matcher leaves out nothing'],
    ['env!="prod"', 'the matcher leaves out nothing'],
    ['env!~"prod|test"', 'the matcher leaves out nothing'],
  ])('says what {%s} does where no target has the label', (matcher, course) => {
    const found = warnings(`gnatsd_varz_mem{${matcher}} > 1`, { labels: [] });
    expect(found.map(({ message }) => message)).toEqual([
      `gnatsd_varz_mem has no label env, so that ${course}, and settings give it to no target`,
    ]);
  });

  it('does not take the filter that tells sources apart for one', () => {
    const expr = 'jetstream_stream_source_lag{source_filter_subject="orders.eu"} > 100';
    expect(codes(expr, { labels: ['namespace'] }).filter((code) => code === 'L7')).toEqual([]);
  });
  const labels = ['namespace', 'pod'];
  it.each([
    ['gnatsd_varz_mem{pod="a",job="x",instance="y",server_id="z"} > 1', ''],
    ['gnatsd_varz_mem{podd="a"} > 1', 'L7'],
    ['gnatsd_varz_mem{serverid="a"} > 1', 'L7'],
    ['sum by (zone) (gnatsd_varz_mem) > 1', 'L7'],
    ['sum by (namespace) (gnatsd_varz_mem) > 1', ''],
    ['gnatsd_varz_mem{exported_server_id="a"} > 1', ''],
  ])('%s: %s', (expr, expected) => {
    expect(codes(expr, { labels }).join(' ')).toBe(expected);
  });
});

describe('L14: texts', () => {
  const shown = (expr: string, summary: string) => codes({ expr, annotations: { summary } }).join(' ');
  it.each([
    ['sum(gnatsd_varz_mem) > 1', '{{ $labels.instance }}', 'L14'],
    ['sum(gnatsd_varz_mem) > 1', '{{ .Labels.instance }}', 'L14'],
    ['sum(gnatsd_varz_mem) > 1', '{{ index $labels "instance" }}', 'L14'],
    ['sum(gnatsd_varz_mem) > 1', '{{ with $labels.instance }}{{ . }}{{ end }}', ''],
    ['sum(gnatsd_varz_mem) > 1', 'labels.instance and {{ $value }}', ''],
    ['sum without (pod) (gnatsd_varz_mem) > 1', '{{ $labels.instance }}', ''],
    ['topk(1, gnatsd_varz_mem) > 1', '{{ $labels.instance }}', ''],
    ['gnatsd_varz_mem / on (instance) gnatsd_varz_cpu > 1', '{{ $labels.instance }}', ''],
    ['gnatsd_varz_mem / on (job) gnatsd_varz_cpu > 1', '{{ $labels.instance }}', 'L14'],
    [
      'gnatsd_varz_mem * on (job) group_left () max by (job) (gnatsd_varz_cpu) > 1',
      '{{ $labels.instance }}',
      '',
    ],
    ['max(gnatsd_varz_cores) > 1 or gnatsd_varz_mem > 1', '{{ $labels.instance }}', ''],
    ['absent(up{server_id="n1"})', '{{ $labels.instance }}', 'L14'],
    ['absent(up{instance="n1"})', '{{ $labels.instance }}', ''],
    ['count_values("version", gnatsd_varz_mem) > 1', '{{ $labels.version }}', ''],
    ['jetstream_stream_total_messages{is_stream_leader="true"} > 1', '{{ $labels.stream }}', 'L7'],
  ])('%s shows %s: %s', (expr, summary, expected) => {
    expect(shown(expr, summary)).toBe(expected);
  });
});

describe('L15: names', () => {
  it.each([
    ['NatsJetstreamConsumersExceeded', 'gnatsd_varz_jetstream_stats_accounts > 100', '', 'L15'],
    ['NatsJetstreamAccountsExceeded', 'gnatsd_varz_jetstream_stats_accounts > 100', '', ''],
    ['NatsSlowConsumers', 'increase(gnatsd_varz_stale_connections[5m]) > 0', '', 'L15'],
    [
      'NatsStaleConnections',
      'increase(gnatsd_varz_stale_connections[5m]) > 0',
      'There are slow consumers',
      'L15',
    ],
    [
      'NatsStaleConnections',
      'increase(gnatsd_varz_stale_connections[5m]) > 0',
      'Stale, no slow consumers',
      '',
    ],
    ['NatsTooMuch', 'gnatsd_varz_jetstream_stats_accounts > 100', '', ''],
    ['NatsConsumerStuck', 'gnatsd_varz_mem > 1e9', '', ''],
  ])('%s of %s, described as "%s": %s', (alert, expr, description, expected) => {
    expect(codes({ alert, expr, annotations: { description } }).join(' ')).toBe(expected);
  });
});

describe('L16 and L17: alerts beside alerts', () => {
  it.each<[string, readonly Given[], readonly string[]]>([
    [
      'the same twice',
      [at('critical', 'A', 'gnatsd_varz_mem > 1e9'), at('critical', 'B', '(nats_varz_mem) > 1000000000')],
      ['', 'L16'],
    ],
    [
      'the same in other units',
      [
        at('critical', 'A', 'gnatsd_varz_mem > 1e9'),
        at('critical', 'B', 'gnatsd_varz_mem * 2 - 5 > 1999999995'),
      ],
      ['', 'L16'],
    ],
    [
      'the same in other units for another topic',
      [
        at('warning', 'A', 'gnatsd_varz_mem / 1e9 > 1'),
        at('critical', 'B', 'gnatsd_varz_mem * 2 > 2e9'),
        at('critical', 'C', 'gnatsd_varz_mem / 1e9 > 1'),
      ],
      ['', '', 'L16'],
    ],
    [
      'the same from the other side',
      [at('critical', 'A', 'gnatsd_varz_mem > 1e9'), at('critical', 'B', '1e9 - gnatsd_varz_mem < 0')],
      ['', 'L16'],
    ],
    [
      'another level in other units',
      [at('critical', 'A', 'gnatsd_varz_mem > 1e9'), at('critical', 'B', 'gnatsd_varz_mem / 1024 > 1e3')],
      ['L16', ''],
    ],
    [
      'severer in other units',
      [at('warning', 'A', 'gnatsd_varz_mem / 1000 > 1e6'), at('critical', 'B', 'gnatsd_varz_mem > 2e9')],
      ['L17', ''],
    ],
    [
      'one within another',
      [
        at('warning', 'A', 'gnatsd_varz_subscriptions > 50'),
        at('warning', 'B', 'gnatsd_varz_subscriptions > 1000'),
      ],
      ['', 'L16'],
    ],
    [
      'one within another that waits longer',
      [
        at('warning', 'A', 'gnatsd_varz_subscriptions > 50', { for: '1h' }),
        at('warning', 'B', 'gnatsd_varz_subscriptions > 1000', { for: '5m' }),
      ],
      ['', ''],
    ],
    [
      'one name with the same labels for two things',
      [at('warning', 'A', 'gnatsd_varz_mem > 1'), at('warning', 'A', 'gnatsd_varz_subscriptions > 1')],
      ['', 'L16'],
    ],
    [
      'one name for a milder and a severer alert',
      [at('warning', 'A', 'gnatsd_varz_mem > 1'), at('critical', 'A', 'gnatsd_varz_subscriptions > 1')],
      ['', ''],
    ],
    [
      'bands without an upper bound',
      [at('warning', 'A', 'gnatsd_varz_mem > 2000'), at('critical', 'A', 'gnatsd_varz_mem > 5000')],
      ['L17', ''],
    ],
    [
      'the same, and the most of it',
      [
        at('warning', 'A', 'gnatsd_varz_mem > 1e9'),
        at('warning', 'B', 'max by (server_id) (gnatsd_varz_mem / 1000) > 1e6'),
      ],
      ['', 'L16'],
    ],
    [
      'the same for long: of a group one after another may be beyond it',
      [
        at('warning', 'A', 'gnatsd_varz_mem > 1e9', { for: '5m' }),
        at('warning', 'B', 'max(gnatsd_varz_mem) > 1e9', { for: '5m' }),
      ],
      ['L16', ''],
    ],
    [
      'the most of it for long, beside the same at once',
      [
        at('warning', 'A', 'max(gnatsd_varz_mem) > 1e9', { for: '5m' }),
        at('warning', 'B', 'gnatsd_varz_mem > 1e9'),
      ],
      ['L16', ''],
    ],
    [
      'a severer level of the least',
      [at('warning', 'A', 'gnatsd_varz_mem < 9'), at('critical', 'B', 'min(gnatsd_varz_mem) < 5')],
      ['L17', ''],
    ],
    [
      'the least above a limit, which each is then, and the most below it',
      [
        at('warning', 'A', 'gnatsd_varz_mem > 5'),
        at('warning', 'B', 'min(gnatsd_varz_mem) > 5'),
        at('warning', 'C', 'max(-gnatsd_varz_mem) < -5'),
        at('warning', 'D', 'max(gnatsd_varz_mem > 7) > 5'),
      ],
      ['', '', '', ''],
    ],
    [
      'bands from above',
      [at('critical', 'A', 'gnatsd_varz_mem / 4 < 1'), at('warning', 'A', 'gnatsd_varz_mem / 4 < 2')],
      ['', 'L17'],
    ],
    [
      'bands behind a guard',
      [at('warning', 'A', 'a / b > 0.8 and b > 0'), at('critical', 'A', 'b > 0 and a / b > 0.9')],
      ['', ''],
    ],
    [
      'bands behind the same guard',
      [at('warning', 'A', 'a / b > 0.8 and b > 0'), at('critical', 'A', 'a / b > 0.9 and b > 0')],
      ['L17', ''],
    ],
    [
      'bands that meet',
      [at('warning', 'A', 'gnatsd_varz_mem > 2000 <= 5000'), at('critical', 'A', 'gnatsd_varz_mem > 5000')],
      ['', ''],
    ],
    [
      'bands that meet by and',
      [
        at('warning', 'A', 'gnatsd_varz_mem > 2000 and gnatsd_varz_mem <= 5000'),
        at('critical', 'A', 'gnatsd_varz_mem > 5000'),
      ],
      ['', ''],
    ],
    [
      'bands that share one value',
      [at('warning', 'A', 'gnatsd_varz_mem > 2000 <= 5000'), at('critical', 'A', 'gnatsd_varz_mem >= 5000')],
      ['', ''],
    ],
    [
      'the same of other servers',
      [
        at('critical', 'A', 'gnatsd_varz_mem{job="a"} > 1'),
        at('critical', 'B', 'gnatsd_varz_mem{job="b"} > 1'),
        at('critical', 'C', 'recorded:mem > 1'),
        at('critical', 'D', 'recorded:cpu > 1'),
      ],
      ['', '', '', ''],
    ],
  ])('%s', (_case, rules, expected) => {
    expect(codesOf(rules)).toEqual(expected);
  });

  it('are of one topic, whatever words of severity they have', () => {
    const twice = (one: string, other: string) => [
      at(one, 'A', 'gnatsd_varz_mem > 1'),
      at(other, 'B', 'gnatsd_varz_mem > 1'),
    ];
    expect(codesOf(twice('page', 'critical'))).toEqual(['', 'L16']);
    expect(codesOf(twice('info', 'P2'))).toEqual(['', 'L16']);
    expect(codesOf(twice('warning', 'critical'))).toEqual(['', '']);
    const mapped = { severities: { gold: 'critical', Silver: 'warning' } } as const;
    const withMap = (one: string, other: string) =>
      warningsOf([groupOf(twice(one, other))], mapped).map((found) =>
        found.map(({ code }) => code).join(' '),
      );
    expect(withMap('gold', 'page')).toEqual(['', 'L16']);
    expect(withMap('silver', 'page')).toEqual(['', '']);
    const [, doubled = []] = warningsOf([groupOf(twice('page', 'critical'))]);
    expect(doubled[0]?.message).toBe(
      'A (group nats of rules.yaml) fires whenever this alert does, and both tell the topic critical: one of them is enough, or ' +
        'this one needs a severity of another topic (alarms.severities)',
    );
  });

  it('say what ends the milder one in its own units', () => {
    const [milder = []] = warningsOf([
      groupOf([
        at('warning', 'Much', 'gnatsd_varz_mem / 10 > 0.3'),
        at('critical', 'More', 'gnatsd_varz_mem > 7'),
      ]),
    ]);
    expect(milder.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ to page once, write gnatsd_varz_mem \/ 10 > 0\.3 <= 0\.7$/),
    ]);
  });

  it('say where the other alert is and what ends the milder one', () => {
    const [milder] = warningsOf([
      groupOf([at('warning', 'Full', 'a / b > 0.8 and b > 0')], { name: 'one', file: 'one.yaml' }),
      groupOf([at('critical', 'Fuller', 'a / b >= 0.9 and b > 0')], { name: 'two', file: 'two.yaml' }),
    ]);
    expect(milder).toEqual([
      {
        code: 'L17',
        message:
          'Fuller (group two of two.yaml) fires for worse values, and this alert goes on beside it; to page once, ' +
          'write a / b > 0.8 < 0.9 and b > 0',
      },
    ]);
  });
});

it('L19: says where offset stands', () => {
  expect(parse('rate(x[30m]) offset 1h').problem).toBeDefined();
  expect(parse('rate(x[30m] offset 1h)').problem).toBeUndefined();
  expect(misplacedOffset).toContain('rate(x[30m] offset 1h), not rate(x[30m]) offset 1h');
});

describe('groups', () => {
  it.each([
    ['C2', { intervalMs: 30_000 }],
    ['C4', { queryOffsetMs: 60_000 }],
    ['C5', { limit: 5 }],
    ['', { intervalMs: 60_000, queryOffsetMs: 0 }],
  ])('%s', (expected, group) => {
    expect(codes('gnatsd_varz_mem > 1', {}, group).join(' ')).toBe(expected);
  });

  it('C6: keep_firing_for shows in classic alarms', () => {
    const rule = { expr: 'gnatsd_varz_mem > 1', keepFiringFor: '5m' };
    expect(codes(rule)).toEqual(['C6']);
    expect(codes(rule, { engine: 'promql', edition: 3 })).toEqual([]);
  });
});

describe('C3: windows over samples a minute apart', () => {
  it.each([
    ['rate(gnatsd_varz_in_msgs[1m]) > 5', '', 'C3', 'C3'],
    ['rate(gnatsd_varz_in_msgs[90s]) > 5', '', '', 'C3'],
    ['rate(gnatsd_varz_in_msgs[2m]) > 5', '', '', ''],
    ['rate(gnatsd_varz_in_msgs[59s]) > 5', 'C3', 'C3', 'C3'],
    ['rate(gnatsd_varz_in_msgs[1m] offset 30s) > 5', 'C3', 'C3', 'C3'],
    ['changes(gnatsd_varz_start[1m]) > 0', '', 'C3', 'C3'],
    ['max_over_time(gnatsd_varz_mem[1m]) > 5', '', '', ''],
    ['max_over_time(gnatsd_varz_mem[30s]) > 5', '', '', 'C3'],
    ['max_over_time(gnatsd_varz_mem[20s] offset 30s) > 5', 'C3', 'C3', 'C3'],
    ['deriv(sum(gnatsd_varz_mem)[1m:30s]) > 5', '', '', ''],
    ['deriv(sum(gnatsd_varz_mem)[1m:]) > 5', '', 'C3', 'C3'],
  ])('%s: edition 2 "%s", edition 3 "%s", PromQL alarms "%s"', (expr, two, three, promql) => {
    expect([
      codes(expr, { edition: 2 }).join(' '),
      codes(expr, { edition: 3 }).join(' '),
      codes(expr, { edition: 3, engine: 'promql' }).join(' '),
    ]).toEqual([two, three, promql]);
  });
});

describe('recording rules', () => {
  it('are told of themselves, and alerts of what they compare', () => {
    expect(
      codesOf([
        { record: 'cpu:rate', expr: 'rate(gnatsd_varz_cpu[5m])' },
        { record: 'pending', expr: 'jetstream_consumer_num_pending' },
        { record: 'slow', expr: 'sum(gnatsd_varz_slow_consumers)' },
        { alert: 'A', expr: 'cpu:rate > 5' },
        { alert: 'B', expr: 'pending > 100' },
        { alert: 'C', expr: 'count by (consumer_name) (pending) > 1000' },
        { alert: 'D', expr: 'slow > 0', annotations: { summary: '{{ $labels.instance }}' } },
      ]),
    ).toEqual(['L3', '', '', '', 'L8', '', 'L1 L14']);
  });
});

it('tells nothing of what another alert of the file asks', () => {
  const lag = { alert: 'A', expr: 'jetstream_stream_mirror_lag > 1000', for: '5m' };
  const long = { alert: 'B', expr: 'nats_stream_mirror_active_duration_ns > 60e9', for: '5m' };
  const never = { alert: 'C', expr: 'nats_stream_mirror_active_duration_ns == -1', for: '5m' };
  const server = { alert: 'D', expr: 'gnatsd_healthz_js_server_only_status > 0', for: '5m' };
  const whole = { alert: 'E', expr: 'max(acme_healthz_status) > 0', for: '5m' };
  expect(warningsOf([groupOf([lag, long, never])], {}).flat()).toEqual([]);
  expect(codesOf([lag, long])).toEqual(['', 'L22']);
  expect(codesOf([server])).toEqual(['L25']);
  const both = warningsOf([groupOf([server]), groupOf([whole], { name: 'other' })], { prefixes: ['acme'] });
  expect(both.flat()).toEqual([]);
});

it('tells one code five times of a rule, and how often more', () => {
  const selectors = Array.from({ length: 8 }, (_each, index) => `gnatsd_varz_routes{job="${index}"} > 10`);
  const found = warnings(selectors.join(' or ')).map(({ message }) => message);
  expect(found.length).toBe(6);
  expect(found.at(-1)).toBe('and 3 more');
});

it('has nothing to say of what does not parse, and of names that it does not know', () => {
  expect(codes('gnatsd_varz_mem >')).toEqual([]);
  expect(codes('rate(other_total[5m]) > 5 and other_total > 5')).toEqual([]);
});

it('takes any expression', () => {
  fc.assert(
    fc.property(
      vector,
      fc.constantFrom('gnatsd_varz_mem', 'jetstream_stream_last_seq', 'up'),
      (expr, name) => {
        warnings({ expr: expr.replaceAll(/\bm\b/g, name), for: '5m' }, { edition: 3 });
      },
    ),
    { seed: 5, numRuns: 500 },
  );
});
