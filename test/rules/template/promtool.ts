import { stringOf } from '../../../lambdas/promql/index.ts';
import { promtool } from '../../promql/promtool.ts';
import type { PrometheusMajor } from '../../services/prometheus.ts';

/** A template, and the element that it is expanded for. */
export type Expansion = {
  readonly template: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/**
 * One run of `promtool test rules`: what each template becomes as an annotation. Every alert is expected not to fire,
 * so that promtool prints what it got. A template that fails is `<error expanding template: …>`.
 */
export async function expansions(
  major: PrometheusMajor,
  cases: readonly Expansion[],
): Promise<readonly string[]> {
  const rules = cases.map(({ template }, index) => ({
    alert: `A${index}`,
    expr: `s${index}`,
    annotations: { text: template },
  }));
  const input = cases.map(({ labels, value }, index) => {
    const pairs = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
    return { series: `s${index}{${pairs.join(',')}}`, values: sample(value) };
  });
  const test = {
    rule_files: ['rules.yml'],
    tests: [
      {
        interval: '1m',
        input_series: input,
        alert_rule_test: cases.map((_case, index) => ({
          eval_time: '0m',
          alertname: `A${index}`,
          exp_alerts: [],
        })),
      },
    ],
  };
  const printed = await promtool(major, ['test', 'rules', 'test.yml'], {
    'rules.yml': JSON.stringify({ groups: [{ name: 'all', rules }] }),
    'test.yml': JSON.stringify(test),
  });
  const got = new Map<string, string>();
  const alert = /Labels:\{alertname="A(\d+)".*\}\s+Annotations:\{(?:text=("(?:[^"\\]|\\.)*"))?\}/g;
  for (const [, index = '', text = '""'] of printed.matchAll(alert)) got.set(index, stringOf(text));
  return cases.map(({ template }, index) => {
    const text = got.get(String(index));
    if (text === undefined)
      throw new Error(`promtool did not fire for ${template}: ${printed.slice(0, 1000)}`);
    return text;
  });
}

const sample = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
