import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../infra/rules/rule-file/problem.ts';
import { readTestFile } from '../../../infra/tool/test-file/test-file.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import { passed } from './verdicts.ts';

const problemsOf = (text: string, edition: Edition = 2): readonly string[] =>
  readTestFile(text, 't.yaml', edition).problems.map(formatProblem);

describe('a unit-test file', () => {
  it('is read with everything that promtool knows', () => {
    const text = `
rule_files: [alerts.yaml, "more/*.yaml"]
evaluation_interval: 30s
group_eval_order: [b, a]
fuzzy_compare: yes
tests:
  - name: down
    interval: 1m
    input_series:
      - series: up{server_id="hub1"}
        values: 1 0x2 _ stale
    alert_rule_test:
      - eval_time: 1h2m
        alertname: Down
        exp_alerts:
          - exp_labels: { severity: 1.0, empty: }
            exp_annotations: { summary: "gone" }
          -
    promql_expr_test:
      - expr: sum(up) by (job)
        eval_time: 90s
        exp_samples: [{ labels: '{job="nats"}', value: -0x10 }, { value: .inf }]
    external_labels: { region: eu }
    external_url: http://p
  -
`;
    const { suite, problems } = readTestFile(text, 't.yaml', 3);
    expect(problems).toEqual([]);
    expect(suite).toEqual({
      file: 't.yaml',
      ruleFiles: [
        { pattern: 'alerts.yaml', at: { line: 2, column: 14 } },
        { pattern: 'more/*.yaml', at: { line: 2, column: 27 } },
      ],
      evaluationIntervalMs: 30_000,
      groupOrder: ['b', 'a'],
      isFuzzy: true,
      tests: [
        {
          at: { line: 7, column: 5 },
          name: 'down',
          intervalMs: 60_000,
          series: [{ labels: { __name__: 'up', server_id: 'hub1' }, values: [1, 0, 0, 0, undefined, null] }],
          alerts: [
            {
              at: { line: 13, column: 9 },
              evalMs: 3_720_000,
              alertname: 'Down',
              expected: [
                { labels: { severity: '1.0', empty: '' }, annotations: { summary: 'gone' } },
                { labels: {}, annotations: {} },
              ],
            },
          ],
          expressions: [
            {
              at: { line: 20, column: 9 },
              evalMs: 90_000,
              expr: 'sum(up) by (job)',
              expected: [
                { labels: { job: 'nats' }, value: -16 },
                { labels: {}, value: Infinity },
              ],
            },
          ],
          externalLabels: { region: 'eu' },
          externalUrl: 'http://p',
        },
        {
          at: { line: 25, column: 4 },
          name: 'unnamed#1',
          intervalMs: 30_000,
          series: [],
          alerts: [],
          expressions: [],
          externalLabels: {},
          externalUrl: '',
        },
      ],
    });
  });

  it.each([
    [
      '',
      {
        file: 't.yaml',
        ruleFiles: [],
        evaluationIntervalMs: 60_000,
        groupOrder: [],
        isFuzzy: false,
        tests: [],
      },
    ],
  ])('without anything in it has no tests', (text, suite) => {
    expect(readTestFile(text, 't.yaml', 2).suite).toEqual(suite);
  });

  it.each([
    [
      'rules: [a]',
      't.yaml:1:1: a test file has no field "rules"; it has rule_files, evaluation_interval, group_eval_order, fuzzy_compare, tests',
    ],
    [
      'tests: [{ interval: 60 }]',
      't.yaml:1:21: interval must be a duration such as 30s, 5m or 1h30m, not "60"; write 60s for seconds',
    ],
    [
      "tests:\n- input_series:\n  - series: up\n    values: '1 2+3'",
      't.yaml:4:16: 2+3: expected a value such as 5, -1.5, NaN, _ or stale, or many such as 5x3, 0+10x3, _x3',
    ],
    [
      "tests:\n- input_series:\n  - series: up\n    values: '1 {{}}'",
      't.yaml:4:16: {{}}: native histograms are nothing that an alarm could compare',
    ],
    [
      'tests:\n- input_series:\n  - series: up{job=nats}\n    values: 1',
      't.yaml:3:20: up{job=nats}: expected a quoted text where nats} stands',
    ],
    ['tests:\n- input_series:\n  - values: 1', 't.yaml:3:5: an input series needs a name: series'],
    [
      'tests:\n- input_series:\n  - {series: "{}", values: 1}',
      't.yaml:3:15: "{}": a series needs a name or labels',
    ],
    [
      'tests:\n- input_series:\n  - {series: up, values: 1}\n  - {series: "up{}", values: 2}',
      't.yaml:4:5: the series up{} stands twice; promtool would read its last values only',
    ],
    [
      'tests:\n- input_series:\n  - series: up\n    values: |\n      1 2\n  - {series: down, values: 1}',
      't.yaml:5:10: a line break ends the values, and promtool may read no series behind it; fold the lines with >-',
    ],
    [
      'tests:\n- alert_rule_test:\n  - eval_time: 1m',
      't.yaml:3:5: an entry of alert_rule_test needs an alertname',
    ],
    [
      'tests:\n- alert_rule_test:\n  - {eval_time: 71d, alertname: A}',
      't.yaml:3:17: eval_time is more than 100800 evaluations away, one each 1 min',
    ],
    [
      'evaluation_interval: 10ms\ntests:\n- alert_rule_test:\n  - {eval_time: 1h, alertname: A}',
      't.yaml:4:17: eval_time is more than 100800 evaluations away, one each 10 ms',
    ],
    [
      'tests:\n- promql_expr_test:\n  - expr: rate(m[5m]) offset 1m',
      't.yaml:3:23: offset must stand right behind a selector, a range in brackets or a subquery',
    ],
    [
      'tests:\n- promql_expr_test:\n  - expr: m[5m]',
      't.yaml:3:11: the expression is a range vector, no vector or number',
    ],
    [
      'tests:\n- promql_expr_test:\n  - eval_time: 1m',
      't.yaml:3:5: an entry of promql_expr_test needs an expression: expr',
    ],
    [
      'tests:\n- promql_expr_test:\n  - {expr: m, exp_samples: [{value: "1"}]}',
      't.yaml:3:37: value must be a number, not "1"',
    ],
    [
      'tests:\n- promql_expr_test:\n  - {expr: m, exp_samples: [{histogram: "{{}}"}]}',
      't.yaml:3:41: native histograms are nothing that an alarm could compare',
    ],
    ['group_eval_order: [a, b, a]', 't.yaml:1:26: group_eval_order names "a" twice'],
    ['fuzzy_compare: true', 't.yaml:1:1: Prometheus 2 has no fuzzy_compare; give --prometheus 3'],
    [
      'tests: [{start_timestamp: 60}]',
      't.yaml:1:10: promtool knows start_timestamp from Prometheus 3.9 on, and is followed here up to 3.5; leave it out',
    ],
  ])('%j is refused with its place', (text, message) => {
    expect(problemsOf(text)).toEqual([message]);
  });

  it('may end its last values with a line break, as promtool takes it', () => {
    const text = 'tests:\n- input_series:\n  - series: up\n    values: |\n      1 2\n';
    expect(readTestFile(text, 't.yaml', 2).suite.tests[0]?.series[0]?.values).toEqual([1, 2]);
  });

  it('has no start of its own, as in promtool 3.5', () => {
    expect(problemsOf('tests: [{start_timestamp: 60}]', 3)).toEqual(
      problemsOf('tests: [{start_timestamp: 60}]', 2),
    );
  });

  it('is refused quickly when aliases make it grow beyond all bounds', () => {
    const many = (of: string) => `[${Array.from({ length: 1_001 }, () => of).join(', ')}]`;
    const text = `tests:\n- &a { alert_rule_test: ${many('{alertname: m}')} }\n${'- *a\n'.repeat(1_000)}`;
    expect(problemsOf(text)).toEqual([
      't.yaml:1:1: aliases and labels of groups repeat parts of the file to more than 1000000 values',
    ]);
  });
});

