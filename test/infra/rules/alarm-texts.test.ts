import { describe, expect, it } from 'vitest';
import { deployed } from '../rules.ts';

const hub = (n: number) => ({ name: `hub${n}`, url: `http://hub${n}.nats.internal:8222` });
const clusters = [{ name: 'prod', targets: [hub(1), hub(2)] }];
type Rule = { readonly expr: string; readonly for?: string; readonly annotations?: object };

const described = (rule: Rule, settings: object = {}): readonly string[] => {
  const file = JSON.stringify({
    groups: [{ name: 'g', rules: [{ alert: 'Own', labels: { severity: 'page' }, ...rule }] }],
  });
  const { translated } = deployed({ clusters, ...settings }, file);
  return (translated.specs[0]?.description ?? '').split('\n');
};
const firstLine = (rule: Rule, settings: object = {}) => described(rule, settings)[0];
const summary = (text: string) => ({ annotations: { summary: text } });

describe("the first line of an own rule's alarm says what, where and since when", () => {
  it.each([
    [
      { expr: 'up == 0', for: '2m', ...summary('NATS server {{ $labels.server_id }} is down') },
      'NATS server hub1 (hub1.nats.internal:8222) is down for 3 minutes.',
    ],
    [
      { expr: 'up == 0', for: '5m', ...summary('Instance {{ $labels.instance }} down') },
      'Instance hub1.nats.internal:8222 (NATS server hub1) down for 6 minutes.',
    ],
    [
      {
        expr: 'up == 0',
        for: '5m',
        ...summary('{{ $labels.instance }} of job {{ $labels.job }} has been down for more than 5 minutes.'),
      },
      'hub1.nats.internal:8222 (NATS server hub1) of job nats has been down for more than 5 minutes.',
    ],
    [
      { expr: 'gnatsd_varz_mem > 1e9', for: '1m', ...summary('High memory usage') },
      'NATS server hub1 (hub1.nats.internal:8222): High memory usage for 2 minutes.',
    ],
    [
      {
        expr: 'gnatsd_varz_cpu > 80',
        ...summary('CPU of {{ $labels.server_id }} is {{ $value | humanize }}%. Look at it!'),
      },
      'CPU of hub1 (hub1.nats.internal:8222) is more than 80%. Look at it. As of the last minute.',
    ],
    [
      { expr: 'gnatsd_varz_routes < 4', ...summary('{{ $value }} routes on {{ $labels.server_id }}') },
      'less than 4 routes on hub1 (hub1.nats.internal:8222), as of the last minute.',
    ],
    [
      {
        expr: 'rate(gnatsd_varz_in_bytes[5m]) >= 1e6',
        ...summary('{{ $labels.server_id }} gets {{ printf "%.1f" $value }} bytes a second'),
      },
      'NATS server hub1 (hub1.nats.internal:8222) gets at least 1000000.0 bytes a second, as of the last minute.',
    ],
    [
      {
        expr: 'jetstream_consumer_num_pending > 1000',
        for: '10m',
        ...summary(
          'Consumer {{ $labels.consumer_name }} on stream "{{ $labels.stream_name }}" lags {{ $value }} messages',
        ),
      },
      'NATS server hub1 (hub1.nats.internal:8222): A consumer on a stream lags more than 1000 messages for 11 minutes.',
    ],
    [
      {
        expr: 'gnatsd_varz_connections > gnatsd_varz_max_connections',
        ...summary('{{ $value }} connections'),
      },
      'NATS server hub1 (hub1.nats.internal:8222): … connections, as of the last minute.',
    ],
    [
      { expr: 'gnatsd_varz_cpu > 80', for: '1h' },
      'NATS server hub1 (hub1.nats.internal:8222): Own fires (gnatsd_varz_cpu > 80) for 61 minutes.',
    ],
    [
      { expr: 'sum(gnatsd_varz_connections) > 9', for: '5m', ...summary('Too many connections in prod') },
      'Too many connections in prod for 6 minutes.',
    ],
    [
      { expr: 'sum(gnatsd_varz_connections) > 9', for: '5m', ...summary('Too many connections') },
      'NATS cluster prod: too many connections for 6 minutes.',
    ],
  ] as const)('%j', (rule, line) => {
    expect(firstLine(rule)).toBe(line);
  });

  it('of an alarm of several servers, without the name of one', () => {
    const rule = { expr: 'up == 0', for: '5m', ...summary('Server {{ $labels.server_id }} is down') };
    expect([
      firstLine(rule, { alarms: { per: 'cluster' } }),
      firstLine(rule, { alarms: { engine: 'promql' } }),
      firstLine(rule, {
        alarms: { engine: 'promql' },
        clusters: [...clusters, { name: 'edge', targets: [hub(3)] }],
      }),
    ]).toEqual([
      'NATS cluster prod: a NATS server is down for 6 minutes.',
      'NATS cluster prod: a NATS server is down for 5 minutes.',
      'NATS clusters prod, edge: a NATS server is down for 5 minutes.',
    ]);
  });

  it('takes a server whose name is part of another for none', () => {
    const targets = [
      { name: 'n1', url: 'http://n1.example:8222' },
      { name: 'n10', url: 'https://n10.example' },
    ];
    const rule = { expr: 'up == 0', ...summary('n10 or n1 is down') };
    const file = JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'Own', ...rule }] }] });
    const { translated } = deployed({ clusters: [{ name: 'prod', targets }] }, file);
    expect(translated.specs.map(({ description }) => description.split('\n')[0])).toEqual([
      'n10 or n1 (n1.example:8222) is down, as of the last minute.',
      'NATS server n10 (n10.example:443) or n1 is down, as of the last minute.',
    ]);
  });
});

