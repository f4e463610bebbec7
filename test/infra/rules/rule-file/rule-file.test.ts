import { describe, expect, it } from 'vitest';
import { formatProblem, readRuleFile } from '../../../../infra/rules/rule-file/rule-file.ts';
import { withGroup, withRules } from './corpus.ts';

const problemsOf = (text: string, edition: 2 | 3 = 3): readonly string[] =>
  readRuleFile(text, 'nats.yaml', edition).problems.map(formatProblem);

const whole = `# Alarms of the platform team
groups:
- name: streams
  interval: 30s
  limit: 10
  query_offset: 1m
  labels: {team: platform, severity: info}
  rules:
  - record: stream:pending:max
    expr: max by (stream_name) (jetstream_consumer_num_pending)
    labels: {source: nats}
  - alert: StreamBehind
    expr: >-
      stream:pending:max
        > 1000
    for: 1h30m
    keep_firing_for: 5m
    labels:
      severity: critical
      tier: 1
    annotations:
      summary: "{{ $labels.stream_name }} is behind"
      runbook_url:
- name: other
  rules:
  - {alert: Down, expr: up == 0}
`;

describe('a rule file is read', () => {
  it('with all that Prometheus knows of groups and rules, and where they stand', () => {
    expect(readRuleFile(whole, 'nats.yaml', 3)).toEqual({
      problems: [],
      groups: [
        {
          name: 'streams',
          file: 'nats.yaml',
          intervalMs: 30_000,
          limit: 10,
          queryOffsetMs: 60_000,
          rules: [
            {
              kind: 'record',
              record: 'stream:pending:max',
              expr: 'max by (stream_name) (jetstream_consumer_num_pending)',
              labels: { team: 'platform', severity: 'info', source: 'nats' },
              at: { line: 9, column: 5 },
              exprAt: { line: 10, column: 11 },
            },
            {
              kind: 'alert',
              alert: 'StreamBehind',
              expr: 'stream:pending:max\n  > 1000',
              forMs: 5_400_000,
              keepFiringForMs: 300_000,
              labels: { team: 'platform', severity: 'critical', tier: '1' },
              annotations: { summary: '{{ $labels.stream_name }} is behind', runbook_url: '' },
              at: { line: 12, column: 5 },
              exprAt: { line: 14, column: 7 },
            },
          ],
        },
        {
          name: 'other',
          file: 'nats.yaml',
          intervalMs: null,
          limit: null,
          queryOffsetMs: null,
          rules: [
            {
              kind: 'alert',
              alert: 'Down',
              expr: 'up == 0',
              forMs: 0,
              keepFiringForMs: 0,
              labels: {},
              annotations: {},
              at: { line: 26, column: 5 },
              exprAt: { line: 26, column: 25 },
            },
          ],
        },
      ],
    });
  });

  it("with parts that aliases repeat and << takes over, a rule's own fields going first", () => {
    const text = withRules(
      '&first {alert: A, expr: up == 0, for: 5m, labels: &labels {severity: page, team: a}}',
      '{<<: *first, alert: B, labels: {<<: [{team: c, tier: d}, *labels], team: b}}',
    );
    const [first, second] = readRuleFile(text, 'nats.yaml', 3).groups[0]?.rules ?? [];
    expect([first?.labels, second]).toEqual([
      { severity: 'page', team: 'a' },
      {
        kind: 'alert',
        alert: 'B',
        expr: 'up == 0',
        forMs: 300_000,
        keepFiringForMs: 0,
        labels: { team: 'b', tier: 'd', severity: 'page' },
        annotations: {},
        at: { line: 5, column: 5 },
        exprAt: { line: 4, column: 29 },
      },
    ]);
  });

  it.each([
    ['interval: 0s', { intervalMs: null }],
    ['interval: 1m', { intervalMs: 60_000 }],
    ['query_offset: 0s', { queryOffsetMs: 0 }],
    ['limit: 0', { limit: null }],
    ['limit: -1', { limit: null }],
    ['limit: 1', { limit: 1 }],
  ])('%s', (field, expected) => {
    expect(readRuleFile(withGroup(field), 'nats.yaml', 3).groups).toMatchObject([expected]);
  });

  it('to the end or not at all: one problem leaves no groups', () => {
    const { groups, problems } = readRuleFile(whole.replace('up == 0', 'up =='), 'nats.yaml', 3);
    expect([groups, problems.length]).toEqual([[], 1]);
  });

  it('as null in edition 3 and as a text in edition 2 where alert is ~', () => {
    const text = withRules('{alert: ~, expr: up}');
    const [alert] = readRuleFile(text, 'nats.yaml', 2).groups[0]?.rules ?? [];
    expect([alert?.kind === 'alert' && alert.alert, problemsOf(text, 3)]).toEqual([
      '~',
      ['nats.yaml:4:5: group "nats", rule 1: a rule needs a name: alert or record'],
    ]);
  });
});

