import type { Unit } from '../../lambdas/limits.ts';

/** A graph of the dashboard: what it draws, by the names of series. */
export type GraphDefinition = {
  readonly title: string;
  /** All that are published, with a label where there are several. */
  readonly series: readonly (string | readonly [name: string, label: string])[];
  /** What it draws where none of those is. */
  readonly else?: string;
  readonly unit: Unit;
  readonly isStacked?: true;
};

/** The graphs in the order in which somebody on call looks. A headline series that is in none has one of its own behind them. */
export const graphs: readonly GraphDefinition[] = [
  { title: 'Servers that are up', series: ['nats_servers_up'], unit: 'count' },
  { title: 'Connections', series: ['gnatsd_connz_num_connections'], unit: 'count' },
  {
    title: 'Connections closed, by reason',
    series: ['nats_connections_closed'],
    unit: 'count',
    isStacked: true,
  },
  { title: 'Messages a second', series: ['nats_traffic_messages_per_second'], unit: 'perSecond' },
  { title: 'Bytes a second', series: ['nats_traffic_bytes_per_second'], unit: 'bytesPerSecond' },
  { title: 'Leafnodes', series: ['gnatsd_varz_leafnodes'], unit: 'count' },
  { title: 'Memory', series: ['gnatsd_varz_mem'], else: 'nats_memory_most_bytes', unit: 'bytes' },
  // Not the value of the rule on it, which of a server that is down is as high as the alarm allows.
  { title: 'CPU of the busiest server', series: ['nats_cpu_most_percent'], unit: 'percent' },
  {
    title: 'JetStream: storage used',
    series: ['nats_jetstream_storage_used_ratio'],
    unit: 'ratio',
  },
  { title: 'JetStream: API requests a second', series: ['nats_jetstream_api_per_second'], unit: 'perSecond' },
  { title: 'JetStream: API requests that wait', series: ['nats_jetstream_meta_pending'], unit: 'count' },
  {
    title: 'JetStream: what stands still',
    series: [
      ['nats_jetstream_consumers_stalled', 'consumers that do not move'],
      ['nats_jetstream_streams_stalled', 'streams that do not move'],
      ['nats_jetstream_streams_without_leader', 'streams without a leader'],
    ],
    unit: 'count',
  },
  {
    title: 'JetStream: messages that wait for consumers',
    series: ['nats_jetstream_consumers_pending'],
    unit: 'count',
  },
];

/** Headline series that others show as well: of servers that are down the alarms tell, and how many are up. */
export const notDrawn: readonly string[] = ['up'];
