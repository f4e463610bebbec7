import { matches, metricName } from '../../promql/index.ts';
import type { Edition, Matcher, Read, Sample, Selector, Series } from '../../promql/index.ts';
import { mayRead } from './kept.ts';
import { lazily } from './lazily.ts';
import { labelsOf } from './labels.ts';
import type { LabelSets } from './sets.ts';
import type { Track } from './stored.ts';

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
  const results = new Map<string, readonly Series[]>();
  const samples = new Map<Track, (Series | null)[]>();
  const labels = lazily(labelsOf);
  const chosen = lazily<LabelSets, Map<string, Chosen>>(() => new Map());
  const keyOf = lazily(({ matchers }: Selector) => JSON.stringify(matchers.map(textOf)));

  const seriesOf = (track: Track, index: number): Series | null => {
    const known = samples.get(track) ?? [];
    samples.set(track, known);
    const made = known[index];
    if (made !== undefined) return made;
    const found = samplesOf(track, index);
    const series =
      found.length === 0 ? null : { labels: labels(track.sets)(track.name, index), samples: found };
    known[index] = series;
    return series;
  };

  const indexesOf = (sets: LabelSets, selector: Selector): readonly number[] => {
    const others = selector.matchers.filter(({ label }) => label !== metricName);
    const key = JSON.stringify(others.map(textOf));
    const known = chosen(sets).get(key);
    if (known?.count === sets.count) return known.indexes;
    const indexes = choose(sets, others, edition);
    chosen(sets).set(key, { count: sets.count, indexes });
    return indexes;
  };

  const readNow = (selector: Selector): readonly Series[] => {
    const series: Series[] = [];
    for (const [name, some] of tracks) {
      if (!mayRead(selector, name, edition)) continue;
      for (const track of some.values()) {
        for (const index of indexesOf(track.sets, selector)) {
          const one = seriesOf(track, index);
          if (one !== null) series.push(one);
        }
      }
    }
    return series;
  };

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

const textOf = ({ label, operator, value }: Matcher): readonly string[] => [label, operator, value];

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

function samplesOf({ rows }: Track, index: number): readonly Sample[] {
  const samples: Sample[] = [];
  for (const { at, cells } of rows) {
    const cell = cells[index];
    if (cell !== undefined) samples.push([at, cell]);
  }
  return samples;
}
