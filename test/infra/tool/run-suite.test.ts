import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleFilesOf } from '../../../infra/tool/rule-files.ts';
import { areNeighbours } from '../../../infra/tool/suite/run-suite.ts';
import { testCommand } from '../../../infra/tool/commands/test.ts';
import { readTestFile } from '../../../infra/tool/test-file/test-file.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { verdictOf } from './verdicts.ts';

function folderWith(files: Readonly<Record<string, object>>): string {
  const folder = temporaryFolder('suite');
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, name), JSON.stringify(content));
  return folder;
}
const rulesOf = (...rules: readonly object[]) => ({ groups: [{ name: 'g', rules }] });

function run(folder: string, edition: 2 | 3 = 2, settings: string | null = null) {
  const files = [path.join(folder, 'test.yaml')];
  const { lines, code } = testCommand({
    command: 'test',
    files,
    settings,
    engine: null,
    edition,
    alert: null,
    json: false,
  });
  return { code, lines: lines.map(({ text }) => text.replaceAll(`${folder}/`, '')) };
}

describe('rule files of a test', () => {
  const folder = folderWith({ 'a.yaml': {}, 'b.yaml': {}, 'other.yml': {} });
  const found = (...patterns: readonly string[]) => {
    const file = path.join(folder, 'test.yaml');
    const { suite } = readTestFile(JSON.stringify({ rule_files: patterns }), file, 2);
    const { files, unmatched } = ruleFilesOf(suite);
    return [...files, ...unmatched].map((each) => each.replaceAll(`${folder}/`, ''));
  };

  it.each([
    [
      ['b.yaml', 'a.yaml'],
      ['b.yaml', 'a.yaml'],
    ],
    [['*.yaml'], ['a.yaml', 'b.yaml']],
    [
      ['b.yaml', '*.y*ml'],
      ['b.yaml', 'a.yaml', 'other.yml'],
    ],
    [['[ab].yaml'], ['a.yaml', 'b.yaml']],
    [[path.join(folder, 'a.yaml')], ['a.yaml']],
    [
      ['c.yaml', ''],
      ['test.yaml:1:16: no rule file is named "c.yaml"', 'test.yaml:1:25: no rule file is named ""'],
    ],
  ])('%j are %j', (patterns, expected) => {
    expect(found(...patterns)).toEqual(expected);
  });
});

