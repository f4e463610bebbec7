import { naming, type Labels } from '../../promql/index.ts';
import { isAt, labelsAt, type LabelSets } from './sets.ts';

/** Labels without name, and as the series of each name have them. */
type Shared = {
  readonly nameless: Labels;
  readonly naming: (name: string) => Labels;
  readonly named: Map<string, Labels>;
};

/** What the last run of this process had at each place, by label names. */
const families = new Map<string, Shared[]>();

/**
 * Gives the labels of a name's series at a place as an object. Most stand where they stood in the run before: then its
 * objects are given again, with the keys that were made of them.
 */
export function labelsOf(sets: LabelSets): (name: string, index: number) => Labels {
  const names = sets.names.join('\0');
  const before = families.get(names) ?? [];
  families.set(names, before);
  const own: Shared[] = [];
  const sharedAt = (index: number): Shared => {
    const last = before[index];
    if (last !== undefined && isAt({ sets, index }, last.nameless)) return last;
    const nameless = labelsAt(sets, index);
    return (before[index] = { nameless, naming: naming(nameless), named: new Map() });
  };
  return (name, index) => {
    const { named, naming: give } = (own[index] ??= sharedAt(index));
    const known = named.get(name) ?? give(name);
    named.set(name, known);
    return known;
  };
}
