import type { Cell, Edition, Labels, Read } from '../../promql/index.ts';
import type { Kept } from './kept.ts';
import { lazily } from './lazily.ts';
import { placer } from './places.ts';
import { sampleReader } from './reader.ts';
import { valueAt, type LabelSets } from './sets.ts';
import { decode, encode, type Row, type SampleMemory, type Track } from './stored.ts';
import { trimmed } from './trim.ts';

export { dropLargest } from './drop.ts';
export { estimate, mostSampleBytes, type Expected } from './estimate.ts';
export { keptOf, type Kept } from './kept.ts';
export { emptySamples, readSamples, type SampleMemory } from './stored.ts';

/** A sample of a run: the time is the run's. A `__name__` among the labels does not count. */
export type FreshSample = { readonly labels: Labels; readonly value: number };

export type SampleInput = {
  /** The run's time, in epoch milliseconds. What memory has of this time and later ones is forgotten. */
  readonly at: number;
  /** What this run read, by the names that rules use. What it did not read has ended. */
  readonly fresh: ReadonlyMap<string, readonly FreshSample[]>;
  /** Of these the run says nothing, by name: they have not ended. For made-up series with gaps. */
  readonly silent?: ReadonlyMap<string, readonly Labels[]> | undefined;
  /** What rules look back to, by name (`keptOf`). Other names are forgotten, and cannot be read. */
  readonly kept: ReadonlyMap<string, Kept>;
  /** The names that recording rules give, once for each rule. */
  readonly recorded: readonly string[];
  readonly edition: Edition;
  /** Targets at which another server answers than the one that memory is of: what it has of these is forgotten. */
  readonly replaced?: ReadonlySet<string> | undefined;
};

export type SampleRun = {
  /** Series with the samples that memory had, and this run's so far. */
  readonly read: Read;
  /** By name, labels that several of the run's samples had: which of them came first says nothing. */
  readonly repeated: ReadonlyMap<string, Labels>;
  /**
   * Adds what a recording rule gave, for the rules after it. A series of the name that none of them gave has ended once
   * each rule of that name has had its turn; a rule that failed has none, so nothing ends. Other names than those of
   * `recorded` and `kept` are not added.
   */
  readonly record: (name: string, samples: readonly FreshSample[]) => void;
  /** What the next run needs; for after the last `record`. */
  readonly memory: () => SampleMemory;
};

/** One run's samples on top of what earlier ones left. @throws Error if the memory has a text that cannot be read */
export function advance(
  memory: SampleMemory,
  { at, fresh, silent, kept, recorded, edition, replaced }: SampleInput,
): SampleRun {
  const tracks = tracksBefore(memory, { at, kept, replaced });
  const place = placer(new Set([...tracks.values()].flatMap((some) => [...some.keys()])));
  const { read, changed } = sampleReader(tracks, edition);
  const repeated = new Map<string, Labels>();
  const turnsLeft = new Map<string, number>();
  for (const name of recorded) turnsLeft.set(name, (turnsLeft.get(name) ?? 0) + 1);

  const placesOf = (labels: readonly Labels[]): ReadonlyMap<LabelSets, ReadonlySet<number>> => {
    const places = Map.groupBy(labels.map(place), ({ sets }) => sets);
    return new Map([...places].map(([sets, some]) => [sets, new Set(some.map(({ index }) => index))]));
  };
  const add = (name: string, samples: readonly FreshSample[]): void => {
    const some = tracks.get(name);
    if (some === undefined) return;
    for (const { labels, value } of samples) {
      const { sets, index } = place(labels);
      const track = some.get(sets) ?? { name, sets, rows: [] };
      some.set(sets, track);
      const cells = cellsAt(track, at);
      while (cells.length < index) cells.push(undefined);
      // Of two samples of one series the first counts, as in a scrape of Prometheus (seen on 2.42 and 3.5).
      if (typeof cells[index] !== 'number') cells[index] = value;
      else if (fresh.get(name) === samples && !repeated.has(name)) repeated.set(name, labels);
    }
    if ((turnsLeft.get(name) ?? 0) === 0) {
      const goesOn = placesOf(silent?.get(name) ?? []);
      for (const track of some.values()) endOthers(track, at, goesOn.get(track.sets));
    }
    changed();
  };

  for (const name of kept.keys()) add(name, fresh.get(name) ?? []);
  return {
    read,
    repeated,
    record: (name, samples) => {
      turnsLeft.set(name, Math.max(0, (turnsLeft.get(name) ?? 0) - 1));
      add(name, samples);
    },
    memory: () =>
      encode(
        [...tracks].flatMap(([name, some]) =>
          [...some.values()].map((track) => trimmed(track, at, kept.get(name) ?? nothing)),
        ),
      ),
  };
}

type OwnTrack = Track & { readonly rows: Row[] };
type Tracks = ReadonlyMap<string, Map<LabelSets, OwnTrack>>;

const nothing: Kept = { allMs: 0, untilMs: 0 };

/** What memory has from before the run, for this run to add to: of each name that is kept, by label sets. */
function tracksBefore(
  memory: SampleMemory,
  { at, kept, replaced = new Set() }: Pick<SampleInput, 'at' | 'kept' | 'replaced'>,
): Tracks {
  const tracks = new Map([...kept.keys()].map((name) => [name, new Map<LabelSets, OwnTrack>()]));
  const goesOn = lazily((sets: LabelSets) => stillTrue(sets, replaced));
  for (const { name, sets, rows } of decode(memory)) {
    const before = rows.filter((row) => row.at < at);
    const own = replaced.size === 0 ? before : before.map((row) => onlyThose(row, goesOn(sets)));
    tracks.get(name)?.set(sets, { name, sets, rows: own });
  }
  return tracks;
}

/** Which sets tell nothing of these targets' servers; those of no target may have been made of theirs. */
function stillTrue(sets: LabelSets, replaced: ReadonlySet<string>): readonly boolean[] {
  const column = sets.columns[sets.names.indexOf('server_id')];
  return Array.from({ length: sets.count }, (_each, index) => {
    const target = valueAt(column, index);
    return target !== '' && !replaced.has(target);
  });
}

const onlyThose = ({ at, cells }: Row, isKept: readonly boolean[]): Row => ({
  at,
  cells: cells.map((cell, index) => (isKept[index] ? cell : undefined)),
});

function cellsAt({ rows }: OwnTrack, at: number): Cell[] {
  const last = rows.at(-1);
  if (last?.at === at) return last.cells;
  const row = { at, cells: [] };
  rows.push(row);
  return row.cells;
}

function endOthers(track: OwnTrack, at: number, goesOn: ReadonlySet<number> = new Set()): void {
  const cells = cellsAt(track, at);
  for (let index = 0; index < track.sets.count; index += 1) {
    if (index === cells.length) cells.push(undefined);
    if (cells[index] === undefined && !goesOn.has(index) && isAlive(track, index)) cells[index] = null;
  }
}

/** Whether the last that is known of a series is a value. */
function isAlive({ rows }: Track, index: number): boolean {
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    const cell = rows[row]?.cells[index];
    if (cell !== undefined) return cell !== null;
  }
  return false;
}
