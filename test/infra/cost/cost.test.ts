import { describe, expect, it } from 'vitest';
import { defineCheck, minutes } from '../../../lambdas/define.ts';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { assumed } from '../../../infra/cost/assumptions.ts';
import { monthlyCost } from '../../../infra/cost/cost.ts';
import { deploymentNote } from '../../../infra/note.ts';
import { checks, ruleFile, series } from '../catalogue.ts';
import { deployed } from '../rules.ts';

const noRules = 'groups: []';
/** With every series published, unless settings say what. */
function cost(settings: object, catalogue = checks, rules = noRules) {
  const input = deployed({ publish: 'all', ...settings }, rules, { checks: catalogue });
  return monthlyCost(input, alarmSpecs(input));
}
const cluster = (name: string, servers: number) => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({
    name: `hub${i}`,
    url: `http://hub${i}.${name}:8222`,
  })),
});
const cents = (dollars: number) => Math.round(dollars * 100);
const quantity = (item: string, ...input: Parameters<typeof cost>) =>
  cost(...input).lines.find((line) => line.item === item)?.quantity;

describe('what a deployment costs a month', () => {
  const up = defineCheck({
    id: 'a',
    title: 'a',
    group: 'servers',
    every: minutes(1),
    diagnoses: [],
    series: [series('up', 'server')],
  });

  const linesOf = (settings: object) => {
    const { lines, ...totals } = cost(settings);
    return {
      lines: lines.map(({ item, quantity: n, list, afterFreeTier }) => [
        ...[item, Math.round(n * 1e4) / 1e4, cents(list), cents(afterFreeTier)],
      ]),
      totals: [cents(totals.list), cents(totals.afterFreeTier), totals.network],
    };
  };

  it('is its metrics, alarms, requests and runs, by list price and with the free tier off', () => {
    expect(linesOf({ clusters: [cluster('prod', 2)] })).toEqual({
      lines: [
        ['custom metrics', 6 + 0.3333, 190, 0],
        ['alarms, by metrics compared', 7, 70, 0],
        ['composite alarms', 2, 100, 100],
        ['dashboards', 1, 300, 0],
        ['PutMetricData requests', 3 * 43_800, 131, 0],
        ['Lambda requests', 3 * 43_800, 3, 0],
        ['Lambda GB-seconds', 4_861.8, 6, 0],
        ['schedule invocations', 3 * 43_800, 13, 0],
        ['DynamoDB write units', 98_550, 6, 6],
        ['DynamoDB read units', 197_100, 2, 2],
        ['logs, GB', 0.0723, 4, 0],
      ],
      totals: [826, 109, null],
    });
  });

  it('is less of what is only shown: a metric of the cluster, and a request every five minutes', () => {
    const { lines } = linesOf({ clusters: [cluster('prod', 2)], publish: 'shown' });
    expect([lines[0], lines[4]]).toEqual([
      // Connections and leafnodes; what is open of four kinds, in two hours of each day.
      ['custom metrics', 2.3333, 70, 0],
      ['PutMetricData requests', 17_580.8333, 18, 0],
    ]);
  });

  it('has no metric of what alarms compare but for the hours in which it is told', () => {
    const metrics = (
      publish: unknown,
      rules = 'groups: [{ name: g, rules: [{ alert: A, expr: up < 1 }] }]',
    ) => quantity('custom metrics', { clusters: [cluster('prod', 6)], publish }, [up], rules);
    expect([metrics('all'), metrics(['up']), metrics([])]).toEqual([6, 6, 6 / 12]);
  });

  it('has a key where topics that are made are to have their own, and none where one is there already', () => {
    const arn = (topic: string) => `arn:aws:sns:eu-west-1:123456789012:${topic}`;
    const [critical, warning, findings] = ['c', 'w', 'f'].map(arn);
    const keys = (topics: object) => quantity('KMS key', { clusters: [cluster('prod', 1)], topics }, [up]);
    const key = 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
    const own = { key: 'own' };
    expect([keys(own), keys({ ...own, critical }), keys({ ...own, critical, warning, findings })]).toEqual([
      1,
      1,
      undefined,
    ]);
    expect([keys({}), keys({ critical }), keys({ key })]).toEqual([undefined, undefined, undefined]);
  });

  it('is a quarter more for the time of functions of x86_64', () => {
    const [arm, x86] = ['arm64', 'x86_64'].map((architecture) =>
      cost({ clusters: [cluster('prod', 3)], functions: { architecture } }).lines.find(
        ({ item }) => item === 'Lambda GB-seconds',
      ),
    );
    expect(x86?.quantity).toBe(arm?.quantity);
    expect((x86?.list ?? 0) / (arm?.list ?? 0)).toBeCloseTo(1.25);
  });

  it('has one request for the clusters of a batch', () => {
    const clusters = Array.from({ length: 10 }, (_, i) => cluster(`c${i}`, 3));
    expect(quantity('PutMetricData requests', { clusters }, [up])).toBe(43_800);
  });

  it('counts a series that two checks publish once, and a series with words once a word', () => {
    const shared = series('up', 'server');
    const by = series('closed', 'server', { label: 'reason', words: ['a', 'b', 'c'] });
    const check = (id: string) =>
      defineCheck({
        id,
        title: id,
        group: 'servers',
        every: minutes(1),
        diagnoses: [],
        series: [shared, by],
      });
    // Two servers with up and three words of closed.
    expect(quantity('custom metrics', { clusters: [cluster('prod', 2)] }, [check('a'), check('b')])).toBe(
      2 * 4,
    );
  });

  it('sends 1,000 datapoints in one request, and 1,001 in two', () => {
    const thrice = { ...up, series: ['a', 'b', 'c'].map((name) => series(name, 'server')) };
    const twice = { ...thrice, series: thrice.series.slice(1) };
    expect(quantity('PutMetricData requests', { clusters: [cluster('prod', 500)] }, [twice])).toBe(43_800);
    expect(quantity('PutMetricData requests', { clusters: [cluster('prod', 334)] }, [thrice])).toBe(
      2 * 43_800,
    );
  });

  it('has an invocation of each check for each batch, of as much memory as the largest takes', () => {
    const of = (...clusters: readonly ReturnType<typeof cluster>[]) =>
      ['Lambda requests', 'schedule invocations', 'Lambda GB-seconds', 'DynamoDB read units'].map((item) =>
        Math.round((quantity(item, { clusters }, [up]) ?? 0) / 43.8),
      );
    expect([
      of(cluster('prod', 2)),
      of(cluster('prod', 60), cluster('edge', 40)),
      of(cluster('prod', 61), cluster('edge', 40)),
    ]).toEqual([
      [1_000, 1_000, 30 + 7, 1_000 + 500],
      [1_000, 1_000, 60 + 350, 2_000 + 500],
      [2_000, 2_000, 2 * 60 + 354, 2_000 + 1_000],
    ]);
  });

  it('falls with the step prices of custom metrics', () => {
    const clusters = Array.from({ length: 24 }, (_, i) => cluster(`c${i}`, 500));
    const metrics = cost({ clusters }, [up]).lines[0];
    expect([metrics?.quantity, cents(metrics?.list ?? 0)]).toEqual([12_000, 300_000 + 20_000]);
  });

  it('counts what rules publish, what plain ones compare, and nothing that a check publishes anyway', () => {
    // The open findings of two groups and two severities, in two hours of each day.
    const told = 4 / 12;
    const rules = (...exprs: readonly string[]) =>
      `groups: [{ name: g, rules: [${exprs.map((expr, i) => `{ alert: A${i}, expr: '${expr}' }`).join(', ')}] }]`;
    const metrics = (...exprs: readonly string[]) =>
      (quantity('custom metrics', { clusters: [cluster('prod', 2)] }, checks, rules(...exprs)) ?? 0) -
      6 -
      told;
    expect(
      [
        metrics('up == 0', 'gnatsd_varz_leafnodes < 1'),
        metrics('gnatsd_varz_mem > 1', 'gnatsd_varz_mem > 2'),
        metrics('gnatsd_varz_cpu / gnatsd_varz_gomaxprocs > 80'),
        metrics('sum(gnatsd_varz_cpu) > 80', 'absent(up)'),
      ].map((count) => Math.round(count) + 0),
    ).toEqual([0, 2, 2, 2]);
  });

  it('counts what is sent by OTLP, and what queries read', () => {
    const settings = { clusters: [cluster('prod', 2)], alarms: { engine: 'promql' } };
    const rules = `
groups:
  - name: g
    rules:
      - { alert: Down, expr: up == 0 }
      - { alert: Memory, expr: 'increase(gnatsd_varz_mem[5m]) > 1' }
      - { alert: Backlog, expr: jetstream_consumer_num_pending > 1 }
`;
    const of = (item: string) => quantity(item, settings, checks, rules);
    // Whether all servers are down, and of each whether it went down with them, is sent and read too.
    const together = 1 + 2;
    const perMinute = { series: 2 * (1 + 1 + 1_000) + together, samples: 2 * (1 + 6 + 1_000) + together };
    expect([
      of('series sent by OTLP, GB'),
      of('samples read by PromQL alarms'),
      of('custom metrics'),
      of('alarms, by metrics compared'),
    ]).toEqual([
      (perMinute.series * assumed.otlpBytesPerPoint * 43_800) / 1e9,
      perMinute.samples * 43_800,
      // Whether series are sent; how many findings are open is a series.
      6 + 1 / 12,
      5 + 3 + 1 + 1,
    ]);
  });

  it('is that of the servers that are expected behind DNS names, of three where settings do not say', () => {
    const named = (keys: object) => ({
      clusters: [{ name: 'prod', targets: [{ dns: 'nats', port: 8222, ...keys }] }],
    });
    const of = (settings: object) => {
      const { lines } = cost(settings, [up]);
      return lines.map(({ item, quantity: n }) => [item, n]);
    };
    expect(of(named({ expect: 5 }))).toEqual(of({ clusters: [cluster('prod', 5)] }));
    expect(of(named({}))).toEqual(of({ clusters: [cluster('prod', 3)] }));
  });

  it('has dashboards at $3 each, of which three are free in an account', () => {
    const of = (count: number, dashboard: boolean | 'auto') => {
      const clusters = Array.from({ length: count }, (_, i) => cluster(`c${i}`, 1));
      const line = cost({ clusters, dashboard }, [up]).lines.find(({ item }) => item === 'dashboards');
      return line && [line.quantity, cents(line.list), cents(line.afterFreeTier)];
    };
    expect([of(3, true), of(5, true), of(5, 'auto'), of(5, false)]).toEqual([
      [3, 900, 0],
      [5, 1_500, 600],
      [4, 1_200, 300],
      undefined,
    ]);
  });

  it('falls with the pace of a check', () => {
    const check = defineCheck({
      id: 'a',
      title: 'a',
      group: 'servers',
      every: minutes(5),
      diagnoses: [],
      series: [],
    });
    expect(quantity('Lambda requests', { clusters: [cluster('prod', 1)] }, [check])).toBe(8_760);
  });
});

