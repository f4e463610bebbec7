import { mostKeys, type Remember } from './kinds.ts';

/** Small facts kept with the latest entries of a key. */
export type Note = Readonly<Record<string, string | number>>;
export type WindowEntry<N extends Note> = {
  readonly key: string;
  readonly at: number;
  readonly count?: number;
  readonly note?: N;
};

/** Bucket number -> count, kept as pairs. */
type Buckets = readonly (readonly [number, number])[];
type KeyState = { readonly buckets: Buckets; readonly samples: readonly (readonly [number, Note])[] };
export type WindowState = {
  readonly since: number;
  /** Length of a bucket, ms. */
  readonly bucketMs: number;
  readonly keys: Readonly<Record<string, KeyState>>;
  readonly others: Buckets;
};

export type WindowedKey<N extends Note> = {
  readonly total: number;
  /** The latest entries' notes, oldest first. */
  readonly samples: readonly { readonly at: number; readonly note: N }[];
};
export type Windowed<N extends Note> = {
  readonly total: number;
  readonly keys: ReadonlyMap<string, WindowedKey<N>>;
  /** Count of the entries whose keys were too many to keep apart. */
  readonly others: number;
  /** When the window was first watched, epoch ms: an earlier entry cannot be in it. */
  readonly since: number;
};

const bucketsPerWindow = 120;
const samplesOf = 16;

function add(buckets: Map<number, number>, bucket: number, count: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
}
const sum = (buckets: Buckets): number => buckets.reduce((total, [, count]) => total + count, 0);

type Ranked = Omit<WindowState, 'keys'> & { readonly keys: readonly (readonly [string, KeyState])[] };

/** The first `most` of ranked keys; the others' counts without their keys. */
function keepLargest({ keys, others, ...rest }: Ranked, most: number): WindowState {
  const sums = new Map(others);
  for (const [, { buckets }] of keys.slice(most)) {
    for (const [bucket, count] of buckets) add(sums, bucket, count);
  }
  return { ...rest, keys: Object.fromEntries(keys.slice(0, most)), others: [...sums] };
}

/** The same window with fewer keys kept apart, for a memory that has grown too large. */
export function thinWindow(state: WindowState, most: number): WindowState {
  const ranked = Object.entries(state.keys).sort(([, a], [, b]) => sum(b.buckets) - sum(a.buckets));
  return keepLargest({ ...state, keys: ranked }, most);
}

/**
 * Sums entries by key over the last `over` milliseconds, to 1/120 of it. Keeps 256 keys apart, the largest, and
 * the count of all others.
 */
export const recordWindow =
  (over: number): Remember<WindowState, [entries: Iterable<WindowEntry<Note>>], Windowed<Note>> =>
  (state, { at }, entries) => {
    const size = Math.max(1_000, over / bucketsPerWindow);
    const oldest = at - over;
    const isInside = (bucket: number) => (bucket + 1) * size > oldest;
    // Settings may have changed the window's length: the earlier buckets are of another size then.
    const bucketMs = state?.bucketMs ?? size;
    const watched = bucketMs === size ? 0 : at - bucketMs * bucketsPerWindow;
    const load = (buckets: Buckets) => {
      const loaded = new Map<number, number>();
      for (const [bucket, count] of buckets) {
        const scaled = bucketMs === size ? bucket : Math.floor((bucket * bucketMs) / size);
        if (isInside(scaled)) add(loaded, scaled, count);
      }
      return loaded;
    };

    const others = load(state?.others ?? []);
    const keys = new Map(
      Object.entries(state?.keys ?? {}).map(([key, kept]) => [
        key,
        {
          buckets: load(kept.buckets),
          samples: kept.samples.filter(([sampledAt]) => isInside(Math.floor(sampledAt / size))),
        },
      ]),
    );
    for (const { key, at: entryAt, count = 1, note } of entries) {
      const bucket = Math.floor(entryAt / size);
      if (!isInside(bucket) || count === 0) continue;
      const kept = keys.get(key) ?? { buckets: new Map<number, number>(), samples: [] };
      add(kept.buckets, bucket, count);
      if (note) kept.samples.push([entryAt, note]);
      keys.set(key, kept);
    }
    const ranked = [...keys]
      .map(([key, { buckets, samples }]) => {
        const latest = samples.sort(([a], [b]) => a - b).slice(-samplesOf);
        const keyState: KeyState = { buckets: [...buckets], samples: latest };
        return [key, keyState, sum(keyState.buckets)] as const;
      })
      .filter(([, , total]) => total > 0)
      .sort(([, , a], [, , b]) => b - a);
    const ranking = ranked.map(([key, keyState]) => [key, keyState] as const);
    const since = Math.max(state?.since ?? at, watched);
    const next = keepLargest({ since, bucketMs: size, keys: ranking, others: [...others] }, mostKeys);
    const kept = ranked.slice(0, mostKeys);
    const keyed = kept.map(([key, { samples }, total]) => {
      return [
        key,
        { total, samples: samples.map(([sampledAt, note]) => ({ at: sampledAt, note })) },
      ] as const;
    });
    const otherTotal = sum(next.others);
    const total = keyed.reduce((all, [, { total }]) => all + total, otherTotal);
    return { next, result: { total, keys: new Map(keyed), others: otherTotal, since: next.since } };
  };