/** Numbers as YAML may write them, and as PromQL does. */
const numbers: readonly (readonly [text: string, value: number])[] = [
  ['0x1f', 31],
  ['-0x10', -16],
  ['0b11', 3],
  ['0o17', 15],
  ['017', 15],
  ['09', 9],
  ['1_0', 10],
  ['1_0.5', 10.5],
  ['~', 0],
  ['.5', 0.5],
  ['5.', 5],
  ['+5', 5],
  ['1e3', 1000],
  ['-.inf', -Infinity],
  ['.Inf', Infinity],
];
const promqlNumber = (value: number): string => String(value).replace('Infinity', 'Inf');
const expecting = ([text, value]: readonly [string, number]): string =>
  `tests: [{promql_expr_test: [{expr: vector(${promqlNumber(value)}), exp_samples: [{value: ${text}}]}]}]`;

describe('an expected number', () => {
  it.each(numbers)('%s is %d', (text, value) => {
    const { suite } = readTestFile(expecting([text, value]), 't.yaml', 2);
    expect(suite.tests[0]?.expressions[0]?.expected).toEqual([{ labels: {}, value }]);
  });
});

/** Files of every sort, as far as the two promtool agree with what is read here. */
const good = [
  ...['', '# nothing\n', 'null', 'tests:', 'tests: []', 'tests: [null]', 'rule_files: []\ntests: []'],
  ...[
    'evaluation_interval: 0\n',
    'evaluation_interval:\n',
    'evaluation_interval: 1h30m',
    'group_eval_order: [none]',
  ],
  'tests:\n- &a {interval: 1m, name: x}\n- <<: *a\n  name: y\n',
  'tests: [{interval: 1m, alert_rule_test: [{alertname: a}]}]',
  'tests: [{interval: 1m, alert_rule_test: [{alertname: yes, eval_time: 0, exp_alerts: }]}]',
  'tests: [{interval: 1m, input_series: [{series: m}]}]',
  ...numbers.map(expecting),
];
const bad = [
  ...['- a', 'abc', 'foo: 1', 'tests: {a: b}', 'tests: [{foo: 1}]', 'rule_files: a.yml', 'tests: [1]'],
  ...[
    'evaluation_interval: 60',
    'evaluation_interval: ""',
    'evaluation_interval: -1m',
    'evaluation_interval: 1.5m',
  ],
  ...[
    'evaluation_interval: [1m]',
    'tests: []\ntests: []',
    'group_eval_order: [a, a]',
    'tests: [',
    'tests:\n\t- a',
  ],
  'tests: [{alert_rule_test: [{eval_time: 1m}]}]',
  'tests: [{alert_rule_test: [{alertname: a, eval_time: 5}]}]',
  'tests: [{alert_rule_test: [{alertname: a, x: 1}]}]',
  'tests: [{alert_rule_test: [{alertname: a, exp_alerts: [{labels: {}}]}]}]',
  'tests: [{alert_rule_test: [{alertname: a, exp_alerts: [{exp_labels: [a]}]}]}]',
  'tests: [{promql_expr_test: [{expr: "sum("}]}]',
  'tests: [{promql_expr_test: [{}]}]',
  'tests: [{promql_expr_test: [{expr: "\\"a\\""}]}]',
  'tests: [{promql_expr_test: [{expr: m, exp_samples: [{labels: "m{", value: 1}]}]}]',
  ...['inf', 'Inf', 'NaN', '"1"', '1:00', 'true', '1e400', 'abc'].map(
    (value) => `tests: [{promql_expr_test: [{expr: "m", exp_samples: [{value: ${value}}]}]}]`,
  ),
  'tests: [{external_labels: [a]}]',
  'tests:\n- &a {interval: 1m}\n- <<: [*a]\n  nam: y\n',
];
const since3 = ['fuzzy_compare: true', 'fuzzy_compare: off', 'fuzzy_compare:'];

describe.each([2, 3] as const)('promtool %i', (edition) => {
  it('refuses the same files', async () => {
    const texts = [...good, ...bad, ...since3];
    const isTaken = await passed(edition, texts);
    const refused = texts.filter((_, index) => !isTaken[index]);
    expect(refused).toEqual([...bad, ...(edition === 2 ? since3 : [])]);
    expect(texts.filter((text) => problemsOf(text, edition).length > 0)).toEqual(refused);
  });
});
