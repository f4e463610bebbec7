import {
  EvaluationError,
  evaluate,
  metricName,
  parse,
  readerOf,
  written,
} from '../../lambdas/promql/index.ts';
import type { Expression, Labels, Read, Sample, Series, VectorSample } from '../../lambdas/promql/index.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';

export const minute = 60_000;
const edition = 3;

export const recording = (record: string, expr: string, labels: Readonly<Record<string, string>> = {}) =>
  ({ kind: 'record', record, expr, labels }) as const satisfies RecordingRule;

export function parsed(text: string): Expression {
  const { ast, problem } = parse(text, edition);
  if (ast === undefined) throw new Error(`${text}: ${problem.message}`);
  return ast;
}

/** What is known at a time: samples up to it. */
function readerAt(series: readonly Series[], at: number): Read {
  const known = series.map(({ labels, samples }) => ({
    labels,
    samples: samples.filter(([time]) => time <= at),
  }));
  return readerOf(known, edition);
}

export function valuesAt(text: string, series: readonly Series[], at: number): readonly VectorSample[] {
  const value = evaluate(parsed(text), { at, read: readerAt(series, at), edition, intervalMs: minute });
  if (value.type === 'string') throw new Error('a string');
  return value.type === 'scalar' ? [{ labels: {}, value: value.value }] : value.samples;
}

/** Values by labels; the name of the series, which an alert does not have, left out. */
export const named = (samples: readonly VectorSample[]): ReadonlyMap<string, number> =>
  new Map(samples.map(({ labels, value }) => [written({ ...labels, [metricName]: '' }), value]));

/** What Prometheus has recorded after evaluating the rules one after the other in each of the minutes. */
export function recordedBy(
  rules: readonly RecordingRule[],
  series: readonly Series[],
  minutes: readonly number[],
): readonly Series[] {
  const stored = new Map<string, { readonly labels: Labels; readonly samples: Sample[] }>();
  const all = (): readonly Series[] => [...series, ...stored.values()];
  const before = new Map<RecordingRule, ReadonlySet<string>>();
  for (const at of minutes.map((each) => each * minute)) {
    for (const rule of rules) {
      const seen = new Set<string>();
      for (const { labels, value } of valuesAt(rule.expr, all(), at)) {
        const whole = { ...labels, ...rule.labels, [metricName]: rule.record };
        const made = Object.fromEntries(Object.entries(whole).filter(([, text]) => text !== ''));
        const key = written(made);
        if (seen.has(key)) throw new EvaluationError(`${key} twice`);
        seen.add(key);
        const known = stored.get(key) ?? { labels: made, samples: [] };
        stored.set(key, known);
        known.samples.push([at, value]);
      }
      // A series that left the result ends.
      for (const key of before.get(rule) ?? []) if (!seen.has(key)) stored.get(key)?.samples.push([at, null]);
      before.set(rule, seen);
    }
  }
  return [...stored.values()];
}
