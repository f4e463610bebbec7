import { matches, metricName } from '../promql/index.ts';
import type { Columns, Edition, Matcher, Read, Selector } from '../promql/index.ts';
import { mayRead } from './samples-kept.ts';
import { lazily } from './samples-lazily.ts';
import { labelsOf } from './samples-labels.ts';
import type { LabelSets } from './samples-sets.ts';
import type { Track } from './samples-stored.ts';

export type SampleReader = {
  readonly read: Read;
  /** To be told when tracks were added to. */
  readonly changed: (tracks: Iterable<Track>) => void;
};

/**
 * Reads series as they are when asked. What several rules ask for is made once: hundreds of them read the same
 * thousands of series.
 */
export function sampleReader(
  tracks: ReadonlyMap<string, { readonly values: () => Iterable<Track> }>,
  edition: Edition,
): SampleReader {
  const results = new Map<string, readonly Columns[]>();
  const samples = new Map<Track, Columns[]>();
  const labelsIn = lazily(labelsOf);
  const chosen = lazily<LabelSets, Map<string, Chosen>>(() => new Map());
  const keyOf = lazily(({ matchers }: Selector) => matchers.map(textOf).join('\0'));

  const indexesOf = (sets: LabelSets, selector: Selector): readonly number[] => {
    const others = selector.matchers.filter(({ label }) => label !== metricName);
    const key = others.map(textOf).join('\0');
    const known = chosen(sets).get(key);
    if (known?.count === sets.count) return known.indexes;
    const indexes = choose(sets, others, edition);
    chosen(sets).set(key, { count: sets.count, indexes });
    return indexes;
  };

  const seriesOf = (track: Track, indexes: readonly number[]): readonly Columns[] => {
    const known = samples.get(track) ?? [];
    samples.set(track, known);
    const labels = labelsIn(track.sets)(track.name);
    const times = track.rows.map(({ at }) => at);
    const made: Columns[] = [];
    for (const index of indexes) {
      const series = (known[index] ??= { labels: labels[index] ?? {}, ...columnsOf(track, times, index) });
      if (series.values.length > 0) made.push(series);
    }
    return made;
  };

  const readNow = (selector: Selector): readonly Columns[] =>
    [...tracks]
      .filter(([name]) => mayRead(selector, name, edition))
      .flatMap(([, some]) => [...some.values()])
      .flatMap((track) => seriesOf(track, indexesOf(track.sets, selector)));

  return {
    read: (selector) => {
      const key = keyOf(selector);
      const known = results.get(key) ?? readNow(selector);
      results.set(key, known);
      return known;
    },
    changed: (some) => {
      results.clear();
      for (const track of some) samples.delete(track);
    },
  };
}

const textOf = ({ label, operator, value }: Matcher): string => `${label}${operator}${value}`;

/** The indexes that matchers take from as many label sets. */
type Chosen = { readonly count: number; readonly indexes: readonly number[] };

/** Each matcher is asked once for each value that its label has. */
function choose(sets: LabelSets, matchers: readonly Matcher[], edition: Edition): readonly number[] {
  let indexes = Array.from({ length: sets.count }, (_each, index) => index);
  for (const matcher of matchers) {
    const column = sets.columns[sets.names.indexOf(matcher.label)];
    if (column === undefined) {
      if (!matches(matcher, '', edition)) return [];
      continue;
    }
    const taken = column.values.map((value) => matches(matcher, value, edition));
    indexes = indexes.filter((index) => taken[column.of[index] ?? -1]);
  }
  return indexes;
}

function columnsOf(
  { rows }: Track,
  times: readonly number[],
  index: number,
): Pick<Columns, 'times' | 'values'> {
  const values: (number | null)[] = [];
  for (const { cells } of rows) {
    const cell = cells[index];
    if (cell !== undefined) values.push(cell);
  }
  if (values.length === rows.length) return { times, values };
  return { times: times.filter((_time, row) => rows[row]?.cells[index] !== undefined), values };
}
