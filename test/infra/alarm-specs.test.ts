import { describe, expect, it } from 'vitest';
import { above, below, days, defineCheck, hours, minutes, seconds } from '../../lambdas/define.ts';
import type { Check } from '../../lambdas/define.ts';
import { parseSettings } from '../../lambdas/settings.ts';
import { alarmLine } from '../../infra/alarms/alarm-spec.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { deploymentSettings } from '../../infra/deployment-settings.ts';
import { checks, connections, diagnosis, leafnodes, series, serverUp } from './catalogue.ts';

const hub = (n: number) => ({ name: `hub${n}`, url: `http://hub${n}:8222` });
const prod = { name: 'prod', targets: [hub(1), hub(2)], expect: { leafnodes: 2 } };
const edge = { name: 'edge', targets: [hub(3)] };

function specs(catalogue: readonly Check[], settings: object = { clusters: [prod] }) {
  const diagnoses = catalogue.flatMap((check) => check.diagnoses);
  const parsed = parseSettings(deploymentSettings, settings, 'settings', diagnoses);
  return alarmSpecs({ checks: catalogue, ...parsed });
}
const lines = (...input: Parameters<typeof specs>) => specs(...input).map(alarmLine);
const ruleLines = (...input: Parameters<typeof specs>) =>
  lines(...input).filter((line) => !/findings|not-running/.test(line));

const units = { unit: 'count', of: 'things' } as const;
function checkWithRule(
  over: Partial<Parameters<typeof diagnosis>[0]>,
  ruled: object = {},
  every = minutes(1),
) {
  const rule = {
    alert: 'Alert',
    series: 'things',
    limit: 'things',
    per: 'server',
    missing: 'ignore',
  } as const;
  const limits = { things: above({ warning: 1 }, units) };
  const ruling = diagnosis({ id: 'TEST_001', limits, ...over, rule: { ...rule, ...ruled } });
  return defineCheck({
    id: 'test',
    title: 'Test',
    every,
    diagnoses: [ruling],
    series: [series('things', 'server')],
  });
}

