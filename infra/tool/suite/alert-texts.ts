import { metricName, without, type Labels } from '../../../lambdas/promql/index.ts';
import type { AlertRule, Texts } from '../../../lambdas/rules/rule.ts';
import { expand } from '../../../lambdas/rules/template/template.ts';

/** What Prometheus sends of an alert, so far as it is known here. */
export type AlertTexts = {
  /** Of the element and the rule, and `alertname`. */
  readonly labels: Labels;
  readonly annotations: Texts;
  /** Names of labels and annotations whose templates ask what is not known here. */
  readonly unknown: { readonly labels: readonly string[]; readonly annotations: readonly string[] };
};

type Element = { readonly labels: Labels; readonly value: number };

/** An alert's labels and annotations, templates expanded. */
export function alertTexts(rule: AlertRule, { labels, value }: Element, externalLabels: Labels): AlertTexts {
  const data = { labels, value, externalLabels };
  const [own, annotations] = [rule.labels, rule.annotations].map((texts) =>
    Object.entries(texts).map(([name, text]) => ({ name, ...expand(text, data) })),
  );
  const unknownOf = (expanded: typeof own) =>
    (expanded ?? []).filter(({ left }) => left.length > 0).map(({ name }) => name);
  const textsOf = (expanded: typeof own) =>
    Object.fromEntries((expanded ?? []).map(({ name, text }) => [name, text]));
  const all = {
    ...without(labels, [metricName]),
    ...textsOf(own),
    alertname: rule.alert,
  };
  return {
    labels: Object.fromEntries(Object.entries(all).filter(([, text]) => text !== '')),
    annotations: textsOf(annotations),
    unknown: { labels: unknownOf(own), annotations: unknownOf(annotations) },
  };
}
