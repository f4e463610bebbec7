import { metricName, type Labels } from '../../promql/index.ts';
import { lazily } from './lazily.ts';
import { isAt, type LabelSets, type Place } from './sets.ts';

export type { Place } from './sets.ts';

type Column = LabelSets['columns'][number];

/**
 * Finds the place of labels among these sets, to which it adds those that are new. `__name__` and empty labels do not
 * count.
 */
export function placer(known: Iterable<LabelSets>): (labels: Labels) => Place {
  const all = [...known];
  const valuesOf = lazily(({ values }: Column) => new Map(values.map((value, index) => [value, index])));
  const finderOf = lazily((sets: LabelSets) => finder(sets, valuesOf));
  // All series of a family share the objects of their labels.
  const places = new Map<Labels, Place>();
  let last: Place | null = null;

  const setsOf = (labels: Labels): LabelSets => {
    const alike = all.find((sets) => isOf(sets, labels));
    if (alike !== undefined) return alike;
    const names = Object.keys(labels).filter((name) => name !== metricName && labels[name] !== '');
    const key = names.sort().join('\0');
    const found = all.find((sets) => sets.names.join('\0') === key);
    if (found !== undefined) return found;
    const sets = { names, columns: names.map(() => ({ values: [], of: [] })), count: 0 };
    all.push(sets);
    return sets;
  };

  const add = (sets: LabelSets, labels: Labels): number => {
    for (const [at, column] of sets.columns.entries()) {
      const value = labels[sets.names[at] ?? ''] ?? '';
      const values = valuesOf(column);
      const index = values.get(value) ?? column.values.push(value) - 1;
      values.set(value, index);
      column.of.push(index);
    }
    sets.count += 1;
    return sets.count - 1;
  };

  const search = (labels: Labels): Place => {
    const sets = setsOf(labels);
    return { sets, index: finderOf(sets)(labels) ?? add(sets, labels) };
  };

  return (labels) => {
    const found = places.get(labels);
    if (found !== undefined) return found;
    // They mostly come in the order of the run before.
    const next: Place | null = last && { sets: last.sets, index: last.index + 1 };
    const place = next !== null && isOf(next.sets, labels) && isAt(next, labels) ? next : search(labels);
    places.set(labels, place);
    last = place;
    return place;
  };
}

/** Finds a set by the label that tells most of them apart. */
function finder(
  sets: LabelSets,
  valuesOf: (column: Column) => ReadonlyMap<string, number>,
): (labels: Labels) => number | undefined {
  let at = 0;
  let chosenFor = 0;
  let indexed = 0;
  let indexes: number[][] = [];
  const count = (column: number): number => sets.columns[column]?.values.length ?? 0;
  /** Anew where there are twice as many, of which another label may tell more apart. */
  const update = (): void => {
    if (sets.count > 2 * chosenFor) {
      at = sets.columns.reduce((most, _column, each) => (count(each) > count(most) ? each : most), 0);
      chosenFor = sets.count;
      indexes = [];
      indexed = 0;
    }
    for (; indexed < sets.count; indexed += 1)
      (indexes[sets.columns[at]?.of[indexed] ?? 0] ??= []).push(indexed);
  };
  return (labels) => {
    update();
    const column = sets.columns[at];
    const value = column === undefined ? 0 : valuesOf(column).get(labels[sets.names[at] ?? ''] ?? '');
    const some = value === undefined ? undefined : indexes[value];
    return some?.find((index) => isAt({ sets, index }, labels));
  };
}

/** Whether the labels are those of the sets, none of them empty and no name among them. */
function isOf({ names }: LabelSets, labels: Labels): boolean {
  if (Object.keys(labels).length !== names.length) return false;
  for (const name of names) if (typeof labels[name] !== 'string' || labels[name] === '') return false;
  return true;
}