describe('a problem is reported with its file, place, group and rule:', () => {
  it.each([
    ['an expression in the line', 'expr: up == foo(', ['nats.yaml:5:17']],
    ['a plain one over lines', 'expr: up\n      == 0\n      and rat(up)', ['nats.yaml:7:11']],
    ['one in quotes', "expr: 'up{a=\"it''s\"} == rat(up)'", ['nats.yaml:5:29']],
    ['one in double quotes', 'expr: "up{a=\\"b\\"}\\n == rat(up)"', ['nats.yaml:5:29']],
    [
      'one in double quotes over lines',
      'expr: "up ==\\\n       \\x20 0 and\n\n       rat(up)"',
      ['nats.yaml:8:8'],
    ],
    ['a literal one', 'expr: |\n      up == 0\n        and rat(up)', ['nats.yaml:7:13']],
    ['a literal one with a hint', 'expr: |2-\n        up == 0\n\n        and rat(up)', ['nats.yaml:8:13']],
    ['a folded one', 'expr: > # comment\n\n      up == 0\n      and\n\n      rat(up)', ['nats.yaml:10:7']],
    ['one that ends too early', 'expr: |\n      up ==\n', ['nats.yaml:6:12']],
    ['a range vector', 'expr: up[5m]', ['nats.yaml:5:11']],
    ['a text', 'expr: \'"down"\'', ['nats.yaml:5:12']],
    ['two mistakes', 'expr: rat(up)\n    for: 5', ['nats.yaml:5:11', 'nats.yaml:6:10']],
  ])('%s', (_name, rule, places) => {
    expect(problemsOf(withRules(`alert: A\n    ${rule}`)).map((reported) => reported.split(': ')[0])).toEqual(
      places,
    );
  });

  it('in lines that end in CR LF too', () => {
    const text = withRules('alert: A\n    expr: |\n      up == 0\n      and rat(up)').replaceAll(
      '\n',
      '\r\n',
    );
    expect(problemsOf(text)).toEqual(['nats.yaml:7:11: group "nats", rule 1 (A): there is no function rat']);
  });

  it.each([
    ['for: 5', '31', 'for must be a duration such as 30s, 5m or 1h30m, not "5"; write 5s for seconds'],
    [
      'for: 300y',
      '31',
      'for must be a duration such as 30s, 5m or 1h30m, not "300y": the duration 300y is longer than 292 years',
    ],
    [
      'severity: page',
      '26',
      'a rule has no field "severity"; it has alert, record, expr, for, keep_firing_for, labels, annotations',
    ],
    ['expr: up', '26', '"expr" stands twice in a rule'],
    ['labels: [a]', '34', 'labels must be a mapping, not a list'],
    ['labels: {a: [b]}', '38', 'labels.a must be a text, not a list'],
    ['labels: {__name__: b}', '35', "the label __name__ is the series' name, which a rule cannot set"],
    ['annotations: {a: "{{ $vale }}"}', '43', 'the template of a does not parse: there is no variable $vale'],
    ['record: b', '26', 'a rule has alert or record, not both'],
  ])('%s', (field, column, reported) => {
    expect(problemsOf(withRules(`{alert: A, expr: up, ${field}}`))).toEqual([
      `nats.yaml:4:${column}: group "nats", rule 1 (A): ${reported}`,
    ]);
  });

  it.each([
    [
      'interval: 60',
      'nats.yaml:3:13: group "nats": interval must be a duration such as 30s, 5m or 1h30m, not "60"; write 60s for seconds',
    ],
    ['limit: many', 'nats.yaml:3:10: group "nats": limit must be a whole number, not "many"'],
    ['name: other', 'nats.yaml:3:3: group "nats": "name" stands twice in a group'],
    [
      'intervall: 1m',
      'nats.yaml:3:3: group "nats": a group has no field "intervall"; it has name, interval, query_offset, limit, labels, rules',
    ],
  ])('%s', (field, reported) => {
    expect(problemsOf(withGroup(field))).toEqual([reported]);
  });

  it.each([
    ['groups: {}', 'nats.yaml:1:9: groups must be a list, not a mapping'],
    ['groups:\n- rules: []', 'nats.yaml:2:3: a group needs a name'],
    ['groups:\n- name: a\n- name: a', 'nats.yaml:3:3: the group "a" stands twice in this file'],
    ['alerts: []', 'nats.yaml:1:1: a rule file has no field "alerts"; it has groups'],
    [
      'groups: [',
      'nats.yaml:1:10: not YAML as rule files have it: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'groups: []\n---\ngroups: []',
      'nats.yaml:2:1: the file holds several documents, of which Prometheus reads the first only; make it one, or several files',
    ],
    ['groups:\n\t- name: a', 'nats.yaml:2:1: a line is indented by a tab; YAML wants spaces'],
    [
      'groups: [\0]',
      'nats.yaml:1:10: the character U+0000 cannot stand in a rule file; write it as an escape in a quoted text',
    ],
    ['groups: *all', 'nats.yaml:1:9: no anchor &all stands above this alias'],
    [
      'groups: !!seq []\nx: !!int 5',
      'nats.yaml:2:4: not YAML as rule files have it: Unresolved tag: tag:yaml.org,2002:int',
    ],
    [
      'groups: "a\nb"',
      'nats.yaml:1:11: not YAML as rule files have it: Missing closing "quote, or a line of the quoted text is not indented deeper than its key',
    ],
  ])('%j', (text, reported) => {
    expect(problemsOf(text)).toEqual([reported]);
  });

  it('where Prometheus before 3 lacks something, with the way out', () => {
    const text = `${withGroup('labels: {a: b}')}  rules:\n  - {alert: &a A, expr: up}\n  - {alert: *a, expr: up}\n`;
    expect([problemsOf(text, 2), problemsOf(text, 3)]).toEqual([
      [
        'nats.yaml:3:3: group "nats": a group has labels from Prometheus 3 on only; move them to its rules, or set alarms.prometheus: 3',
        'nats.yaml:6:5: group "nats", rule 2 (A): a rule needs a name: alert or record',
        'nats.yaml:6:13: group "nats", rule 2 (A): Prometheus before 3 does not follow aliases in alert; write the text itself',
      ],
      [],
    ]);
  });

  it('in the order of the file, all of them', () => {
    const text = withRules(
      '{alert: A, expr: rat(up), for: 5}',
      '{record: a-b c, for: 5m}',
      '{expr: up, foo: bar}',
    );
    expect(problemsOf(text, 2)).toEqual([
      'nats.yaml:4:22: group "nats", rule 1 (A): there is no function rat',
      'nats.yaml:4:36: group "nats", rule 1 (A): for must be a duration such as 30s, 5m or 1h30m, not "5"; write 5s for seconds',
      'nats.yaml:5:5: group "nats", rule 2 (a-b c): a rule needs an expression: expr',
      'nats.yaml:5:14: group "nats", rule 2 (a-b c): "a-b c" is no name of a series',
      'nats.yaml:5:21: group "nats", rule 2 (a-b c): a recording rule has no for',
      'nats.yaml:6:5: group "nats", rule 3: a rule needs a name: alert or record',
      'nats.yaml:6:16: group "nats", rule 3: a rule has no field "foo"; it has alert, record, expr, for, keep_firing_for, labels, annotations',
    ]);
  });

  it('up to a hundred, then their number', () => {
    const of = (count: number) =>
      problemsOf(withRules(...Array.from({ length: count }, () => '{alert: A, expr: rat(up)}')));
    expect([of(100).length, of(100).at(-1), of(103).length, of(103).at(-1)]).toEqual([
      100,
      'nats.yaml:103:22: group "nats", rule 100 (A): there is no function rat',
      101,
      'nats.yaml:103:22: the file has 3 more problems',
    ]);
  });
});
