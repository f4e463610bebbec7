import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { timelineCommand } from '../../../infra/tool/commands/timeline.ts';
import { testCommand } from '../../../infra/tool/commands/test.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { verdictOf } from './verdicts.ts';

type Case = {
  readonly expr: string;
  readonly series: Readonly<Record<string, string>>;
  /** What the alert has beside its name in minute 3; undefined if it does not fire. */
  readonly fires?: Readonly<Record<string, string>>;
};

const folder = temporaryFolder('asked-targets');
let count = 0;

function suiteOf({ expr, series, fires }: Case): string {
  count += 1;
  const own = path.join(folder, `${count}`);
  mkdirSync(own);
  const rules = { groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] };
  const expected = fires === undefined ? [] : [{ exp_labels: fires }];
  const suite = {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: '3m', alertname: 'A', exp_alerts: expected }],
      },
    ],
  };
  writeFileSync(path.join(own, 'rules.yaml'), JSON.stringify(rules));
  writeFileSync(path.join(own, 'test.yaml'), JSON.stringify(suite));
  return path.join(own, 'test.yaml');
}

const given = { settings: null, engine: null, edition: 2, alert: null } as const;
const reported = (file: string) => {
  const { lines, code } = testCommand({ ...given, command: 'test', files: [file], json: false });
  return [code, ...lines.map(({ text }) => text.split('\n')[0])];
};

const node = 'up{job="node",instance="x:9100"}';
const cases: Readonly<Record<string, Case>> = {
  'servers of another job are down': { expr: 'up{job="nats"} == 0', series: { [node]: '0x5' } },
  'servers of another job are all there is': {
    expr: 'absent(up{job="nats"})',
    series: { [node]: '1x5' },
    fires: { job: 'nats' },
  },
  'a server is not there that the rule names': {
    expr: 'absent(up{instance="b:7777"})',
    series: { 'up{instance="a:7777"}': '1x5' },
    fires: { instance: 'b:7777' },
  },
  'none of those is there that a pattern names': {
    expr: 'absent(up{job=~"nats-.+|leafs"})',
    series: { [node]: '1x5' },
    fires: {},
  },
  'a server of another name has too many connections': {
    expr: 'gnatsd_varz_connections{server_id="b"} > 10',
    series: { 'gnatsd_varz_connections{server_id="a"}': '20x5' },
  },
  'series lack the label that they are summed by': {
    expr: 'sum by (instance) (gnatsd_varz_connections) > 10',
    series: {
      'gnatsd_varz_connections{server_id="a"}': '8x5',
      'gnatsd_varz_connections{server_id="b"}': '8x5',
    },
    fires: {},
  },
  'series lack the job that is asked for': {
    expr: 'gnatsd_varz_connections{job="nats"} > 10',
    series: { gnatsd_varz_connections: '20x5' },
  },
};

describe('a test passes as under promtool where', () => {
  it.each(Object.entries(cases))('%s', async (_name, each) => {
    const file = suiteOf(each);
    expect([(await verdictOf(2, file)).isPassed, reported(file)]).toEqual([
      true,
      [0, `ok      ${file} (1 check)`],
    ]);
  });

  it.each(Object.entries(cases))('%s, and fails where it expects the contrary', async (_name, each) => {
    const { fires, ...others } = each;
    const file = suiteOf(fires === undefined ? { ...others, fires: {} } : others);
    const [code] = reported(file);
    expect([(await verdictOf(2, file)).isPassed, code]).toEqual([false, 1]);
  });
});

it('a timeline has the alarm of a server that the series lack where the rule is about no other', () => {
  const timeline = (expr: string, series: string) => {
    const file = suiteOf({ expr, series: { [series]: '0x3' } });
    const { lines } = timelineCommand({ ...given, command: 'timeline', files: [file], json: true });
    const found = JSON.parse(lines.map(({ text }) => text).join('\n')) as readonly { labels: object }[];
    return found.map(({ labels }) => labels);
  };
  expect([
    timeline('up{instance="b:7777"} == 0', 'up{instance="a:7777"}'),
    timeline('up == 0 or absent(up{instance="b:7777"})', 'up{instance="a:7777"}'),
    timeline('up == 0', 'up{instance="a:7777"}'),
  ]).toEqual([[{ instance: 'b:7777' }], [{ instance: 'a:7777' }], [{ instance: 'a:7777' }]]);
});
