import { describe, expect, it } from 'vitest';
import { readRuleFile } from '../../../infra/rules/rule-file/rule-file.ts';
import { prometheusOver, type PrometheusRun } from '../../../infra/tool/suite/prometheus.ts';
import { evaluate, parse, type Edition } from '../../../lambdas/promql/index.ts';
import { elementsOf } from '../../../lambdas/rules/evaluation/rule-result.ts';
import { differences } from '../../promql/compare.ts';
import { seriesOf } from '../../promql/ours.ts';
import { answers, type Answer, type Scene } from '../../promql/promtool.ts';

const rules = `
groups:
- name: g
  rules:
  - record: early
    expr: late + 1
  - record: late
    expr: sum by (a) (m)
    labels: { b: x, c: "" }
  - alert: High
    expr: late > 5
    for: 2m
    keep_firing_for: 1m
    labels: { severity: warning, b: "", v: "{{ $labels.a }}" }
`;
const texts = ['early', 'late', 'late offset 1m', 'ALERTS', 'ALERTS_FOR_STATE', 'count_over_time(late[3m])'];
const last = 14;
const scene: Scene = {
  stepSeconds: 60,
  series: [
    { series: 'm{a="1", n="1"}', values: '1 2 3 7x4 1 _ 7x5' },
    { series: 'm{a="1", n="2"}', values: '0x3 stale 1x10' },
    { series: 'm{a="2"}', values: '9x3 stale _x3 9x6' },
  ],
  questions: Array.from({ length: last + 1 }, (_, minute) =>
    texts.map((text) => ({ text, atMs: minute * 60_000 })),
  ).flat(),
};

function run(file: string, edition: Edition): PrometheusRun {
  const { groups, problems } = readRuleFile(file, 'rules.yaml', edition);
  expect(problems).toEqual([]);
  const series = scene.series.map((each) => seriesOf(each, scene.stepSeconds));
  const span = { edition, intervalMs: 60_000, fromMs: 0, toMs: last * 60_000, externalLabels: {} };
  return prometheusOver(
    groups.flatMap((group) => group.rules),
    series,
    span,
  );
}

describe('Prometheus over made-up series', () => {
  it.each([2, 3] as const)('stores what promtool %i stores of rules and alerts', async (edition) => {
    const { read, problem } = run(rules, edition);
    expect(problem).toBeNull();
    const [theirs = []] = await answers(edition, [{ ...scene, ruleFile: rules }]);
    const ours = scene.questions.map(({ text, atMs }): Answer => {
      const { ast } = parse(text, edition);
      if (ast === undefined) throw new Error(text);
      return { samples: elementsOf(evaluate(ast, { at: atMs, read, edition })) };
    });
    const wrong = theirs.flatMap((each, index) => {
      const difference = differences(each, ours[index] ?? { error: 'none' });
      const { text = '', atMs = 0 } = scene.questions[index] ?? {};
      return difference === undefined ? [] : [`${text} at ${atMs / 60_000}: ${difference}`];
    });
    expect(wrong).toEqual([]);
    expect(theirs.filter((each) => 'samples' in each && each.samples.length > 0).length).toBeGreaterThan(50);
  });

  it('ends with the first rule that cannot be evaluated', () => {
    const file = 'groups: [{name: g, rules: [{alert: Twice, expr: m * on (a) m}]}]';
    const { ticks, problem } = run(file, 2);
    expect([ticks.length, problem]).toEqual([0, expect.stringMatching(/^Twice: /)]);
  });
});
