import { collectors, type CollectorId } from './collectors.ts';
import type { Entry, SeriesDefinition } from './definition.ts';
import { accountSeries } from './exporter/accounts.ts';
import { connectionSeries } from './exporter/connections.ts';
import { serverSeries } from './exporter/server.ts';
import { flatName } from './flatten.ts';

const up: Entry = { name: 'up', path: '', unit: '0/1' };

const entries: Readonly<Record<CollectorId, readonly Entry[]>> = {
  ...serverSeries,
  ...connectionSeries,
  ...accountSeries,
  up: [up],
};

/**
 * Every series that prometheus-nats-exporter has at commit 2fdbfd7 on nats-server 2.9 to 2.15, and `up`. Of metadata
 * only the keys that it turns into series.
 */
export const exporterSeries: readonly SeriesDefinition[] = Object.entries(entries).flatMap(
  ([collector, some]) => some.map((entry) => definition(collector as CollectorId, entry)),
);

/** By name without namespace. Six names of /connz are both a sum over connections and one series a connection. */
export const seriesByName: ReadonlyMap<string, readonly SeriesDefinition[]> = Map.groupBy(
  exporterSeries,
  ({ name }) => name,
);

function definition(collector: CollectorId, entry: Entry): SeriesDefinition {
  const path = entry.name === undefined ? entry.path : (entry.path ?? entry.name);
  const own = entry.name ?? flatName(keysOf(path));
  return {
    name: [collectors[collector].subsystem, own].filter(Boolean).join('_'),
    collector,
    path,
    kind: entry.kind ?? 'live',
    unit: entry.unit ?? null,
    optional: entry.optional ?? false,
    as: entry.as ?? null,
    orZero: entry.orZero ?? false,
    holds: entry.holds ?? null,
  };
}

/** `http_req_stats["/varz"]` is `http_req_stats`, `/varz`. */
function keysOf(path: string): readonly string[] {
  return path.match(/[^.[\]"]+/g) ?? [];
}
