import * as z from 'zod';

const words = z.enum(['shown', 'all'], { error: 'expected shown or all, or a list of series' });
const list = z
  .array(z.string({ error: 'expected the name of a series' }).min(1))
  .superRefine((names, context) => {
    names.forEach((name, i) => {
      if (names.indexOf(name) === i) return;
      context.addIssue({ code: 'custom', path: [i], message: `${name} stands twice` });
    });
  });

export type Publish = z.output<typeof words> | z.output<typeof list>;

/**
 * Which of the checks' series are published, beside those that alarms compare: `shown`, what a dashboard shows; `all`; or
 * those of a list. What rules and alarms on findings compare is published whatever this says.
 */
export const publishSetting = z
  .unknown()
  .transform((raw, context): Publish => {
    const read = Array.isArray(raw) ? list.safeParse(raw) : words.safeParse(raw);
    if (read.success) return read.data;
    // What is wrong is said of what was meant.
    for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  })
  .default('shown');

/**
 * What a dashboard shows of checks' series. Each is $0.30 a month and cluster, one with words as often: of servers' series one
 * is published for the cluster, to which all servers' values go.
 */
export const shownSeries: readonly string[] = [
  'nats_servers_up',
  'gnatsd_connz_num_connections',
  'nats_connections_closed',
  'nats_traffic_messages_per_second',
  'nats_traffic_bytes_per_second',
  'gnatsd_varz_leafnodes',
  'nats_memory_most_bytes',
  'nats_cpu_most_percent',
  'nats_jetstream_storage_used_ratio',
  'nats_jetstream_api_per_second',
  'nats_jetstream_meta_pending',
  'nats_jetstream_consumers_stalled',
  'nats_jetstream_streams_stalled',
  'nats_jetstream_streams_without_leader',
  'nats_jetstream_consumers_pending',
];
