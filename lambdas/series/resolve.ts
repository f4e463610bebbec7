import { collectorOf, type SeriesDefinition } from './definition.ts';
import { exporterSeries, seriesByName } from './exporter-series.ts';
import { chartPrefix, findSeries, exporterName } from './find.ts';
import { nearest } from './nearest.ts';

export type Resolved =
  | { readonly known: true; readonly series: readonly SeriesDefinition[] }
  /** The names nearest to it, nearest first, in its own spelling. */
  | { readonly known: false; readonly nearest: readonly string[] };

const mostNearest = 3;

/** The series of a name in any of the exporter's spellings, or the names that may have been meant. */
export function resolve(name: string, prefixes: readonly string[] = []): Resolved {
  const series = findSeries(name, prefixes);
  return series.length > 0
    ? { known: true, series }
    : { known: false, nearest: nearestNames(name, prefixes) };
}

function nearestNames(name: string, prefixes: readonly string[]): readonly string[] {
  const prefix = [chartPrefix, ...prefixes].find((each) => name.startsWith(`${each}_`)) ?? null;
  // Their own spelling is part of the candidates' names, so that it does not count as a difference.
  const candidates = exporterSeries.map((series) => exporterName(series, prefix));
  return nearest(name, [...new Set(candidates)], mostNearest);
}

/**
 * Prefixes that the exporter seems to have been given (`-prefix`), judged by the names in use. Names of core endpoints
 * (`acme_varz_cpu`) are sign enough; those of JetStream (`acme_stream_last_seq`) might be another program's, so it takes
 * two. Nothing that begins with one of the usual namespaces is taken for a prefix: `nats_jetstream_consumer_num_pending`
 * is an invented name.
 */
export function inferPrefixes(names: Iterable<string>): readonly string[] {
  const signs = new Map<string, { readonly core: Set<string>; readonly jetStream: Set<string> }>();
  for (const name of new Set(names)) {
    for (let at = name.indexOf('_'); at > 0; at = name.indexOf('_', at + 1)) {
      const [series] = seriesByName.get(name.slice(at + 1)) ?? [];
      const namespace = series && collectorOf(series).namespace;
      if (series === undefined || !namespace) continue;
      const prefix = name.slice(0, at);
      const sign = signs.get(prefix) ?? { core: new Set(), jetStream: new Set() };
      signs.set(prefix, sign);
      (namespace === 'gnatsd' ? sign.core : sign.jetStream).add(series.name);
    }
  }
  return [...signs]
    .filter(([prefix, { core, jetStream }]) => !isUsual(prefix) && (core.size > 0 || jetStream.size > 1))
    .map(([prefix]) => prefix)
    .toSorted();
}

const isUsual = (prefix: string): boolean => /^(gnatsd|nats|jetstream)(_|$)/.test(prefix);
