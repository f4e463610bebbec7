import { SeriesError, type SeriesPoint, type SeriesReport, type SeriesSink } from '../ports.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import type { Asked, Said } from './engine-classic.ts';
import { arrival, notTaken, type Sent } from './not-taken.ts';
import { ruleSeries } from './plan.ts';
import type { ReadTarget } from './read-series.ts';
import { seriesPoints } from './series-points.ts';

/**
 * Sends what the rules read, under the names that they spell, to where CloudWatch evaluates them, and publishes how many
 * samples were taken: 0 is what the alarm that guards them waits for.
 */
export async function evaluateThere(
  { compiled, cluster, at, warn }: Asked,
  read: readonly ReadTarget[],
  sink: SeriesSink,
): Promise<Said> {
  const points = [...compiled.needed].flatMap(([name, definitions]) =>
    definitions.flatMap((series) => read.flatMap((target) => pointsOf(name, series, target, at))),
  );
  const sent = await send(points, sink, warn);
  const observation = { series: ruleSeries.sent, labels: { cluster }, value: sent.taken };
  return {
    diagnoses: [notTaken],
    covered: {},
    judgements: [
      arrival(
        sent,
        cluster,
        read.some(({ varz }) => varz.ok),
      ),
    ],
    observed: [{ target: null, observation }],
    memory: null,
  };
}

const pointsOf = (
  name: string,
  series: SeriesDefinition,
  { samplesOf, varz }: ReadTarget,
  at: number,
): readonly SeriesPoint[] =>
  seriesPoints(series, { name, samples: samplesOf(series), at, startMs: varz.ok ? varz.value.start : null });

/** Not tried again by the next run: samples of that minute are sent then, and these would say no more. */
async function send(points: readonly SeriesPoint[], sink: SeriesSink, warn: Asked['warn']): Promise<Sent> {
  try {
    return sentOf(await sink.put(points), 0, []);
  } catch (error) {
    const reason = String(error);
    warn('series could not be sent to CloudWatch', { reason });
    if (error instanceof SeriesError) return sentOf(error.report, error.lost, [reason]);
    return { offered: points.length, taken: 0, reasons: [reason] };
  }
}

const sentOf = (
  { offered, refused, rejected, messages }: SeriesReport,
  lost: number,
  failures: readonly string[],
): Sent => ({
  offered,
  taken: offered - refused.length - rejected - lost,
  reasons: [
    ...failures,
    ...messages.map((message) => `CloudWatch says: ${message}`),
    ...refused.map(({ series, why }) => `${series}: ${why}`),
  ],
});