describe('a run of tests', () => {
  it('goes on without rule files, as promtool does, and says so', async () => {
    const folder = folderWith({ 'test.yaml': { rule_files: ['none.yaml'], tests: [{ interval: '1m' }] } });
    expect(run(folder)).toEqual({
      code: 0,
      lines: ['ok      test.yaml (0 checks)', '  note: test.yaml:1:16: no rule file is named "none.yaml"'],
    });
    expect((await verdictOf(2, path.join(folder, 'test.yaml'))).isPassed).toBe(true);
  });

  it.each([
    [['late', 'early'], 1],
    [['early', 'late'], 0],
  ])(
    'evaluates groups in the order %j, which makes the exit code %i, as promtool does',
    async (order, code) => {
      const up = { series: 'up{server_id="n1"}', values: '1x2 0x5' };
      const folder = folderWith({
        'rules.yaml': {
          groups: [
            { name: 'late', rules: [{ alert: 'Down', expr: 'servers:up == 0' }] },
            { name: 'early', rules: [{ record: 'servers:up', expr: 'sum(up)' }] },
          ],
        },
        'test.yaml': {
          rule_files: ['rules.yaml'],
          group_eval_order: order,
          tests: [
            {
              interval: '1m',
              input_series: [up],
              alert_rule_test: [{ eval_time: '3m', alertname: 'Down', exp_alerts: [{}] }],
            },
          ],
        },
      });
      const { isPassed } = await verdictOf(2, path.join(folder, 'test.yaml'));
      expect([run(folder).code, isPassed]).toEqual([code, code === 0]);
    },
  );

  it('fails where a rule under test is refused, whatever is expected of it', () => {
    const folder = folderWith({
      'rules.yaml': rulesOf({ alert: 'A', expr: 'nats_nonesuch > 1' }),
      'test.yaml': {
        rule_files: ['rules.yaml'],
        tests: [{ interval: '1m', alert_rule_test: [{ eval_time: '1m', alertname: 'A' }] }],
      },
    });
    const { code, lines } = run(folder);
    expect([code, lines[4]]).toEqual([
      1,
      expect.stringMatching(/^ {4}refused {5}by the classic engine: no NATS exporter has nats_nonesuch/),
    ]);
  });

  it.each([
    [null, 0],
    ['settings.yaml', 1],
  ])(
    'with settings %j has code %i: where none say how many consumers there are, memory holds those of the test',
    (settings, expected) => {
      const consumers = ['n1', 'n2', 'n3'].map((server) => ({
        series: `jetstream_consumer_num_pending{server_id="${server}", consumer_name="c"}`,
        values: '7x9',
      }));
      const folder = folderWith({
        'rules.yaml': rulesOf({ alert: 'A', expr: 'min_over_time(jetstream_consumer_num_pending[1h]) > 9' }),
        'settings.yaml': {
          clusters: [{ name: 'c', targets: [{ name: 'n', url: 'http://n.example:8222' }] }],
        },
        'test.yaml': {
          rule_files: ['rules.yaml'],
          tests: [
            {
              interval: '1m',
              input_series: consumers,
              alert_rule_test: [{ eval_time: '5m', alertname: 'A' }],
            },
          ],
        },
      });
      expect(run(folder, 2, settings && path.join(folder, settings)).code).toBe(expected);
    },
  );

  it('fails where a rule cannot be evaluated, as under promtool', async () => {
    const series = ['a', 'b'].map((x) => ({
      series: `gnatsd_varz_mem{server_id="n1", x="${x}"}`,
      values: '1x5',
    }));
    const folder = folderWith({
      'rules.yaml': rulesOf({ alert: 'A', expr: 'gnatsd_varz_mem * on (server_id) gnatsd_varz_mem > 1' }),
      'test.yaml': {
        rule_files: ['rules.yaml'],
        tests: [
          { interval: '1m', input_series: series, alert_rule_test: [{ eval_time: '1m', alertname: 'A' }] },
        ],
      },
    });
    const { code, lines } = run(folder);
    expect([code, lines.some((line) => line.startsWith('\n  unnamed#0: the rule A: '))]).toEqual([1, true]);
    expect((await verdictOf(2, path.join(folder, 'test.yaml'))).isPassed).toBe(false);
  });

  it('is of one alarm for the cluster where settings say so', () => {
    const folder = folderWith({
      'rules.yaml': rulesOf({ alert: 'Busy', expr: 'gnatsd_varz_connections > 10' }),
      'settings.yaml': {
        clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'http://hub1.example:8222' }] }],
        alarms: { per: 'cluster' },
      },
      'test.yaml': {
        rule_files: ['rules.yaml'],
        tests: [
          {
            interval: '1m',
            input_series: ['5x3', '20x3'].map((values, i) => ({
              series: `gnatsd_varz_connections{server_id="n${i}"}`,
              values,
            })),
            alert_rule_test: [
              { eval_time: '1m', alertname: 'Busy', exp_alerts: [{ exp_labels: { server_id: 'n1' } }] },
              { eval_time: '2m', alertname: 'Busy' },
            ],
          },
        ],
      },
    });
    const { lines } = run(folder, 2, path.join(folder, 'settings.yaml'));
    expect([lines[0], lines.filter((line) => line.includes('alarm '))]).toEqual([
      'FAILED  test.yaml (1 of 2 checks)',
      ['    alarm       nats/test/Busy/warning is ALARM in minute 2: ALARM from minute 0'],
    ]);
  });

  it.each([
    [
      { evaluation_interval: '30s', tests: [] },
      'evaluation_interval is 30 s; what is deployed is evaluated once a minute, on the last sample of each',
    ],
    [
      { tests: [{ name: 'fast', interval: '15s' }] },
      'fast: interval is 15 s; what is deployed is evaluated once a minute, on the last sample of each',
    ],
  ])('of %j tells what alarms do not do', (suite, note) => {
    expect(run(folderWith({ 'test.yaml': suite })).lines.slice(1)).toEqual([`  note: ${note}`]);
  });

  it('tells of series that one server has several of, as their alarm takes them together', () => {
    const series = (name: string, ...labels: readonly string[]) =>
      labels.map((each) => ({ series: `${name}{${each}}`, values: '1x3' }));
    const suite = {
      tests: [
        {
          name: 'two clusters',
          interval: '1m',
          input_series: [
            ...series('gnatsd_varz_mem', 'server_id="a", cluster="x"', 'server_id="a", cluster="y"'),
            ...series('gnatsd_varz_cpu', 'server_id="a"', 'server_id="b"'),
            ...series('jetstream_stream_total_messages', 'stream_name="x"', 'stream_name="y"'),
            ...series('up', 'job="x"', 'job="y"', 'instance="a", job="x"'),
          ],
        },
      ],
    };
    expect(run(folderWith({ 'test.yaml': suite })).lines).toEqual([
      'ok      test.yaml (0 checks)',
      '  note: two clusters: 2 series gnatsd_varz_mem of the server a, which has one in a deployment',
      '  note: two clusters: 2 series up of the server without a name, which has one in a deployment',
    ]);
  });

  it('says which texts it cannot compare', () => {
    const up = { series: 'up{server_id="n1"}', values: '0x5' };
    const expected = [{ exp_labels: { server_id: 'n1' }, exp_annotations: { link: 'whatever' } }];
    const folder = folderWith({
      'rules.yaml': rulesOf({ alert: 'Down', expr: 'up == 0', annotations: { link: '{{ externalURL }}/x' } }),
      'test.yaml': {
        rule_files: ['rules.yaml'],
        tests: [
          {
            interval: '1m',
            input_series: [up],
            alert_rule_test: [{ eval_time: '1m', alertname: 'Down', exp_alerts: expected }],
          },
        ],
      },
    });
    expect(run(folder)).toEqual({
      code: 0,
      lines: [
        'ok      test.yaml (1 check)',
        '  note: Down: link not compared, as its template asks what is not known here',
      ],
    });
  });
});

