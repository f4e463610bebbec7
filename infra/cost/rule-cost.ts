import { parse, selectorsOf } from '../../lambdas/promql/index.ts';
import { everyMs } from '../../lambdas/rules/compile.ts';
import { nameOf } from '../../lambdas/rules/identity.ts';
import { planFor, ruleSeries, togetherSeries } from '../../lambdas/rules/plan.ts';
import { keptOf } from '../../lambdas/rules/samples/kept.ts';
import { findSeries, seriesWithLabels } from '../../lambdas/series/find.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { serversIn } from '../settings/servers.ts';
import { seriesPerServer } from '../rules/series-per-server.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';

type Input = Pick<AlarmInput, 'settings' | 'translated'>;

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((total, item) => total + of(item), 0);

/** Custom metrics that rules add in a cluster, in each minute: what is published of them, and what plain alarms compare. */
export function metricsOfRules(
  { translated: { plan, specs } }: Input,
  cluster: string,
  servers: number,
): number {
  if (plan.engine === 'promql') return 0;
  const own = specs
    .filter((spec) => spec.cluster === cluster)
    .flatMap(({ compared }) =>
      compared.kind === 'metric' && compared.metric.name === ruleSeries.rule ? [compared.metric] : [],
    );
  const distinct = new Set(own.map(({ name, dimensions }) => JSON.stringify([name, dimensions])));
  return distinct.size + planFor(plan, cluster).series.length * servers;
}

/** Of what is sent by OTLP the datapoints of a minute: of each series that a rule reads, of every server. */
export function otlpPointsOfRules({ settings, translated: { plan, rules } }: Input): number {
  if (plan.engine !== 'promql') return 0;
  const names = new Set(
    rules.filter(({ status }) => status === 'translated').flatMap(({ series }) => series),
  );
  const perServer = sum([...names], (name) => {
    const [series] = findSeries(name);
    return series === undefined ? 0 : seriesPerServer(series, settings.alarms.entities);
  });
  const together = settings.clusters.filter(({ name }) => plan.downTogether.includes(name));
  return perServer * serversIn(settings.clusters) + together.length + serversIn(together);
}

/** Samples that the query of an alarm reads each time. */
export const samplesScanned = (spec: AlarmSpec, input: Input): number =>
  sum(selected(spec, input), ({ series, samples }) => series * samples);

/** Series that the query of an alarm compares at most: of its widest selector. */
export const seriesCompared = (spec: AlarmSpec, input: Input): number =>
  Math.max(0, ...selected(spec, input).map(({ series }) => series));

/** What each selector of an alarm's query takes: how many series, and how many samples of each. */
function selected(
  { compared }: AlarmSpec,
  { settings, translated: { plan } }: Input,
): readonly { readonly series: number; readonly samples: number }[] {
  if (compared.kind !== 'promql') return [];
  const { ast } = parse(compared.query, 3);
  if (ast === undefined) return [];
  return selectorsOf(ast).flatMap((selector) => {
    const name = nameOf(selector) ?? '';
    if (name === togetherSeries.cluster) return [{ series: 1, samples: 1 }];
    if (name === togetherSeries.server) return [{ series: serversIn(settings.clusters), samples: 1 }];
    const labels = selector.matchers.map(({ label }) => label);
    const series = seriesWithLabels(findSeries(name, plan.prefixes), labels);
    if (series === undefined) return [];
    const { allMs } = keptOf([ast], [name], 3).get(name) ?? { allMs: 0 };
    const samples = 1 + (Number.isFinite(allMs) ? allMs / everyMs : 0);
    const perServer = seriesPerServer(series, settings.alarms.entities);
    return [{ series: perServer * serversIn(settings.clusters), samples }];
  });
}
