import { collectorOf, type SeriesDefinition } from '../../../../lambdas/series/definition.ts';
import { noteOf } from '../../../../lambdas/series/notes.ts';

/** What is typical of a series, by its name without namespace. */
const natures = {
  /** Totals of what should not happen. */
  trouble: [
    /^varz_(slow_consumers|stale_connections|stalled_clients|pinned_account_fails)$/,
    /^varz_(slow_consumer|stale_connection)_stats_/,
    /^varz_jetstream_stats_api_errors$/,
    /^accstatz_slow_consumers$/,
  ],
  /** What moves only while somebody sends. */
  traffic: [
    /^varz_(in|out)_(client_)?(msgs|bytes)$/,
    /^varz_jetstream_stats_api_total$/,
    /^accstatz_(sent|received)_(messages|bytes)$/,
    /^(leafz|gatewayz|connz)_(.*_)?(in|out)_(msgs|bytes)$/,
    /^stream_(first_seq|last_seq|total_messages|total_bytes)$/,
    /^server_total_(messages|message_bytes)$/,
    /^consumer_(delivered|ack_floor)_(consumer|stream)_seq$/,
  ],
  /** Ages that grow while nobody sends. */
  idleAge: [/^consumer_last_(delivery|ack)_seconds$/],
  /** What is out of date on replicas that do not lead, and may be larger there than on the leader. */
  staleHigh: [/^consumer_num_pending$/, /^consumer_last_(delivery|ack)_seconds$/],
  /** What stays after the trouble is over. */
  kept: [/^consumer_num_redelivered$/],
  /** What stays the same for days on a healthy server. */
  stable: [
    /^varz_(start|config_load_time|cores|gomaxprocs|connections|routes|remotes|leafnodes|subscriptions)$/,
    /^varz_jetstream_(meta_cluster_size|stats_accounts|stats_ha_assets|stats_reserved_(memory|storage))$/,
    /^(routez_num_routes|subsz_num_subscriptions)$/,
    /^connz_(num_connections|total|subscriptions)$/,
    /^leafz_conn_(nodes_total|subscriptions_total)$/,
    /^server_total_(streams|consumers)$/,
    /^stream_(consumer_count|subject_count)$/,
    /^accstatz_(current_connections|total_connections|leaf_nodes|subscriptions)$/,
    /^accountz_(client|leafnode)_connections$/,
  ],
  /** What is above 0 as long as the server runs, or for good. */
  neverZero: [/^varz_(start|config_load_time|cores|gomaxprocs)$/, /^varz_jetstream_meta_cluster_size$/],
  /** Limits that may say that there is none, by 0 or -1. */
  openLimit: [
    /^varz_jetstream_config_max_(memory|storage)$/,
    /^varz_max_subscriptions$/,
    /^(server|account)_max_(memory|storage)$/,
    /^stream_limit_(bytes|messages)$/,
    /^accountz_limit_/,
  ],
  /** Route connections, of which a peer has several. */
  routes: [/^varz_routes$/, /^routez_num_routes$/],
} as const;

export const is = (nature: keyof typeof natures, { name }: SeriesDefinition): boolean =>
  natures[nature].some((pattern) => pattern.test(name));

/** Summed up over one page of /connz. */
export const isPageSum = (series: SeriesDefinition): boolean =>
  series.collector === 'connz' && series.as === 'sum';

/** Grows until a restart. One connection's messages and bytes do, although their sum over connections does not. */
export const isTotal = (series: SeriesDefinition): boolean =>
  series.kind === 'total' || (series.collector === 'connzRow' && /_(in|out)_(msgs|bytes)$/.test(series.name));

/** Of one server as a whole, not of a stream, connection and so on. */
export const isOfServer = (series: SeriesDefinition): boolean => collectorOf(series).per === 'server';

/** ` (…)`, what is easily got wrong about the series; nothing for most. */
export function remark(series: SeriesDefinition): string {
  const note = noteOf(series);
  return note === undefined ? '' : ` (${note})`;
}

/** Another series in the spelling of one whose name is written. */
export const inSpellingOf = (written: string, series: SeriesDefinition, other: string): string =>
  written.endsWith(series.name) ? written.slice(0, -series.name.length) + other : other;
