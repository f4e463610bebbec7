import { ValueType, type HrTime } from '@opentelemetry/api';
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRequests } from '../../../lambdas/adapters/otlp/json.ts';
import type { SeriesPoint } from '../../../lambdas/ports.ts';
import { decodeExport } from './decode.ts';
import { anyPoints, gauge, many, minute, started, total } from './sample-points.ts';

const only = (points: readonly SeriesPoint[]): string => {
  const [request, ...more] = exportRequests(points);
  if (request === undefined || more.length > 0)
    throw new Error(`expected one request, not ${more.length + 1}`);
  return request.json;
};

describe('points as OTLP', () => {
  it('are gauges and cumulative sums with their labels at the datapoint', () => {
    expect(JSON.parse(only([gauge(12.5, { unit: '{connection}', help: 'Clients.' }), total(7)]))).toEqual({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'nats-cloudwatch' } }] },
          scopeMetrics: [
            {
              scope: { name: 'nats-cloudwatch' },
              metrics: [
                {
                  name: 'gnatsd_varz_connections',
                  description: 'Clients.',
                  unit: '{connection}',
                  gauge: {
                    dataPoints: [
                      {
                        attributes: [
                          { key: 'cluster', value: { stringValue: 'eu' } },
                          { key: 'server_id', value: { stringValue: 'hub-1' } },
                        ],
                        timeUnixNano: '1793872800000000000',
                        asDouble: 12.5,
                      },
                    ],
                  },
                },
                {
                  name: 'gnatsd_varz_in_msgs',
                  sum: {
                    dataPoints: [
                      {
                        attributes: [
                          { key: 'cluster', value: { stringValue: 'eu' } },
                          { key: 'server_id', value: { stringValue: 'hub-1' } },
                        ],
                        startTimeUnixNano: '1793521815250000000',
                        timeUnixNano: '1793872800000000000',
                        asDouble: 7,
                      },
                    ],
                    aggregationTemporality: 2,
                    isMonotonic: true,
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('share one metric where they are of one name', () => {
    const { resourceMetrics } = JSON.parse(only(many(3))) as {
      resourceMetrics: readonly { scopeMetrics: readonly { metrics: readonly unknown[] }[] }[];
    };
    expect(resourceMetrics[0]?.scopeMetrics[0]?.metrics.length).toBe(1);
  });

  it('are what OpenTelemetry writes for them, but for what is empty', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        expect(JSON.parse(only(points))).toEqual(withoutEmpty(JSON.parse(byOpenTelemetry(points))));
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('are the points that were given, once they are decoded', () => {
    const sorted = (points: readonly SeriesPoint[]) => points.map((point) => JSON.stringify(point)).sort();
    fc.assert(
      fc.property(anyPoints, (points) => {
        const sent = points.map((point) =>
          point.kind === 'sum' && point.startMs !== null
            ? { ...point, startMs: Math.min(point.startMs, point.at) }
            : point,
        );
        expect(sorted(decodeExport(only(points)))).toEqual(sorted(sent));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it.each([
    ['no start time where it is not known', null, undefined],
    ['the start time of the server', started, '1793521815250000000'],
    ['no start time after their own', minute + 1, '1793872800000000000'],
  ])('have %s, as running totals', (_what, startMs, sent) => {
    expect(/"startTimeUnixNano":"(\d+)"/.exec(only([total(1, startMs)]))?.[1]).toBe(sent);
  });

  it('stay readable where a label holds half a character', () => {
    const [point] = decodeExport(only([gauge(1, { labels: { stream_name: 'a\ud800b' } })]));
    expect(point?.labels).toEqual({ stream_name: 'a\ufffdb' });
  });
});

describe('requests', () => {
  const counts = (points: readonly SeriesPoint[]) => exportRequests(points).map((each) => each.points.length);

  it.each([
    [0, []],
    [1, [1]],
    [1_000, [1_000]],
    [1_001, [1_000, 1]],
    [2_500, [1_000, 1_000, 500]],
  ])('of %i points hold at most 1,000 each', (count, expected) => {
    expect(counts(many(count))).toEqual(expected);
  });

  /** Fifty points whose export has this many bytes. */
  function ofBytes(bytes: number): readonly SeriesPoint[] {
    const points = (last: number) =>
      Array.from({ length: 50 }, (_, i) =>
        gauge(1, { labels: { text: 'ü'.repeat(i === 49 ? 1 : 9_900) + 'x'.repeat(i === 49 ? last : 0) } }),
      );
    return points(bytes - Buffer.byteLength(only(points(0))));
  }

  it.each([
    [1_000_000, [50]],
    [1_000_001, [25, 25]],
  ])('of %i bytes are one up to 1 MB, and halves beyond', (bytes, expected) => {
    expect(counts(ofBytes(bytes))).toEqual(expected);
  });

  it('of points that are large together stay within 1 MB, and hold every point in its order', () => {
    const points = many(300).map((point) => ({ ...point, labels: { text: '"'.repeat(20_000) } }));
    const requests = exportRequests(points);
    expect(requests.filter(({ json }) => Buffer.byteLength(json) > 1_000_000)).toEqual([]);
    expect(requests.flatMap((each) => decodeExport(each.json)).map(({ value }) => value)).toEqual(
      points.map(({ value }) => value),
    );
  });
});

const hrTime = (epochMs: number): HrTime => [Math.floor(epochMs / 1_000), (epochMs % 1_000) * 1_000_000];

/** The same points through OpenTelemetry's own serializer; zero is its unknown start. */
function byOpenTelemetry(points: readonly SeriesPoint[]): string {
  const groups = Map.groupBy(points, ({ name, kind }) => `${kind} ${name}`);
  const metrics = [...groups.values()].map((some): MetricData => {
    const common = {
      descriptor: { name: some[0]?.name ?? '', description: '', unit: '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: some.map((point) => ({
        attributes: point.labels,
        startTime: hrTime(point.kind === 'sum' ? Math.min(point.startMs ?? 0, point.at) : 0),
        endTime: hrTime(point.at),
        value: point.value,
      })),
    };
    return some[0]?.kind === 'sum'
      ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true }
      : { ...common, dataPointType: DataPointType.GAUGE };
  });
  const bytes = JsonMetricsSerializer.serializeRequest({
    resource: resourceFromAttributes({ 'service.name': 'nats-cloudwatch' }),
    scopeMetrics: [{ scope: { name: 'nats-cloudwatch' }, metrics }],
  });
  return Buffer.from(bytes ?? []).toString('utf8');
}

const empty: Readonly<Record<string, unknown>> = {
  description: '',
  unit: '',
  droppedAttributesCount: 0,
  startTimeUnixNano: '0',
};

/** Without fields whose value says what their absence says: those are protobuf's defaults. */
function withoutEmpty(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutEmpty);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([name, value]) => !(name in empty && empty[name] === value))
      .map(([name, value]) => [name, withoutEmpty(value)]),
  );
}
