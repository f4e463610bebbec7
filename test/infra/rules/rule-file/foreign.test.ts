import { describe, expect, it } from 'vitest';
import { formatProblem, readRuleFile } from '../../../../infra/rules/rule-file/rule-file.ts';
import { codes, warnings } from '../lints/linted.ts';

const problemsOf = (text: string, options = {}): readonly string[] =>
  readRuleFile(text, 'f.yaml', 3, options).problems.map(formatProblem);
const groups = '{name: g, rules: [{alert: A, expr: up == 0}]}';

describe('rules within another file', () => {
  it.each([
    [
      'a PrometheusRule',
      `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - ${groups}\n`,
      `f.yaml:5:3: a PrometheusRule of Kubernetes, whose rules stand here, in .spec.groups; put them into a file of their own: yq '{"groups": .spec.groups}' f.yaml`,
    ],
    [
      'a VMRule',
      `kind: VMRule\nspec: {groups: [${groups}]}\n`,
      `f.yaml:2:16: a VMRule of Kubernetes, whose rules stand here, in .spec.groups; put them into a file of their own: yq '{"groups": .spec.groups}' f.yaml`,
    ],
    [
      'a List',
      `kind: List\nitems:\n- {kind: A}\n- spec: {groups: [${groups}]}\n- spec: {groups: [${groups}]}\n`,
      `f.yaml:4:18: a List of Kubernetes, whose rules stand here, in .items[1].spec.groups, and 1 more below; put them into a file of their own: yq '{"groups": .items[1].spec.groups}' f.yaml`,
    ],
    [
      'a ConfigMap',
      `kind: ConfigMap\ndata:\n  nats.yaml: |\n    groups: [${groups}]\n`,
      `f.yaml:3:14: a ConfigMap of Kubernetes, whose rules stand here, in .data["nats.yaml"]; put them into a file of their own: yq '.data["nats.yaml"]' f.yaml`,
    ],
    [
      "Helm's values",
      `additionalPrometheusRulesMap:\n  nats: {groups: [${groups}]}\n`,
      `f.yaml:2:18: no rule file, whose rules stand here, in .additionalPrometheusRulesMap.nats.groups; put them into a file of their own: yq '{"groups": .additionalPrometheusRulesMap.nats.groups}' f.yaml`,
    ],
    [
      "Grafana's alerts",
      'apiVersion: 1\ngroups: [{orgId: 1, name: g, folder: f, rules: [{uid: a, title: T, condition: C, data: []}]}]\n',
      "f.yaml:2:49: a rule of Grafana, whose queries stand under data with steps after them; write its query and the last step's condition as one expr, its title as alert",
    ],
    [
      'a test file',
      'rule_files: [a.yaml]\ntests: []\n',
      'f.yaml:1:1: a unit-test file, which has tests and no rules; run npm run rules -- test f.yaml',
    ],
    [
      'a configuration of Prometheus',
      'global: {}\nrule_files: [a.yaml]\nscrape_configs: []\n',
      'f.yaml:1:1: a configuration of Prometheus, which names files of rules under rule_files and holds none; name those',
    ],
  ])('%s: are told where they stand', (_what, text, message) => {
    expect(problemsOf(text)).toEqual([message]);
    // Without its fields there would be no rules, and a success.
    expect(problemsOf(text, { ignoreUnknownFields: true })).toEqual([message]);
  });

  it('of several manifests are reported as several documents', () => {
    const manifest = `apiVersion: v1\nkind: PrometheusRule\nspec: {groups: [${groups}]}\n`;
    expect(problemsOf(`${manifest}---\n${manifest}`)[0]).toMatch(
      /several documents, .* \(of a manifest of Kubernetes, give what stands under spec\.groups\)$/,
    );
  });

  it('are none where fields are only wrong', () => {
    expect(problemsOf('group: []\n')).toEqual([
      'f.yaml:1:1: a rule file has no field "group"; it has groups',
    ]);
  });
});

