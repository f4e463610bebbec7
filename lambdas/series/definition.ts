import { collectors, type Collector, type CollectorId } from './collectors.ts';

export type SeriesUnit =
  | 'bytes'
  | 'messages'
  | 'seconds'
  | 'milliseconds'
  | 'microseconds'
  | 'nanoseconds'
  | 'epoch seconds'
  | 'epoch milliseconds'
  | 'percent of one core'
  | '0/1';

/**
 * What the value is, whatever type the exporter declares: a live value, a running total, a configuration constant, or 1
 * beside a text in a label.
 */
export type SeriesKind = 'live' | 'total' | 'config' | 'info';

/**
 * How the value is made, where it is not the field itself: a sum over rows, seconds from the field to the row's `ts`, 1
 * or 0 by `status`, a constant.
 */
export type Made = 'sum' | 'age' | 'ok' | 'notOk' | 0 | 1;

/** What costs a server a connection or a subscription, processors, and bytes in memory or on disk. */
export type Held = 'count' | 'processors' | 'bytes';

/** One series as the data files have it. A name that is not given is made of the path, by the exporter's rule. */
export type Entry = {
  readonly kind?: SeriesKind;
  /** Where it is not a plain count. */
  readonly unit?: SeriesUnit;
  /** Absent unless the feature is on. */
  readonly optional?: boolean;
  readonly as?: Made;
  /** nats-server leaves the field out when it is zero, false or not known yet. */
  readonly orZero?: boolean;
  /** What a server holds now, of which it can have but so much: no running total stays below that. */
  readonly holds?: Held;
} & (
  { readonly name: string; readonly path?: string } | { readonly name?: undefined; readonly path: string }
);

/** A series: what it is called, where its value stands, and what kind of value it is. */
export type SeriesDefinition = {
  /** Without namespace: `varz_connections`. */
  readonly name: string;
  readonly collector: CollectorId;
  /** JSON path of the value, below the collector's rows. */
  readonly path: string;
  readonly kind: SeriesKind;
  readonly unit: SeriesUnit | null;
  readonly optional: boolean;
  readonly as: Made | null;
  readonly orZero: boolean;
  readonly holds: Held | null;
};

export const collectorOf = ({ collector }: SeriesDefinition): Collector => collectors[collector];

/** The path of the value in the whole reply: `account_details[].storage`. */
export function wholePath(series: SeriesDefinition): string {
  const { rows } = collectorOf(series);
  return [rows, series.path].filter(Boolean).join('.');
}

/** Labels of the series beside those of its target; a trailing `*` stands for keys of metadata. */
export function labelsOf(series: SeriesDefinition): readonly string[] {
  const { labels } = collectorOf(series);
  const hasValue = series.kind === 'info' || series.as === 'ok';
  return ['server_id', ...labels.filter((label) => label !== 'value' || hasValue)];
}

/** Whether a rule may name this label of the series. */
export function hasLabel(series: SeriesDefinition, name: string): boolean {
  return labelsOf(series).some((label) =>
    label.endsWith('*') ? name.startsWith(label.slice(0, -1)) : label === name,
  );
}
