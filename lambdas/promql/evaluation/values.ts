import type { Labels } from '../labels.ts';
import { metricName } from '../labels.ts';

export type VectorSample = { readonly labels: Labels; readonly value: number };

export type Plain =
  { readonly type: 'scalar'; readonly value: number } | { readonly type: 'string'; readonly value: string };

/** What Prometheus evaluates to an error: many-to-many matching, two results with the same labels, and so on. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EvaluationError';
  }
}

/** `name{a="b"}` */
export function written(labels: Labels): string {
  const pairs = Object.keys(labels)
    .filter((label) => label !== metricName)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return `${labels[metricName] ?? ''}{${pairs.join(', ')}}`;
}
