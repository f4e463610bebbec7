import type { Labels } from '../labels.ts';
import { keyOf, metricName } from '../labels.ts';

export type VectorSample = { readonly labels: Labels; readonly value: number };

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly type: 'string'; readonly value: string };

/** A sample of a range that is no stale marker. */
export type Point = readonly [atMs: number, value: number];

/** What Prometheus evaluates to an error: many-to-many matching, two results with the same labels, and so on. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EvaluationError';
  }
}

/** Throws when two samples have the same labels, as happens when a dropped name was what told them apart. */
export function distinct(samples: readonly VectorSample[]): readonly VectorSample[] {
  if (samples.length < 2) return samples;
  const seen = new Set<string>();
  for (const { labels } of samples) {
    const key = keyOf(labels);
    if (seen.has(key)) throw new EvaluationError(`two results have the same labels ${written(labels)}`);
    seen.add(key);
  }
  return samples;
}

/** Whether all carry one metric name: then dropping it makes no two alike. */
export function oneName(samples: readonly { readonly labels: Labels }[]): boolean {
  const name = samples[0]?.labels[metricName];
  return samples.every(({ labels }) => labels[metricName] === name);
}

/** `name{a="b"}` */
export function written(labels: Labels): string {
  const pairs = Object.keys(labels)
    .filter((label) => label !== metricName)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return `${labels[metricName] ?? ''}{${pairs.join(', ')}}`;
}
