import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { cost, usage } from '../../../infra/cost/command.ts';
import { monthlyCost } from '../../../infra/cost/cost.ts';
import { changes } from '../../../infra/cost/savings.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

type Answer = {
  readonly engine: string;
  readonly total: number;
  readonly lines: readonly { readonly item: string; readonly quantity: number; readonly monthly: number }[];
  readonly savings: readonly { readonly change: string; readonly monthly: number }[];
  readonly network: object | null;
};

const folder = temporaryFolder('cost');
function written(settings: string): string {
  const file = path.join(folder, 'settings.yaml');
  writeFileSync(file, settings);
  return file;
}
const smallest = 'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://10.0.1.10:8222" }] }]\n';
const three = `clusters:
  - name: prod
    targets: [{ name: a, url: "http://a:8222" }, { name: b, url: "http://b:8222" }, { name: c, url: "http://c:8222" }]
`;
const answer = (settings: string) =>
  JSON.parse(cost(['--settings', written(settings), '--json']).join('\n')) as Answer;
const reckoned = (raw: object) => {
  const input = { checks, ...understand(raw, 'settings') };
  return monthlyCost(input, alarmSpecs(input)).list;
};

describe('npm run cost', () => {
  it('says item by item what a small deployment costs, what a check more would, and what would save most', () => {
    expect(cost(['--settings', written(`${smallest}rules: []\n`)]).join('\n')).toMatchInlineSnapshot(`
      "nats-cloudwatch, engine classic: 1 server in 1 cluster, 16 checks, 37 alarms

      item                                             a month     dollars
      custom metrics                                     24.58       $7.37
      alarms, by metrics compared                           35       $3.50
      composite alarms                                       2       $1.00
      dashboards                                             1       $3.00
      PutMetricData requests                           114,306       $1.14
      Lambda requests                                  595,680       $0.12
      Lambda GB-seconds                               19,955.3       $0.27
      schedule invocations                             595,680       $0.60
      DynamoDB write units                             446,760       $0.28
      DynamoDB read units                              893,520       $0.11
      logs, GB                                            0.33       $0.16
      together                                                      $17.55

      Where the account's free tier is unused: $8.27.
      A further check, each minute: $0.21.

      What would save most, each change by itself:
         $10.02  alarms.engine: promql
          $8.03  publish: []
          $3.00  dashboard: false

      List prices of us-east-1; what a run needs is measured: infra/cost/README.md"
    `);
  });

  it('fits into 80 columns, the network included', () => {
    const lines = [...cost([]), ...usage.split('\n')];
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContain('Besides, if the VPC has neither yet: $29.20 for interface endpoints, or');
  });

  it('says so where nothing would save', () => {
    const frugal = `${smallest}rules: []
publish: []
dashboard: false
alarms: { engine: promql, per: cluster }
`;
    expect(cost(['--settings', written(frugal)])).toContain('No change of settings would save anything.');
  });
});

describe('npm run cost -- --json', () => {
  it('is engine, total, lines, savings and network, and nothing else', () => {
    const { engine, total, lines, savings, network } = answer(three);
    expect(Object.keys(answer(three))).toEqual(['engine', 'total', 'lines', 'savings', 'network']);
    expect([engine, network]).toEqual(['classic', null]);
    expect(new Set(lines.map((line) => Object.keys(line).join()))).toEqual(
      new Set(['item,quantity,monthly']),
    );
    expect(new Set(savings.map((saving) => Object.keys(saving).join()))).toEqual(new Set(['change,monthly']));
    expect(lines.map(({ item }) => item)).toEqual([
      'custom metrics',
      'alarms, by metrics compared',
      'composite alarms',
      'dashboards',
      'PutMetricData requests',
      'Lambda requests',
      'Lambda GB-seconds',
      'schedule invocations',
      'DynamoDB write units',
      'DynamoDB read units',
      'logs, GB',
    ]);
    expect(total).toBeCloseTo(
      lines.reduce((sum, { monthly }) => sum + monthly, 0),
      4,
    );
  });

  it('has what a VPC needs beside the total', () => {
    const network = `network:
  vpcId: vpc-0123456789abcdef0
  subnetIds: [subnet-0aaaaaaaaaaaaaaa1]
  securityGroupIds: [sg-0123456789abcdef0]
`;
    const [without, within] = [answer(three), answer(three + network)];
    expect(within).toEqual({ ...without, network: { endpoints: 14.6, natGateway: 32.85 } });
  });

  it.each(['', 'alarms: { engine: promql }\n', 'alarms: { per: cluster }\n', 'publish: all\n'])(
    'saves by each change what the settings cost less with it: %j',
    (more) => {
      const raw = parse(three + more) as Readonly<Record<string, unknown>>;
      const now = reckoned(raw);
      const each = changes
        .map(({ change, apply }) => ({ change, monthly: now - reckoned(apply(raw)) }))
        .filter(({ monthly }) => monthly >= 0.01)
        .sort((a, b) => b.monthly - a.monthly)
        .slice(0, 3);
      const { savings, total } = answer(three + more);
      expect(savings.map(({ change }) => change)).toEqual(each.map(({ change }) => change));
      savings.forEach(({ monthly }, i) => expect(monthly).toBeCloseTo(each[i]?.monthly ?? NaN, 4));
      expect(total).toBeCloseTo(now, 4);
    },
  );

  it('offers no engine that would refuse rules which are deployed, or that settings do not go with', () => {
    const rules = 'groups: [{ name: g, rules: [{ alert: Any, expr: "{server_id=~\\".+\\"} > 1" }] }]';
    writeFileSync(path.join(folder, 'rules.yaml'), rules);
    const offered = (more: string) => answer(three + more).savings.map(({ change }) => change);
    expect(offered('')).toContain('alarms.engine: promql');
    expect(offered('alarms: { prometheus: 2 }\n')).not.toContain('alarms.engine: promql');
  });
});

describe('npm run cost tells mistakes', () => {
  it.each([
    [['prod'], 'cost takes no prod'],
    [['--jso'], 'no option --jso; did you mean --json?'],
    [['--settings'], "Option '--settings <value>' argument missing"],
  ])('of the command line: %j', (argv, message) => {
    expect(() => cost(argv)).toThrow(message);
  });

  it('of settings, a line each with its path, and reckons nothing', () => {
    const wrong = `${smallest}publish: [nats_conections_closed, up, up]\nalarms: { per: host }\n`;
    expect(() => cost(['--settings', written(wrong)])).toThrow(
      [
        `${path.join(folder, 'settings.yaml')}:`,
        '  alarms.per: expected server or cluster, received "host"',
        '  publish[2]: up stands twice',
        '  publish[0]: no series of a check; did you mean "nats_connections_closed"?',
      ].join('\n'),
    );
  });

  it('by its exit code: 0 reckoned, 2 a mistake, with the usage where it is one of the command line', () => {
    const run = (...argv: readonly string[]) =>
      spawnSync(process.execPath, ['infra/cost/main.ts', ...argv], { encoding: 'utf8' });
    const help = execFileSync(process.execPath, ['infra/cost/main.ts', '--help'], { encoding: 'utf8' });
    expect(help).toBe(usage);
    const [line, file] = [run('--nothing'), run('--settings', 'nowhere.yaml')];
    expect([line.status, line.stderr.endsWith(`\n\n${usage}`), line.stdout]).toEqual([2, true, '']);
    expect([file.status, file.stderr]).toEqual([2, 'nowhere.yaml:\n  settings: no such file\n']);
  });
});
