import type { ReplyName } from './collectors.ts';

/**
 * What one target answered in one run, by reply, as parsed JSON. Null: it was asked and gave none that could be used.
 * Absent: it was not asked. `accountz` has the reply for each account.
 */
export type SeriesReplies = { readonly [R in Exclude<ReplyName, 'accountz'>]?: unknown } & {
  readonly accountz?: readonly unknown[] | null;
};

/** Keys of streams' and consumers' metadata that become labels, as the exporter's -jsz_stream_meta_keys has them. */
export type MetadataKeys = { readonly stream: readonly string[]; readonly consumer: readonly string[] };

/** One thing that has series: its JSON, and what tells it from others. */
export type Row = { readonly json: unknown; readonly labels: Readonly<Record<string, string>> };
