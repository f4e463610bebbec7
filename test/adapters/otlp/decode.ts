import * as z from 'zod';
import type { SeriesPoint } from '../../../lambdas/ports.ts';

// By opentelemetry/proto/metrics/v1/metrics.proto, as far as it is used: a field that it does not have is an error.
const nanoseconds = z.string().regex(/^\d{10,19}$/);
const attributes = z.array(
  z.strictObject({ key: z.string().min(1), value: z.strictObject({ stringValue: z.string() }) }),
);
const dataPoint = z.strictObject({
  attributes,
  startTimeUnixNano: nanoseconds.optional(),
  timeUnixNano: nanoseconds,
  asDouble: z.number(),
});
const dataPoints = z.array(dataPoint).min(1);
const described = {
  name: z.string().min(1),
  description: z.string().optional(),
  unit: z.string().optional(),
};
const metric = z.union([
  z.strictObject({ ...described, gauge: z.strictObject({ dataPoints }) }),
  z.strictObject({
    ...described,
    sum: z.strictObject({ dataPoints, aggregationTemporality: z.literal(2), isMonotonic: z.literal(true) }),
  }),
]);
const request = z.strictObject({
  resourceMetrics: z.tuple([
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeMetrics: z.tuple([
        z.strictObject({ scope: z.strictObject({ name: z.string() }), metrics: z.array(metric) }),
      ]),
    }),
  ]),
});

/**
 * The points in an export's body.
 * @throws ZodError if it is not of OTLP's shape
 */
export function decodeExport(body: string): readonly SeriesPoint[] {
  const [{ scopeMetrics }] = request.parse(JSON.parse(body)).resourceMetrics;
  return scopeMetrics[0].metrics.flatMap((each) => {
    const about = {
      name: each.name,
      ...(each.description === undefined ? {} : { help: each.description }),
      ...(each.unit === undefined ? {} : { unit: each.unit }),
    };
    const decoded = (point: z.infer<typeof dataPoint>) => ({
      ...about,
      labels: Object.fromEntries(point.attributes.map(({ key, value }) => [key, value.stringValue])),
      value: point.asDouble,
      at: milliseconds(point.timeUnixNano),
    });
    if ('gauge' in each) {
      return each.gauge.dataPoints.map((point): SeriesPoint => ({ ...decoded(point), kind: 'gauge' }));
    }
    return each.sum.dataPoints.map((point): SeriesPoint => {
      const start = point.startTimeUnixNano;
      return { ...decoded(point), kind: 'sum', startMs: start === undefined ? null : milliseconds(start) };
    });
  });
}

const milliseconds = (unixNano: string): number => Number(BigInt(unixNano) / 1_000_000n);

/**
 * Points in Prometheus' OpenMetrics text, series by series in the order of time, as `promtool tsdb
 * create-blocks-from openmetrics` reads them. Names stay as they are, so no types are told: OpenMetrics wants counters
 * to end in `_total`.
 */
export function openMetrics(points: readonly SeriesPoint[]): string {
  const series = Map.groupBy(points, ({ name, labels }) => seriesText(name, labels));
  const lines = [...series]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([text, some]) =>
      some.toSorted((a, b) => a.at - b.at).map(({ value, at }) => `${text} ${value} ${at / 1_000}`),
    );
  return [...lines, '# EOF', ''].join('\n');
}

const seriesText = (name: string, labels: SeriesPoint['labels']): string =>
  `${name}{${Object.keys(labels)
    .sort()
    .map((label) => `${label}="${escaped(labels[label] ?? '')}"`)
    .join(',')}}`;

const escaped = (text: string): string =>
  text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
