import { metricName, type Labels } from '../promql/index.ts';
import { lazily } from './samples-lazily.ts';
import { valueAt, type LabelSets } from './samples-sets.ts';

/** Where a label set stands. */
export type Place = { readonly sets: LabelSets; readonly index: number };

type Column = LabelSets['columns'][number];

/**
 * Finds the place of labels among these sets, to which it adds those that are new. `__name__` and empty labels do not
 * count.
 */
export function placer(known: Iterable<LabelSets>): (labels: Labels) => Place {
  const setsByNames = new Map([...known].map((sets) => [sets.names.join('\0'), sets]));
  const indexesOf = lazily((sets: LabelSets) => keysOf(sets));
  const valuesOf = lazily(({ values }: Column) => new Map(values.map((value, index) => [value, index])));
  // All series of a family share the objects of their labels.
  const places = new Map<Labels, Place>();
  let last: Place | null = null;

  const setsOf = (names: readonly string[]): LabelSets => {
    const key = names.join('\0');
    const found = setsByNames.get(key) ?? {
      names,
      columns: names.map(() => ({ values: [], of: [] })),
      count: 0,
    };
    setsByNames.set(key, found);
    return found;
  };

  const add = (sets: LabelSets, labels: Labels): number => {
    sets.columns.forEach((column, at) => {
      const value = labels[sets.names[at] ?? ''] ?? '';
      const values = valuesOf(column);
      const index = values.get(value) ?? column.values.push(value) - 1;
      values.set(value, index);
      column.of.push(index);
    });
    sets.count += 1;
    return sets.count - 1;
  };

  const search = (labels: Labels): Place => {
    const names = Object.keys(labels).filter((name) => name !== metricName && labels[name] !== '');
    const sets = setsOf(names.sort());
    const indexes = indexesOf(sets);
    const key = names.map((name) => labels[name] ?? '').join('\0');
    const index = indexes.get(key) ?? add(sets, labels);
    indexes.set(key, index);
    return { sets, index };
  };

  return (labels) => {
    const found = places.get(labels);
    if (found !== undefined) return found;
    // They mostly come in the order of the run before.
    const next: Place | null = last && { sets: last.sets, index: last.index + 1 };
    const place = next !== null && isAt(next, labels) ? next : search(labels);
    places.set(labels, place);
    last = place;
    return place;
  };
}

function keysOf(sets: LabelSets): Map<string, number> {
  const keys = new Map<string, number>();
  for (let index = 0; index < sets.count; index += 1)
    keys.set(sets.columns.map((column) => valueAt(column, index)).join('\0'), index);
  return keys;
}

const isAt = ({ sets, index }: Place, labels: Labels): boolean =>
  index < sets.count &&
  Object.keys(labels).length === sets.names.length &&
  sets.names.every((name, at) => labels[name] === valueAt(sets.columns[at], index));
