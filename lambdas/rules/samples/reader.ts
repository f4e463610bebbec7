import { frameOf, matches, metricName, named } from '../../promql/index.ts';
import type { Edition, Frame, Matcher, Matrix, Read, Selector } from '../../promql/index.ts';
import { frameOfSets, joined, labelsIn } from './frames.ts';
import { mayRead } from './kept.ts';
import { lazily } from './lazily.ts';
import type { LabelSets } from './sets.ts';
import type { Track } from './stored.ts';

export type SampleReader = {
  readonly read: Read;
  /** To be told when tracks were added to. */
  readonly changed: () => void;
};

/**
 * Reads series as they are when asked. What several rules ask for is made once: hundreds of them read the same
 * thousands of series.
 */
export function sampleReader(
  tracks: ReadonlyMap<string, { readonly values: () => Iterable<Track> }>,
  edition: Edition,
): SampleReader {
  const results = new Map<string, Matrix>();
  const frames = new Map<LabelSets, Frame>();
  const chosen = lazily<LabelSets, Map<string, Chosen>>(() => new Map());
  const keyOf = lazily(({ matchers }: Selector) => JSON.stringify(matchers.map(textOf)));

  const frameAt = (sets: LabelSets): Frame => {
    const known = frames.get(sets);
    if (known?.size === sets.count) return known;
    const made = frameOfSets(sets);
    frames.set(sets, made);
    return made;
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

  const readNow = (selector: Selector): Matrix => {
    const own = [...tracks]
      .filter(([name]) => mayRead(selector, name, edition))
      .flatMap(([name, some]) => {
        const all = [...some.values()];
        const nameless = joined(all.map(({ sets }) => frameAt(sets)));
        return all.length === 0 ? [] : [{ all, frame: named(nameless, name) }];
      });
    const [first, second] = own;
    let from = 0;
    const blocks = own
      .flatMap(({ all }) => all)
      .map(({ sets, rows }) => {
        const block = { from, places: indexesOf(sets, selector), rows };
        from += sets.count;
        return block;
      });
    const frame =
      first !== undefined && second === undefined
        ? first.frame
        : frameOf(own.flatMap((each) => labelsIn(each.frame)));
    return { frame, blocks };
  };

  return {
    read: (selector) => {
      const key = keyOf(selector);
      const known = results.get(key) ?? readNow(selector);
      results.set(key, known);
      return known;
    },
    changed: () => results.clear(),
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