describe('the lines below', () => {
  it('are those of its annotations, what to do first, the finding, its expression and its runbook', () => {
    const annotations = {
      summary: '{{ $labels.server_id }} holds {{ $value }} subscriptions',
      description: 'Clients subscribe and never unsubscribe.',
      action: 'Look at /connz?sort=subs of {{ $labels.server_id }}.',
      dashboard: 'https://grafana.example/d/nats',
      runbook_url: 'https://wiki.example/nats',
    };
    const rule = { expr: 'sum by (server_id) (gnatsd_varz_subscriptions) > 5', for: '1m', annotations };
    expect(described(rule)).toEqual([
      'NATS server hub1 (hub1.nats.internal:8222) holds more than 5 subscriptions for 2 minutes.',
      'Clients subscribe and never unsubscribe.',
      'First: Look at /connz?sort=subs of hub1.',
      'Finding: Own of check rule-series, on SNS topic nats-cloudwatch-findings, has the values.',
      'Rule Own: sum by (server_id) (gnatsd_varz_subscriptions) > 5, for 1 min.',
      'dashboard: https://grafana.example/d/nats',
      'Runbook: https://wiki.example/nats',
    ]);
  });

  it("end in the team's manual where settings name one that opens, else in NATS' documentation", () => {
    const last = (readme: string) => described({ expr: 'up == 0' }, { alarms: { readme } }).at(-1);
    const documentation = 'Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring';
    expect(['https://git.example/checks.md', 'docs/checks.md', 'http://wiki/checks'].map(last)).toEqual([
      'Read on: https://git.example/checks.md#rule-series',
      documentation,
      documentation,
    ]);
  });
});

describe('names and texts stay as they are', () => {
  type Named = Rule & { readonly alert: string; readonly severity: string };
  const alarms = (rules: readonly Named[], settings: object = {}) => {
    const file = JSON.stringify({
      groups: [
        {
          name: 'g',
          rules: rules.map(({ severity, ...rule }) => ({ ...rule, labels: { severity } })),
        },
      ],
    });
    const { translated } = deployed({ clusters, ...settings }, file);
    return new Map(translated.specs.map(({ name, description }) => [name, description]));
  };
  const slow = { alert: 'Slow', severity: 'warning', expr: 'gnatsd_varz_cpu / 2 > 80', for: '5m' };

  it.each([
    ['another rule', { ...slow, alert: 'Other' }],
    ['another severity', { ...slow, severity: 'critical', expr: 'gnatsd_varz_cpu / 2 > 95' }],
    ['another of the same name and severity', { ...slow, expr: 'gnatsd_varz_cpu / 2 > 95' }],
    ['one that is called as another severity would be', { ...slow, alert: 'Slow-critical' }],
  ])('when %s is added behind', (_, added) => {
    const [before, after] = [alarms([slow]), alarms([slow, added])];
    expect(before.size).toBe(2);
    expect(after.size).toBe(4);
    expect([...before].filter(([name, text]) => after.get(name) !== text)).toEqual([]);
  });

  it('but for a finding that is called by another id, when another severity is added before', () => {
    const [before, after] = [alarms([slow]), alarms([{ ...slow, severity: 'critical' }, slow])];
    expect([...before.keys()].filter((name) => !after.has(name))).toEqual([]);
    expect(after.size).toBe(4);
  });
});
