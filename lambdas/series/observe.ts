import type { Decoded } from '../readings/decoders/decoded.ts';
import type { CollectorId } from './collectors.ts';
import { collectorOf, type SeriesDefinition } from './definition.ts';
import { flatten, type Flat } from './flatten.ts';
import { fieldAt, isObject, numberOf, textAt } from './json.ts';
import { labeller, type Labels, type TargetLabels } from './labels.ts';
import { possibleIn } from './possible.ts';
import type { MetadataKeys, SeriesReplies } from './replies.ts';
import { rowsOf } from './rows.ts';
import { listIn, one, ShapeError } from './shapes.ts';

export type Sample = { readonly labels: Labels; readonly value: number };

export type ObserveOptions = { readonly metadata?: MetadataKeys };

/** A family's rows of one target in one run, labels ready: shared by all series of the family. */
type Labelled = ReturnType<typeof labeller>;
type Rows = readonly { readonly json: unknown; readonly labels: Labels }[];

/**
 * Makes samples of what one target answered in one run. Rows and their labels are made once for all series that share
 * them, so ask one observer for all series of a target.
 * A series whose reply is not there has no samples; where it was asked for in vain (null), `up` is 0 and
 * `healthz_status_value` says `unreachable`. A
 * field that the server does not have, or that does not parse, gives no sample: where prometheus-nats-exporter would
 * say 0, nothing is said here. A reply of another shape is a problem that names the path.
 */
export function observer(
  replies: SeriesReplies,
  target: TargetLabels,
  { metadata = { stream: [], consumer: [] } }: ObserveOptions = {},
): (series: SeriesDefinition) => Decoded<readonly Sample[]> {
  const flat = new Map<CollectorId, ReadonlyMap<string, Flat>>();
  const rows = new Map<CollectorId, Rows>();
  const labelled = labeller(target);

  const samples = (series: SeriesDefinition): readonly Sample[] => {
    const { collector } = series;
    if (collector === 'up') return up(replies, labelled);
    if (collector === 'varz' || collector === 'routez' || collector === 'subsz') {
      const values = kept(flat, collector, () => flattened(collector, replies[collector]));
      return flatSamples(values.get(series.name), labelled);
    }
    const some = kept(rows, collector, () =>
      rowsOf[collector](replies, metadata).map(({ json, labels }) => ({
        json,
        labels: labelled(labels),
      })),
    );
    return series.as === 'ok' ? healthSamples(some, labelled) : rowSamples(series, some);
  };

  return (series) => {
    try {
      return { ok: true, value: samples(series) };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return { ok: false, problem: `${collectorOf(series).reply}: ${error.message}` };
    }
  };
}

function kept<K, V>(values: Map<K, V>, key: K, make: () => V): V {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  return made;
}

function up({ varz }: SeriesReplies, labelled: Labelled): readonly Sample[] {
  if (varz === undefined) return [];
  return [{ labels: labelled({}), value: isObject(varz) ? 1 : 0 }];
}

/** By the series' whole names. */
function flattened(collector: CollectorId, reply: unknown): ReadonlyMap<string, Flat> {
  return new Map(
    one(reply).flatMap(({ json }) =>
      [...flatten(json)].map(([name, value]) => [`${collector}_${name}`, value] as const),
    ),
  );
}

function flatSamples(value: Flat | undefined, labelled: Labelled): readonly Sample[] {
  if (value === undefined) return [];
  return typeof value === 'number'
    ? [{ labels: labelled({}), value }]
    : [{ labels: labelled({ value }), value: 1 }];
}

function healthSamples(rows: Rows, labelled: Labelled): readonly Sample[] {
  return rows.map(({ json }) => {
    const value = json === null ? 'unreachable' : textAt(json, 'status');
    return { labels: labelled({ value }), value: value === 'ok' ? 1 : 0 };
  });
}

function rowSamples(series: SeriesDefinition, rows: Rows): readonly Sample[] {
  const valueIn = valueOf(series);
  const samples: Sample[] = [];
  for (const { json, labels } of rows) {
    const value = valueIn(json);
    if (value !== undefined) samples.push({ labels, value });
  }
  return samples;
}

function valueOf(series: SeriesDefinition): (json: unknown) => number | undefined {
  const { as, path, unit, orZero } = series;
  if (typeof as === 'number') return () => as;
  if (as === 'notOk') {
    return (json) => (json === null ? undefined : textAt(json, 'status') === 'ok' ? 0 : 1);
  }
  if (as === 'sum') {
    const [list = '', ...keys] = path.replace('[]', '').split('.');
    const isPossible = possibleIn(series);
    return (json) => {
      const parts = listIn(json, list).map((row) => numberOf(fieldAt(row, keys), unit) ?? 0);
      // A sum of it would look as if it were real.
      return parts.find((part) => !isPossible(part)) ?? parts.reduce((sum, part) => sum + part, 0);
    };
  }
  const keys = path.split('.');
  if (as === 'age') {
    return (json) => {
      const since = numberOf(fieldAt(json, keys), 'epoch milliseconds');
      const now = numberOf(fieldAt(json, ['ts']), 'epoch milliseconds');
      return since === undefined || now === undefined ? undefined : (now - since) / 1_000;
    };
  }
  return (json) => numberOf(fieldAt(json, keys), unit) ?? (orZero ? 0 : undefined);
}
