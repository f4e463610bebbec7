import { unseenText } from '../../engine/unseen.ts';
import { asUnseen } from '../../engine/judgement/views.ts';
import { isDue, type Told } from '../../engine/now-and-then.ts';
import { SeriesError, type SeriesPoint, type SeriesReport, type SeriesSink } from '../../ports.ts';
import { keyOf, metricName, written } from '../../promql/index.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
import type { EngineInput, EngineResult } from './classic.ts';
import { judgeSent, samplesNotTaken, type Sent } from '../findings/rule-102-samples-not-taken.ts';
import { ruleSeries } from '../plan.ts';
import { downTogether, pagedAfterMs, type DownBefore } from './down-together.ts';
import type { ReadTarget } from '../read-series.ts';
import { seriesPoints } from './series-points.ts';
import { hiddenFrom } from '../who-answered.ts';

/**
 * Sends what the rules read, under the names that they spell, to where CloudWatch evaluates them, and publishes how many
 * samples were taken: 0 is what the alarm that guards them waits for.
 */
export async function sendForCloudWatch(
  { plan, compiled, cluster, at, memory, warn }: EngineInput,
  read: readonly ReadTarget[],
  sink: SeriesSink,
): Promise<EngineResult> {
  const points = [...compiled.needed].flatMap(([name, definitions]) =>
    definitions.flatMap((series) => read.flatMap((target) => pointsOf(name, series, target, at))),
  );
  const together = plan.downTogether.includes(cluster)
    ? downTogether(points, {
        ...{ cluster, at, servers: read.map(({ target }) => target.name) },
        ...{ afterMs: pagedAfterMs(compiled), before: downBefore(memory) },
      })
    : { points: [], left: null };
  const sent = await send(withoutAmbiguous([...points, ...together.points]), sink, warn);
  const observation = { series: ruleSeries.sent, labels: { cluster }, value: sent.taken };
  const last = takenOf(memory);
  const isTold = sent.taken === 0 || last === null || isDue(last, at);
  return {
    diagnoses: [samplesNotTaken],
    covered: {},
    judgements: [judgeSent(sent, cluster, blindSpots(read, [...compiled.needed.values()].flat()))],
    // The alarm keeps its state in between, and a metric is billed by the hour in which it has data.
    observed: isTold ? [{ target: null, observation }] : [],
    memory: {
      taken: sent.taken === 0 ? null : isTold ? { at, since: last?.since ?? at } : last,
      ...together.left,
    },
  };
}

/** Who was down as the last run left it; nobody where nothing is remembered. */
function downBefore(memory: unknown): DownBefore {
  const { alone, allAt } = (memory ?? {}) as { readonly [K in keyof DownBefore]?: unknown };
  return {
    alone: typeof alone === 'object' && alone !== null ? (alone as DownBefore['alone']) : {},
    allAt: typeof allAt === 'number' ? allAt : null,
  };
}

/** When that samples of the run before were taken was told; null where none were, or nothing is remembered. */
function takenOf(memory: unknown): Told | null {
  const taken = (memory as { readonly taken?: unknown } | null)?.taken;
  return typeof taken === 'object' ? (taken as Told | null) : null;
}

const pointsOf = (
  name: string,
  series: SeriesDefinition,
  { samplesOf, varz }: ReadTarget,
  at: number,
): readonly SeriesPoint[] =>
  seriesPoints(series, { name, samples: samplesOf(series), at, startMs: varz.ok ? varz.value.start : null });

/** Where only that servers are silent was sent, what is not understood, and what is behind URLs that lead to several. */
function blindSpots(read: readonly ReadTarget[], series: readonly SeriesDefinition[]): string | null {
  if (!read.some(({ varz }) => varz.ok)) return 'no server could be read';
  const unclear = read.flatMap(({ target, failureOf }) => {
    const failure = failureOf(series);
    return failure?.code === 'unexpected-shape' ? [asUnseen({ target, failure })] : [];
  });
  const unseen = [...unclear, ...hiddenFrom(read)];
  return unseen.length === 0 ? null : unseenText(unseen);
}

type Points = { readonly single: readonly SeriesPoint[]; readonly alike: readonly SeriesPoint[] };

/** Of points of one name and the same labels none is sent: CloudWatch would keep one of them, by chance. */
function withoutAmbiguous(points: readonly SeriesPoint[]): Points {
  const bySeries = [
    ...Map.groupBy(points, ({ name, labels }) => keyOf({ ...labels, [metricName]: name })).values(),
  ];
  return {
    single: bySeries.flatMap((some) => (some.length === 1 ? some : [])),
    alike: bySeries.flatMap((some) => (some.length === 1 ? [] : some)),
  };
}

/** Not tried again by the next run: samples of that minute are sent then, and these would say no more. */
async function send({ single, alike }: Points, sink: SeriesSink, warn: EngineInput['warn']): Promise<Sent> {
  const names = new Set(alike.map(({ name, labels }) => written({ ...labels, [metricName]: name })));
  const why = 'several things have these labels, and no other tells them apart';
  const unsent = [...names].map((series) => `${series}: ${why}`);
  if (unsent.length > 0) warn('series that nothing tells apart are not sent', { series: [...names] });
  const withUnsent = ({ offered, taken, reasons }: Sent): Sent => ({
    offered: offered + alike.length,
    taken,
    reasons: [...reasons, ...unsent],
  });
  try {
    return withUnsent(sentOf(await sink.put(single), 0, []));
  } catch (error) {
    const reason = String(error);
    warn('series could not be sent to CloudWatch', { reason });
    if (error instanceof SeriesError) return withUnsent(sentOf(error.report, error.lost, [reason]));
    return withUnsent({ offered: single.length, taken: 0, reasons: [reason] });
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
