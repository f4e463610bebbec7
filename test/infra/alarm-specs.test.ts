import { describe, expect, it } from 'vitest';
import { defineCheck, minutes, seconds } from '../../lambdas/define.ts';
import type { Check } from '../../lambdas/define.ts';
import { alarmLine } from '../../infra/cloudwatch/alarm-spec.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { alarmDescription } from '../../infra/cloudwatch/description.ts';
import { checks, connections, leafnodes, ruleFile, series, serverUp } from './catalogue.ts';
import { deployed } from './rules.ts';

const hub = (n: number) => ({ name: `hub${n}`, url: `http://hub${n}:8222` });
const prod = { name: 'prod', targets: [hub(1), hub(2)], expect: { leafnodes: 2 } };
const edge = { name: 'edge', targets: [hub(3)] };

/** The alarms of a catalogue, with the built-in rules that take their limits from the sample catalogue. */
function specs(catalogue: readonly Check[], settings: object = { clusters: [prod] }, rules = ruleFile) {
  return alarmSpecs(deployed(settings, rules, { checks: catalogue, isBuiltIn: true }));
}
const noRules = 'groups: []';

describe('alarms', () => {
  it('are one a line: those of rules by server or cluster, of open findings, and a watchdog a check', () => {
    const lines = specs(checks, { clusters: [prod, edge] }).map(alarmLine);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "nats/prod/NatsServerDown/hub1/critical | Minimum up{cluster=prod,server_id=hub1} < 1 | 3 x 60 s | missing=ignore | critical
      nats/prod/NatsServerDown/hub2/critical | Minimum up{cluster=prod,server_id=hub2} < 1 | 3 x 60 s | missing=ignore | critical
      nats/edge/NatsServerDown/hub3/critical | Minimum up{cluster=edge,server_id=hub3} < 1 | 3 x 60 s | missing=ignore | critical
      nats/prod/NatsLeafNodeConnectionIssue/critical | Minimum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue} <= 0 | 6 x 60 s | missing=ignore | critical
      nats/prod/NatsHighNumberOfConnections/hub1/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub2/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/edge/NatsHighNumberOfConnections/hub3/warning | Maximum gnatsd_connz_num_connections{cluster=edge,server_id=hub3} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/connections/findings/critical | Maximum nats_findings_open{cluster=prod,group=connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/prod/connections/findings/warning | Maximum nats_findings_open{cluster=prod,group=connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/edge/connections/findings/critical | Maximum nats_findings_open{cluster=edge,group=connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/edge/connections/findings/warning | Maximum nats_findings_open{cluster=edge,group=connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
      nats/edge/leafnodes/findings/critical | Maximum nats_findings_open{cluster=edge,group=leafnodes,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
      nats/nats-cloudwatch-server-up/not-running | FILL(Minimum Errors{FunctionName=nats-cloudwatch-server-up}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
      nats/nats-cloudwatch-leafnode-connections/not-running | FILL(Minimum Errors{FunctionName=nats-cloudwatch-leafnode-connections}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
      nats/nats-cloudwatch-connection-count/not-running | FILL(Minimum Errors{FunctionName=nats-cloudwatch-connection-count}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical"
    `);
  });

  it('wait for first datapoints only where missing data is breaching', () => {
    const settings = { clusters: [prod], alarms: { warmUp: '30m' } };
    const waits = specs(checks, settings).map(
      ({ missing, warmUp }) => [missing, warmUp?.minutes ?? null] as const,
    );
    expect(new Set(waits.map(String))).toEqual(new Set(['breaching,30', 'ignore,', 'notBreaching,']));
  });

  it('give a watchdog all the minutes it looks at and one more, however short the warm-up', () => {
    const settings = { clusters: [prod], alarms: { warmUp: '1m' } };
    const watchdog = specs([serverUp], settings, noRules).at(-1);
    expect(watchdog?.warmUp).toEqual({ minutes: 8, whole: true });
  });

  it('carry labels of cluster and server as tags', () => {
    const labelled = {
      ...prod,
      labels: { team: 'core', zone: 'all' },
      targets: [{ ...hub(1), labels: { zone: 'a' } }],
    };
    const tags = specs([serverUp], { clusters: [labelled] }, downRule).map((spec) => spec.tags);
    const cluster = { team: 'core', zone: 'all', cluster: 'prod', check: 'server-up' };
    const own = { server_id: 'hub1', severity: 'critical', rule: 'Down', page: 'yes' };
    expect(tags).toEqual([
      { ...cluster, zone: 'a', ...own },
      { ...cluster, severity: 'critical' },
      { check: 'server-up', severity: 'critical' },
    ]);
  });

  it('of one name are refused', () => {
    expect(() => specs([connections, connections], undefined, noRules)).toThrow(
      'two alarms would be named nats/nats-cloudwatch-connection-count/not-running',
    );
  });

  it('of a check are refused where it does not run by the minute', () => {
    const check = defineCheck({
      id: 'test',
      title: 'Test',
      group: 'servers',
      every: seconds(90),
      diagnoses: [],
      series: [series('things', 'server')],
    });
    expect(() => specs([check], undefined, noRules)).toThrow(
      'check test runs every 1 min 30 s: expected whole minutes, as alarms have them',
    );
  });
});

const downRule = `
groups:
  - name: g
    rules: [{ alert: Down, expr: up == 0, labels: { severity: critical, page: 'yes' } }]
`;

describe("the alarms of a diagnosis' rule", () => {
  const ruleLines = (settings: object, catalogue = checks) =>
    specs(catalogue, settings)
      .map(alarmLine)
      .filter((line) => !/findings|not-running/.test(line));
  const ofConnections = (settings: object) =>
    ruleLines(settings).filter((line) => line.includes('NatsHighNumberOfConnections'));

  it('come for each level that settings leave its limit, and for no other', () => {
    const limits = (text: object) => ({ clusters: [edge], limits: { CONN_001: { connections: text } } });
    expect([
      ofConnections(limits({ warning: 'off', critical: 5_000 })),
      ofConnections(limits({ warning: 2_000, critical: 5_000 })),
      ofConnections(limits({ warning: 'off' })),
    ]).toEqual([
      [
        'nats/edge/NatsHighNumberOfConnections/hub3/critical | Maximum gnatsd_connz_num_connections{cluster=edge,server_id=hub3} > 5000 | 6 x 60 s | missing=notBreaching | critical',
      ],
      [
        'nats/edge/NatsHighNumberOfConnections/hub3/warning | Maximum gnatsd_connz_num_connections{cluster=edge,server_id=hub3} > 2000 | 6 x 60 s | missing=notBreaching | warning',
        'nats/edge/NatsHighNumberOfConnections/hub3/critical | Maximum gnatsd_connz_num_connections{cluster=edge,server_id=hub3} > 5000 | 6 x 60 s | missing=notBreaching | critical',
      ],
      [],
    ]);
  });

  it('hold for as long as the limit does', () => {
    const held = (hold: string) =>
      ofConnections({ clusters: [edge], limits: { CONN_001: { for: hold } } })[0]?.split(' | ')[2];
    expect(['0s', '30s', '5m', '6m30s'].map(held)).toEqual(['1 x 60 s', '2 x 60 s', '6 x 60 s', '8 x 60 s']);
  });

  it('are deployed only where settings expect what it is about', () => {
    const names = specs([leafnodes], { clusters: [prod, edge] }).map(({ name }) => name);
    expect(names.filter((name) => name.includes('NatsLeafNodeConnectionIssue'))).toEqual([
      'nats/prod/NatsLeafNodeConnectionIssue/critical',
    ]);
  });

  it('follow the pace of the check that publishes what they compare', () => {
    const slow = { ...connections, every: minutes(5) };
    const line = ruleLines({ clusters: [edge] }, [slow]).find((each) => each.includes('Connections'));
    expect(line?.split(' | ')[2]).toBe('2 x 300 s');
  });
});

describe("an alarm's description", () => {
  const described = (settings: object) =>
    specs([connections], settings).find(({ name }) => name.includes('NatsHighNumberOfConnections'))
      ?.description;

  it('says what is wrong and where, why it matters, what to do, and where the manual stands', () => {
    const settings = { clusters: [edge], alarms: { readme: 'https://git.example.com/nats/README.md' } };
    expect(described(settings)).toBe(
      [
        'NATS server hub3 (hub3:8222): NatsHighNumberOfConnections fires (gnatsd_connz_num_connections > 1000) for 6 minutes.',
        'Why CONN_001 matters.',
        'First: What to do about CONN_001.',
        'Finding: CONN_001 of check connection-count, on SNS topic nats-cloudwatch-findings, has the evidence.',
        'Read on: https://git.example.com/nats/README.md#connection-count',
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
    const text = alarmDescription({
      headline: 'Headline.',
      meaning: words(why),
      steps: words(remedy),
      finding: 'Finding: none.',
      link: 'https://nats.example/#test',
    });
    expect(text.length).toBeLessThanOrEqual(1_024);
    expect(text.length).toBeGreaterThan(1_000);
    expect(text).toMatch(
      /^Headline\.\n(word )+(word|\.\.\.)\nFirst: (word )+(word|\.\.\.)\nFinding: none\.\nRead on: https:\/\/nats\.example\/#test$/,
    );
  });
});
