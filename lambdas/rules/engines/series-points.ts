import { collectorOf, type SeriesDefinition } from '../../series/definition.ts';
import type { ReplyName } from '../../series/collectors.ts';
import type { Sample } from '../../series/observe.ts';
import type { SeriesPoint } from '../../ports.ts';

/**
 * Of these replies every running total begins with the server. Those of JetStream go on through a restart, those of
 * connections begin with the connection.
 */
const countedSinceStart: readonly ReplyName[] = ['varz', 'routez', 'subsz', 'accstatz'];

export type Observed = {
  /** The series' name as rules spell it. */
  readonly name: string;
  readonly samples: readonly Sample[];
  /** The run's minute, epoch ms. */
  readonly at: number;
  /** When the server started, epoch ms; null where /varz was not read. */
  readonly startMs: number | null;
};

/**
 * Samples of one target as points for CloudWatch. Without units: what PromQL in CloudWatch does with them is not known,
 * and where a unit made a label, two series of different units would match no more.
 */
export function seriesPoints(
  series: SeriesDefinition,
  { name, samples, at, startMs: serverStart }: Observed,
): readonly SeriesPoint[] {
  const isTotal = series.kind === 'total';
  const startMs = countedSinceStart.includes(collectorOf(series).reply) ? serverStart : null;
  return samples.map(({ labels, value }): SeriesPoint => {
    const point = { name, labels, value, at };
    return isTotal ? { ...point, kind: 'sum', startMs } : { ...point, kind: 'gauge' };
  });
}
