import type { SeriesPoint, SeriesSink } from '../ports.ts';
import type { Asked, Said } from './engine-classic.ts';
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
  const taken = await send(points, sink, warn);
  const observation = { series: ruleSeries.sent, labels: { cluster }, value: taken };
  return {
    diagnoses: [],
    covered: {},
    judgements: [],
    observed: [{ target: null, observation }],
    memory: null,
  };
}

type Definition = Parameters<typeof seriesPoints>[0];

const pointsOf = (
  name: string,
  series: Definition,
  { samplesOf, varz }: ReadTarget,
  at: number,
): readonly SeriesPoint[] =>
  seriesPoints(series, { name, samples: samplesOf(series), at, startMs: varz.ok ? varz.value.start : null });

/** Not tried again by the next run: samples of that minute are sent then, and these would say no more. */
async function send(points: readonly SeriesPoint[], sink: SeriesSink, warn: Asked['warn']): Promise<number> {
  try {
    const { offered, refused, rejected } = await sink.put(points);
    return offered - refused.length - rejected;
  } catch (error) {
    warn('series could not be sent to CloudWatch', { reason: String(error) });
    return 0;
  }
}
