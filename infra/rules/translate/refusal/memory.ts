import { formatBytes, formatCount } from '../../../../lambdas/engine/format.ts';
import {
  nodesOf,
  selectorsOf,
  unwrap,
  type Edition,
  type Expression,
} from '../../../../lambdas/promql/index.ts';
import { nameOf } from '../../../../lambdas/rules/identity.ts';
import {
  estimate,
  mostSampleBytes,
  samplesKept,
  type Expected,
} from '../../../../lambdas/rules/samples/estimate.ts';
import { keptOf } from '../../../../lambdas/rules/samples/kept.ts';
import { seriesPerServer } from '../../series-per-server.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import type { Names } from '../names.ts';

type Context = {
  readonly names: Names;
  readonly edition: Edition;
  readonly settings: DeploymentSettings;
};

/** What is kept of each name between runs, of one server. */
export type Needs = ReadonlyMap<string, Expected>;

/** What evaluating an alert keeps between runs, the recorded names that it reads included. */
export function needsOf(ast: Expression, { names, edition, settings }: Context): Needs {
  const all = names.withRecorded(ast);
  const selectors = all.flatMap(selectorsOf);
  const read = [...new Set(selectors.flatMap((selector) => nameOf(selector) ?? []))];
  const kept = keptOf(all, read, edition);
  return new Map(
    read.map((name) => {
      const own = selectors.filter((selector) => nameOf(selector) === name);
      const series = own.flatMap((selector) => names.seriesOf(selector) ?? []);
      return [
        name,
        {
          series: Math.max(
            ...own.map((selector) => countPerServer(selector, names, settings.alarms.entities)),
          ),
          kept: kept.get(name) ?? { allMs: 0, untilMs: 0 },
          family: series[0]?.collector ?? name,
          isFraction: series.length === 0,
        },
      ];
    }),
  );
}

/**
 * What an aggregation leaves is taken for one series a server, whatever it groups by.
 * @param known of recorded names, each looked at once; one that is being looked at counts as one series
 */
function countPerServer(
  node: Expression,
  names: Names,
  entities: number,
  known: Map<string, number> = new Map(),
): number {
  const top = unwrap(node);
  if (top.kind === 'aggregation') return 1;
  const counts = [...nodesOf(top)].map((each) => {
    if (each.kind !== 'selector') return 1;
    const series = names.seriesOf(each);
    if (series !== undefined) return seriesPerServer(series, entities);
    const name = nameOf(each) ?? '';
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, 1);
    const recorded = names.recordings(name).map((ast) => countPerServer(ast, names, entities, known));
    const count = Math.max(1, ...recorded);
    known.set(name, count);
    return count;
  });
  return Math.max(1, ...counts);
}

/** Together: of a name that both need, what needs more. */
export function joined(some: Needs, others: Needs): Needs {
  const all = new Map(some);
  for (const [name, need] of others) {
    const known = all.get(name) ?? need;
    all.set(name, {
      ...known,
      series: Math.max(known.series, need.series),
      kept: {
        allMs: Math.max(known.kept.allMs, need.kept.allMs),
        untilMs: Math.max(known.kept.untilMs, need.kept.untilMs),
      },
    });
  }
  return all;
}

const bytesOf = (needs: Needs, servers: number): number =>
  estimate([...needs.values()].map((need) => ({ ...need, series: need.series * servers })));

/**
 * Why a rule's samples do not fit beside those of the rules before it; null if they do.
 * @param servers of the largest cluster
 */
export function memoryRefusal(before: Needs, needs: Needs, servers: number): string | null {
  const together = bytesOf(joined(before, needs), servers);
  if (together <= mostSampleBytes) return null;
  const alone = bytesOf(needs, servers);
  const size = ({ series, kept }: Expected) => series * samplesKept(kept);
  const [name, largest] = [...needs].reduce((a, b) => (size(b[1]) > size(a[1]) ? b : a));
  const counts = `${name}: ${formatCount(largest.series * servers)} series, ${formatCount(samplesKept(largest.kept))} samples of each`;
  const besides =
    alone > mostSampleBytes ? '' : `, with those of the rules before it ${formatBytes(together)}`;
  return `its samples take about ${formatBytes(alone)} (${counts})${besides}, and memory holds ${formatBytes(mostSampleBytes)}; shorten its windows, set alarms.entities if servers have fewer streams and consumers, or choose the engine promql`;
}
