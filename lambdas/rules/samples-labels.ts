import { naming, type Labels } from '../promql/index.ts';
import { isAt, labelsAt, type LabelSets } from './samples-sets.ts';

/** Labels by their place: without name, and as the series of each name have them. */
type Family = {
  readonly nameless: readonly Labels[];
  readonly namings: readonly ((name: string) => Labels)[];
  readonly named: Map<string, readonly Labels[]>;
};

/** What the last run of this process had, by label names. */
const families = new Map<string, Family>();
const none: Family = { nameless: [], namings: [], named: new Map() };

/**
 * Gives the labels of a name's series as objects, by their place. Most stand where they stood in the run before: then
 * its objects are given again, with the keys that were made of them.
 */
export function labelsOf(sets: LabelSets): (name: string) => readonly Labels[] {
  const names = sets.names.join('\0');
  let family = families.get(names) ?? none;
  let settledFor = -1;
  return (name) => {
    if (settledFor < sets.count) {
      family = settled(family, sets);
      settledFor = sets.count;
      families.set(names, family);
    }
    const known = family.named.get(name) ?? family.namings.map((give) => give(name));
    family.named.set(name, known);
    return known;
  };
}

/** The family itself where all stand in it as they do in these sets. */
function settled(before: Family, sets: LabelSets): Family {
  const nameless = Array.from({ length: sets.count }, (_each, index) => {
    const last = before.nameless[index];
    return last !== undefined && isAt({ sets, index }, last) ? last : labelsAt(sets, index);
  });
  const isSame = (index: number): boolean => nameless[index] === before.nameless[index];
  if (nameless.length === before.nameless.length && nameless.every((_each, index) => isSame(index)))
    return before;
  const namings = nameless.map((labels, index) => (isSame(index) && before.namings[index]) || naming(labels));
  const named = [...before.named].map(([name, some]) => {
    const labels = namings.map((give, index) => (isSame(index) && some[index]) || give(name));
    return [name, labels] as const;
  });
  return { nameless, namings, named: new Map(named) };
}