describe('fuzzy comparison', () => {
  const suite = (isFuzzy: boolean) => ({
    fuzzy_compare: isFuzzy,
    tests: [
      {
        interval: '1m',
        input_series: [{ series: 'm', values: '0.1+0.2x1' }],
        promql_expr_test: [{ expr: 'm', eval_time: '1m', exp_samples: [{ labels: 'm', value: 0.3 }] }],
      },
    ],
  });

  it.each([true, false])('being %s decides about the last bit, as under promtool', async (isFuzzy) => {
    const folder = folderWith({ 'test.yaml': suite(isFuzzy) });
    const { isPassed } = await verdictOf(3, path.join(folder, 'test.yaml'));
    expect([run(folder, 3).code === 0, isPassed]).toEqual([isFuzzy, isFuzzy]);
  });

  it('takes a number for its neighbours and no other', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300, max: 1e300 });
    fc.assert(
      fc.property(number, fc.boolean(), (positive, isNegative) => {
        const value = isNegative ? -positive : positive;
        const step = (bits: bigint) =>
          new Float64Array(
            new BigInt64Array([(new BigInt64Array(new Float64Array([value]).buffer)[0] ?? 0n) + bits]).buffer,
          )[0] ?? NaN;
        expect([-2n, -1n, 0n, 1n, 2n].map((bits) => areNeighbours(value, step(bits)))).toEqual([
          false,
          true,
          false,
          true,
          false,
        ]);
      }),
    );
  });
});