describe('the note at synth', () => {
  const note = (settings: object) => {
    const input = deployed(settings, ruleFile, { isBuiltIn: true });
    return deploymentNote(input, alarmSpecs(input), 'eu-central-1');
  };
  const network = {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb2'],
    securityGroupIds: ['sg-0123456789abcdef0'],
  };

  it('says what private subnets need and what it costs', () => {
    const targets = [
      { name: 'a', url: 'http://a:8222' },
      { name: 'b', url: 'https://b' },
    ];
    const subscriptions = [{ topic: 'critical', protocol: 'email', endpoint: 'a@b' }];
    expect(note({ clusters: [{ name: 'prod', targets }], network, subscriptions })).toMatchInlineSnapshot(`
      "nats-cloudwatch: 3 checks, 2 servers in 1 cluster, 13 alarms
      3 rules: 3 translated

      Network: the functions run in subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2 of vpc-0123456789abcdef0. They need
        - to the NATS servers: TCP 443, 8222, allowed in the servers' security group from sg-0123456789abcdef0
        - interface endpoints com.amazonaws.eu-central-1.monitoring and com.amazonaws.eu-central-1.sns with private DNS,
          open on TCP 443 to sg-0123456789abcdef0
        - a gateway endpoint com.amazonaws.eu-central-1.dynamodb in the subnets' route tables (free)
        or, in place of the endpoints, a NAT gateway. Without either every run times out, and the watchdogs say so.

      Cost: about $6.40 a month by us-east-1 list prices, $1.19 where the account's free tier is unused:
            $0.77  custom metrics, 2.58
            $1.10  alarms, by metrics compared, 11
            $1.00  composite alarms, 2
            $3.00  dashboards, 1
            $0.18  PutMetricData requests, 17,580.8
            $0.03  Lambda requests, 131,400
            $0.06  Lambda GB-seconds, 4,861.8
            $0.13  schedule invocations, 131,400
            $0.06  DynamoDB write units, 98,550
            $0.02  DynamoDB read units, 197,100
            $0.04  logs, GB, 0.07
        besides, if the VPC has neither yet: $29.20 for the two interface endpoints in each subnet, or $32.85 for a NAT gateway

      Dashboards: nats-cloudwatch-prod.

      Subscriptions: if messages of topic critical are not delivered, topic warning says so, which has no other reader: subscribe one.
      "
    `);
  });

  it('warns of functions outside a VPC and of alarms that reach nobody', () => {
    const text = note({ clusters: [cluster('prod', 1)] });
    expect(text).toContain('Network: none in the settings');
    expect(text).toContain('No subscriptions: alarms and findings reach nobody.');
  });

  it('says of DNS names with how many servers it reckons, and of none where there are none', () => {
    const targets = [
      { name: 'a', url: 'https://a' },
      { dns: 'nats.internal', port: 8222 },
      { dns: 'nats.example', port: 8223, expect: 5 },
    ];
    const text = note({ clusters: [{ name: 'prod', targets }], network });
    expect(text).toContain('3 checks, 9 servers in 1 cluster, 10 alarms\n');
    expect(text).toContain('TCP 443, 8222, 8223,');
    expect(text).toContain(
      [
        '',
        'Servers found by name, whose rules have an alarm a cluster:',
        '  nats.internal:8222 of cluster prod: taken for 3 servers; with expect, one that is gone is a finding',
        '  nats.example:8223 of cluster prod: 5 servers',
        '',
      ].join('\n'),
    );
    expect(note({ clusters: [cluster('prod', 1)] })).not.toContain('found by name');
  });

  it('says which clusters have a dashboard, and what more of them would cost', () => {
    const of = (count: number, dashboard: boolean | 'auto') => {
      const text = note({
        clusters: Array.from({ length: count }, (_, i) => cluster(`c${i}`, 1)),
        dashboard,
      });
      return text.split('\n').find((line) => line.startsWith('Dashboards:'));
    };
    const names = 'nats-cloudwatch-c0, nats-cloudwatch-c1, nats-cloudwatch-c2, nats-cloudwatch-c3';
    expect([of(1, 'auto'), of(6, 'auto'), of(6, true), of(1, false)]).toEqual([
      'Dashboards: nats-cloudwatch-c0.',
      `Dashboards: ${names}. 2 clusters have none: dashboard: true gives all one, for $9.00 a month.`,
      `Dashboards: ${names}, nats-cloudwatch-c4 and 1 more.`,
      'Dashboards: none, by the settings.',
    ]);
  });

  it('warns of one URL in two clusters, and of nothing where each has its own', () => {
    const of = (host: string) => ({ name: host, targets: [{ name: 'n0', url: `http://${host}:8222` }] });
    expect(note({ clusters: [of('east'), { ...of('east'), name: 'west' }] })).toContain(
      '\nSettings: http://east:8222 is a target of several clusters, n0 of east, n0 of west: that server is reported in ' +
        'each, and another one may be watched in none.\n',
    );
    expect(note({ clusters: [of('east'), of('west')] })).not.toContain('Settings:');
  });
});