describe('alarms', () => {
  it('are one a line: those of rules by server or cluster, of open findings, and a watchdog a check', () => {
    expect(lines(checks, { clusters: [prod, edge] }).join('\n')).toMatchInlineSnapshot(`
      "nats/prod/NatsServerDown/hub1/critical | Minimum up{cluster=prod,server_id=hub1} < 1 | 3 x 60 s | missing=breaching, warm-up 15 min | critical
      nats/prod/NatsServerDown/hub2/critical | Minimum up{cluster=prod,server_id=hub2} < 1 | 3 x 60 s | missing=breaching, warm-up 15 min | critical
      nats/edge/NatsServerDown/hub3/critical | Minimum up{cluster=edge,server_id=hub3} < 1 | 3 x 60 s | missing=breaching, warm-up 15 min | critical
      nats/prod/server-up/findings/critical | Maximum nats_findings_open{cluster=prod,check=server-up,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/prod/server-up/findings/warning | Maximum nats_findings_open{cluster=prod,check=server-up,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/edge/server-up/findings/critical | Maximum nats_findings_open{cluster=edge,check=server-up,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/edge/server-up/findings/warning | Maximum nats_findings_open{cluster=edge,check=server-up,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/nats-cloudwatch-server-up/not-running | FILL(Sum Invocations{FunctionName=nats-cloudwatch-server-up}, 0) - FILL(Sum Errors{FunctionName=nats-cloudwatch-server-up}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
      nats/prod/NatsLeafNodeConnectionIssue/critical | Minimum gnatsd_varz_leafnodes{cluster=prod} <= 0 | 6 x 60 s | missing=ignore | critical
      nats/prod/leafnode-connections/findings/critical | Maximum nats_findings_open{cluster=prod,check=leafnode-connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/prod/leafnode-connections/findings/warning | Maximum nats_findings_open{cluster=prod,check=leafnode-connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/edge/leafnode-connections/findings/critical | Maximum nats_findings_open{cluster=edge,check=leafnode-connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/edge/leafnode-connections/findings/warning | Maximum nats_findings_open{cluster=edge,check=leafnode-connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/nats-cloudwatch-leafnode-connections/not-running | FILL(Sum Invocations{FunctionName=nats-cloudwatch-leafnode-connections}, 0) - FILL(Sum Errors{FunctionName=nats-cloudwatch-leafnode-connections}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
      nats/prod/NatsHighNumberOfConnections/hub1/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub2/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/edge/NatsHighNumberOfConnections/hub3/warning | Maximum gnatsd_connz_num_connections{cluster=edge,server_id=hub3} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/connection-count/findings/critical | Maximum nats_findings_open{cluster=prod,check=connection-count,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/prod/connection-count/findings/warning | Maximum nats_findings_open{cluster=prod,check=connection-count,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/edge/connection-count/findings/critical | Maximum nats_findings_open{cluster=edge,check=connection-count,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/edge/connection-count/findings/warning | Maximum nats_findings_open{cluster=edge,check=connection-count,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/nats-cloudwatch-connection-count/not-running | FILL(Sum Invocations{FunctionName=nats-cloudwatch-connection-count}, 0) - FILL(Sum Errors{FunctionName=nats-cloudwatch-connection-count}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical"
    `);
  });

  it('come for each level that settings leave a limit, and for no other', () => {
    const limits = (text: object) => ({ clusters: [edge], limits: { CONN_001: { connections: text } } });
    expect(ruleLines([connections], limits({ warning: 'off', critical: 5_000 }))).toEqual([
      'nats/edge/NatsHighNumberOfConnections/hub3/critical | Maximum gnatsd_connz_num_connections{cluster=edge,server_id=hub3} > 5000 | 6 x 60 s | missing=notBreaching | critical',
    ]);
    expect(ruleLines([connections], limits({ warning: 'off' }))).toEqual([]);
  });

  it('of a rule are deployed only where settings expect what it is about', () => {
    const names = specs([leafnodes], { clusters: [prod, edge] }).map(({ name }) => name);
    expect(names.filter((name) => name.includes('NatsLeafNodeConnectionIssue'))).toEqual([
      'nats/prod/NatsLeafNodeConnectionIssue/critical',
    ]);
  });

  it.each([
    [minutes(0), minutes(1), 1, 60],
    [seconds(30), minutes(1), 2, 60],
    [minutes(5), minutes(1), 6, 60],
    [minutes(5), minutes(5), 2, 300],
    [minutes(6), minutes(5), 3, 300],
  ])(
    'that hold for %i ms, looked at every %i ms, ask for %i datapoints of %i s',
    (hold, every, periods, period) => {
      const [spec] = specs([checkWithRule({ for: hold }, {}, every)]);
      expect([spec?.evaluationPeriods, spec?.periodSeconds]).toEqual([periods, period]);
    },
  );

  it('look back no further than a day', () => {
    expect(specs([checkWithRule({ for: hours(23) })])[0]?.evaluationPeriods).toBe(1_381);
    expect(() => specs([checkWithRule({ for: days(1) })])).toThrow(
      'TEST_001: its rule Alert holds for 1 d; an alarm looks back a day at most (limits.TEST_001.for)',
    );
  });

  it('wait for first datapoints only where silence is breaching', () => {
    const settings = { clusters: [prod], alarms: { warmUp: '30m' } };
    const waits = specs(checks, settings).map(
      ({ missing, warmUp }) => [missing, warmUp?.minutes ?? null] as const,
    );
    expect(new Set(waits.map(String))).toEqual(new Set(['breaching,30', 'ignore,', 'notBreaching,']));
  });

  it('give a watchdog two of its windows, however short the warm-up', () => {
    const watchdog = specs([serverUp], { clusters: [prod], alarms: { warmUp: '1m' } }).at(-1);
    expect(watchdog?.warmUp).toEqual({ minutes: 10, whole: true });
  });

  it('carry labels of cluster and server as tags', () => {
    const labelled = {
      ...prod,
      labels: { team: 'core', zone: 'all' },
      targets: [{ ...hub(1), labels: { zone: 'a' } }],
    };
    const tags = specs([serverUp], { clusters: [labelled] }).map((spec) => spec.tags);
    const cluster = { team: 'core', zone: 'all', cluster: 'prod', check: 'server-up' };
    expect(tags).toEqual([
      { ...cluster, zone: 'a', server_id: 'hub1', severity: 'critical' },
      { ...cluster, severity: 'critical' },
      { ...cluster, severity: 'warning' },
      { check: 'server-up', severity: 'critical' },
    ]);
  });
});