describe('fields of other rulers', () => {
  const text = `namespace: m\ngroups: [{name: g, partial_response_strategy: warn, source_tenants: [a], rules: [{alert: A, expr: up == 0, odd: 1}]}]\n`;
  it('are refused, and whose they are is told', () => {
    expect(problemsOf(text).map((problem) => problem.replace(/; it has [^;]*/, ''))).toEqual([
      'f.yaml:1:1: a rule file has no field "namespace"; Mimir reads it: leave it out, or look at the rest with --ignore-unknown-fields',
      'f.yaml:2:20: group "g": a group has no field "partial_response_strategy"; Thanos reads it: leave it out, or look at the rest with --ignore-unknown-fields',
      'f.yaml:2:53: group "g": a group has no field "source_tenants"; Mimir reads it: leave it out, or look at the rest with --ignore-unknown-fields',
      'f.yaml:2:108: group "g", rule 1 (A): a rule has no field "odd"',
    ]);
  });

  it('are passed over where that is asked for, and named', () => {
    const {
      groups: read,
      problems,
      passedOver,
    } = readRuleFile(text, 'f.yaml', 3, { ignoreUnknownFields: true });
    expect([read[0]?.rules.length, problems, passedOver]).toEqual([
      1,
      [],
      ['namespace', 'partial_response_strategy', 'source_tenants', 'odd'],
    ]);
  });
});

describe('what Grafana or Helm fills in', () => {
  it.each([
    [
      'rate(x[$__rate_interval]) > 5',
      '$__rate_interval is filled in by Grafana, and Prometheus takes it as it stands: write a duration such as 5m',
    ],
    [
      'rate(x[${window:raw}]) > 5',
      '${window:raw} is filled in by Grafana, and Prometheus takes it as it stands: write the value',
    ],
    [
      'x{a="$b"} > $limit',
      '$limit is filled in by Grafana, and Prometheus takes it as it stands: write the value',
    ],
    [
      'x > {{ .Values.limit }}',
      '{{ .Values.limit }} is filled in by Helm, and Prometheus takes it as it stands: write the value',
    ],
  ])('%s does not parse, and it is told why', (expr, message) => {
    const text = JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] });
    expect(problemsOf(text).some((problem) => problem.endsWith(message))).toBe(true);
  });

  it.each([
    ['{{- if .Values.on }}\ngroups: []\n{{- end }}\n', 'f.yaml:1:1'],
    ['groups:\n- name: g\n  interval: {{ .Values.interval }}\n', 'f.yaml:3:13'],
  ])('%j is no YAML, and is told to be a template', (text, place) => {
    expect(problemsOf(text)).toContain(
      `${place}: Helm fills this in before Prometheus reads the file: render the chart (helm template), and give the rules that come of it`,
    );
  });

  it.each([
    ['gnatsd_varz_mem{job="$job"} > 5', {}, 'L26'],
    ['gnatsd_varz_mem{job=~"${job:regex}"} > 5', {}, 'L26'],
    ['gnatsd_varz_mem{job="[[job]]"} > 5', {}, 'L26'],
    ['gnatsd_varz_mem{job="{{ .Values.job }}"} > 5', {}, 'L26'],
    ['gnatsd_varz_mem > 5', { summary: '{{ "{{" }} $labels.instance {{ "}}" }} is full' }, 'L26'],
    ['gnatsd_varz_mem > 5', { summary: '{{`{{ $labels.instance }}`}} is full' }, 'L26'],
    ['gnatsd_varz_mem > 5', { summary: 'of {{ .Release.Name }}' }, 'L26'],
    ['gnatsd_varz_mem{job=~"nats$|x"} > 5', {}, ''],
    ['gnatsd_varz_mem > 5', { summary: '{{ $labels.instance }} costs $5 at {{ $value }}' }, ''],
    ['gnatsd_varz_mem > 5', { summary: '{{ if gt $value 5.0 }}much{{ end }}' }, ''],
  ])('%s with %j: %s', (expr, annotations, expected) => {
    expect(codes({ expr, annotations }).join(' ')).toBe(expected);
  });

  it('is reported with what stands there', () => {
    expect(warnings('gnatsd_varz_mem{job="$job"} > 5')[0]?.message).toBe(
      'gnatsd_varz_mem{job="$job"} asks for the very text "$job", which Grafana would fill in, so that job takes nothing; write the value',
    );
  });
});
