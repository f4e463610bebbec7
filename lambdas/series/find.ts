import { collectorOf, hasLabel, type SeriesDefinition } from './definition.ts';
import { seriesByName } from './exporter-series.ts';

/** The prefix that NATS' own Helm chart gives the exporter. */
export const chartPrefix = 'nats';

/**
 * The series of this name in any of the exporter's spellings: `gnatsd_…` and `jetstream_…`, `nats_…`, or behind one of
 * the prefixes given, as `-prefix` has them. Two where /connz has a sum and one series a connection; none where nobody
 * exports the name.
 */
export function findSeries(name: string, prefixes: readonly string[] = []): readonly SeriesDefinition[] {
  const plain = (seriesByName.get(name) ?? []).filter((series) => collectorOf(series).namespace === null);
  if (plain.length > 0) return plain;
  const byNamespace = ['gnatsd', 'jetstream'].flatMap((namespace) =>
    behind(namespace, name).filter((series) => collectorOf(series).namespace === namespace),
  );
  if (byNamespace.length > 0) return byNamespace;
  for (const prefix of [chartPrefix, ...prefixes]) {
    const found = behind(prefix, name).filter((series) => collectorOf(series).namespace !== null);
    if (found.length > 0) return found;
  }
  return [];
}

const behind = (prefix: string, name: string): readonly SeriesDefinition[] =>
  name.startsWith(`${prefix}_`) ? (seriesByName.get(name.slice(prefix.length + 1)) ?? []) : [];

/**
 * Of several series of one name, the one that a rule means by the labels it names: for /connz the sum over connections,
 * unless a label tells connections apart.
 */
export function seriesWithLabels(
  series: readonly SeriesDefinition[],
  labels: readonly string[],
): SeriesDefinition | undefined {
  const has = (each: SeriesDefinition) => labels.filter((label) => hasLabel(each, label)).length;
  return series.toSorted((a, b) => has(b) - has(a))[0];
}

/** The name as the exporter spells it, behind a prefix if it is given one. */
export function exporterName(series: SeriesDefinition, prefix: string | null = null): string {
  const { namespace } = collectorOf(series);
  return namespace === null ? series.name : `${prefix ?? namespace}_${series.name}`;
}