describe('a rule that cannot be an alarm is refused with the reason', () => {
  const by = { label: 'reason', words: ['a', 'b'] };
  const withSeries = (...list: Check['series']) => [{ ...checkWithRule({}), series: list }];
  it.each<[what: string, catalogue: readonly Check[], message: string]>([
    [
      'a series that the check does not publish',
      withSeries(),
      'TEST_001: its rule Alert compares things, which check test does not publish',
    ],
    [
      'a series of another scope',
      withSeries(series('things', 'cluster')),
      'TEST_001: its rule Alert is per server, but things is not',
    ],
    [
      'a series with a value per word',
      withSeries(series('things', 'server', by)),
      'TEST_001: its rule Alert compares things, which has a value per reason, and names none',
    ],
    [
      'a limit that the diagnosis lacks',
      [checkWithRule({}, { limit: 'others' })],
      'TEST_001: its rule Alert names no limit of it: others',
    ],
    [
      'a check every half minute',
      [checkWithRule({}, {}, seconds(90))],
      'check test runs every 1 min 30 s: expected whole minutes, as alarms have them',
    ],
    [
      'a name taken',
      [checkWithRule({}), checkWithRule({})],
      'two alarms would be named nats/prod/Alert/hub1/warning',
    ],
  ])('%s', (_, catalogue, message) => {
    expect(() => specs(catalogue)).toThrow(message);
  });
});

describe("an alarm's description", () => {
  it('says what is wrong and where, why it matters, what to do, and where the manual stands', () => {
    const settings = { clusters: [edge], alarms: { readme: 'https://git.example.com/nats/README.md' } };
    expect(specs([connections], settings)[0]?.description).toBe(
      [
        'Title of CONN_001 (CONN_001, NatsHighNumberOfConnections), server hub3 of cluster edge: connections above 1,000 for 5 min.',
        'Why: Why CONN_001 matters.',
        'What to do: What to do about CONN_001.',
        'Manual: https://git.example.com/nats/README.md#connection-count',
      ].join('\n'),
    );
  });

  it.each([
    [400, 400],
    [100, 2_000],
    [2_000, 100],
    [2_000, 2_000],
  ])('of texts of %i and %i words fits CloudWatch, cut at a word, manual included', (why, remedy) => {
    const words = (count: number) => Array(count).fill('word').join(' ');
    const text = specs([checkWithRule({ why: words(why), remedy: words(remedy) })])[0]?.description ?? '';
    expect(text.length).toBeLessThanOrEqual(1_024);
    expect(text.length).toBeGreaterThan(1_000);
    expect(text).toMatch(
      /\nWhy: (word )+(word|\.\.\.)\nWhat to do: (word )+(word|\.\.\.)\nManual: README\.md#test$/,
    );
  });

  it('gives a limit below as it is', () => {
    const limits = { things: below({ critical: 0.5 }, { unit: 'ratio', of: 'share of servers' }) };
    expect(specs([checkWithRule({ limits })])[0]?.description).toMatch(
      /^[^\n]*: share of servers below 50 %\.\n/,
    );
  });
});
