import type { Datapoint } from '../../lambdas/ports.ts';
import type { Metric } from '../cloudwatch/alarm-spec.ts';
import type { Query } from '../dashboard/spec.ts';

/** What one look at the servers published. */
export type Look = { /** Epoch ms. */ readonly at: number; readonly datapoints: readonly Datapoint[] };

export type Point = { readonly at: number; readonly value: number };
export type DrawnLine = { readonly label: string; readonly points: readonly Point[] };

/** The points of a metric, one a look that has it. */
export const pointsOf = (metric: Metric, looks: readonly Look[]): readonly Point[] =>
  pointsWhere((point) => isOf(metric, point) && sizeOf(point) === Object.keys(metric.dimensions).length, {
    ...{ metric, looks },
  });

/** The lines of a query, as CloudWatch would find them in the looks; the worst first. */
export function linesOfQuery(query: Query, looks: readonly Look[]): readonly DrawnLine[] {
  const { metric, by, over, most } = query;
  const labels = [...Object.keys(metric.dimensions), by, ...over];
  const isAsked = (point: Datapoint) =>
    isOf(metric, point) && sizeOf(point) === labels.length && labels.every((label) => label in point.labels);
  const words = new Set(
    looks.flatMap(({ datapoints }) => datapoints.filter(isAsked).map(({ labels: own }) => own[by] ?? '')),
  );
  const sign = metric.statistic === 'Minimum' ? 1 : -1;
  return [...words]
    .map((label) => ({
      label,
      points: pointsWhere((point) => isAsked(point) && point.labels[by] === label, { metric, looks }),
    }))
    .toSorted(
      (a, b) => sign * (ofAll(metric, a.points) - ofAll(metric, b.points)) || (a.label < b.label ? -1 : 1),
    )
    .slice(0, most);
}

const sizeOf = ({ labels }: Datapoint): number => Object.keys(labels).length;

const isOf = ({ name, dimensions }: Metric, { series, labels }: Datapoint): boolean =>
  series === name && Object.entries(dimensions).every(([label, value]) => labels[label] === value);

function pointsWhere(
  isIt: (point: Datapoint) => boolean,
  { metric, looks }: { readonly metric: Metric; readonly looks: readonly Look[] },
): readonly Point[] {
  return looks.flatMap(({ at, datapoints }) => {
    const values = datapoints.filter(isIt).map(({ value }) => value);
    return values.length === 0 ? [] : [{ at, value: statistic(metric, values) }];
  });
}

const ofAll = (metric: Metric, points: readonly Point[]): number =>
  statistic(
    metric,
    points.map(({ value }) => value),
  );

function statistic({ statistic: kind }: Metric, values: readonly number[]): number {
  switch (kind) {
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'Sum':
      return values.reduce((sum, value) => sum + value, 0);
  }
}
