import { seriesByName } from '../../../../lambdas/series/exporter-series.ts';
import { exporterName } from '../../../../lambdas/series/find.ts';

/** A program that has series of NATS servers under names of its own. */
type Exporter = {
  readonly name: string;
  readonly prefix: RegExp;
  /** By what stands behind the prefix, the exporter's series of the same meaning, without namespace. */
  readonly same: Readonly<Record<string, string>>;
};

/** nats-surveyor's `nats_core_…` at 56f064b (2026-04), where /varz, /accstatz and /jsz have the same value. */
const surveyor: Exporter['same'] = {
  mem_bytes: 'varz_mem',
  core_count: 'varz_cores',
  cpu_percentage: 'varz_cpu',
  connection_count: 'varz_connections',
  total_connection_count: 'varz_total_connections',
  subs_count: 'varz_subscriptions',
  sent_msgs_count: 'varz_out_msgs',
  sent_bytes: 'varz_out_bytes',
  recv_msgs_count: 'varz_in_msgs',
  recv_bytes: 'varz_in_bytes',
  slow_consumer_count: 'varz_slow_consumers',
  route_count: 'varz_routes',
  jetstream_filestore_size_bytes: 'varz_jetstream_config_max_storage',
  jetstream_memstore_size_bytes: 'varz_jetstream_config_max_memory',
  jetstream_filestore_used_bytes: 'varz_jetstream_stats_storage',
  jetstream_memstore_used_bytes: 'varz_jetstream_stats_memory',
  jetstream_filestore_reserved_bytes: 'varz_jetstream_stats_reserved_storage',
  jetstream_memstore_reserved_bytes: 'varz_jetstream_stats_reserved_memory',
  jetstream_accounts: 'varz_jetstream_stats_accounts',
  jetstream_ha_assets: 'varz_jetstream_stats_ha_assets',
  jetstream_api_requests: 'varz_jetstream_stats_api_total',
  jetstream_api_errors: 'varz_jetstream_stats_api_errors',
  jetstream_server_jetstream_disabled: 'server_jetstream_disabled',
  jetstream_server_total_streams: 'server_total_streams',
  jetstream_server_total_consumers: 'server_total_consumers',
  jetstream_server_total_messages: 'server_total_messages',
  jetstream_server_total_message_bytes: 'server_total_message_bytes',
  jetstream_server_max_memory: 'server_max_memory',
  jetstream_server_max_storage: 'server_max_storage',
  account_conn_count: 'accstatz_current_connections',
  account_leaf_count: 'accstatz_leaf_nodes',
  account_sub_count: 'accstatz_subscriptions',
  account_slow_consumer_count: 'accstatz_slow_consumers',
  account_bytes_sent: 'accstatz_sent_bytes',
  account_bytes_recv: 'accstatz_received_bytes',
  account_msgs_sent: 'accstatz_sent_messages',
  account_msgs_recv: 'accstatz_received_messages',
  account_jetstream_memory_used: 'account_memory_used',
  account_jetstream_storage_used: 'account_storage_used',
  account_jetstream_memory_reserved: 'account_max_memory',
  account_jetstream_storage_reserved: 'account_max_storage',
};

/** Fields of Telegraf's input `nats`, which are those of /varz. */
const telegrafFields = [
  ...['in_msgs', 'out_msgs', 'in_bytes', 'out_bytes', 'cores', 'cpu', 'mem', 'connections'],
  ...['total_connections', 'subscriptions', 'slow_consumers', 'routes', 'remotes'],
];
const telegraf = Object.fromEntries(telegrafFields.map((field) => [field, `varz_${field}`]));

const exporters: readonly Exporter[] = [
  { name: 'nats-surveyor', prefix: /^nats_core_/, same: surveyor },
  {
    name: 'nats-surveyor',
    prefix:
      /^nats_(?:survey|latency|jetstream_(?=advisory_|api_audit|delivery_|acknowledgement_|unknown_adv|total_adv|snapshot_|restore_|consumer_(?:actions|leader_elected|quorum_lost|nak)|stream_(?:actions|leader_elected|quorum_lost)))_?/,
    same: {},
  },
  {
    name: 'Telegraf',
    prefix: new RegExp(`^nats_(?=(?:${telegrafFields.join('|')}|uptime)$)`),
    same: telegraf,
  },
  { name: 'an exporter of NATS Streaming, which ended in 2023,', prefix: /^(?:gnatsd_)?nss_/, same: {} },
];

/** Which program has a name that prometheus-nats-exporter has not, and what to write here; null for a name of none. */
export function ofOtherExporter(name: string): string | null {
  const exporter = exporters.find(({ prefix }) => prefix.test(name));
  if (exporter === undefined) return null;
  const [series] = seriesByName.get(exporter.same[name.replace(exporter.prefix, '')] ?? '') ?? [];
  const here =
    series === undefined
      ? 'nothing here has the same value'
      : `here write ${exporterName(series)}, whose label server_id says which server it is of`;
  return `${name} is a series of ${exporter.name}; ${here}`;
}
