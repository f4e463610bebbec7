import { frameOf, type Frame, type Labels } from '../../promql/index.ts';
import { isAt, labelsAt, type LabelSets } from './sets.ts';

/** What the last run of this process had, by label names. */
const before = new Map<string, { readonly labels: readonly Labels[]; readonly frame: Frame }>();

/**
 * The label sets as a frame. Mostly they are those of the run before: then it is the same, with all that was found in it;
 * where some are others, the rest have their objects of labels again, with the keys that were made of them.
 */
export function frameOfSets(sets: LabelSets): Frame {
  const names = sets.names.join('\0');
  const last = before.get(names);
  const labels = Array.from({ length: sets.count }, (_each, index) => {
    const known = last?.labels[index];
    return known !== undefined && isAt({ sets, index }, known) ? known : labelsAt(sets, index);
  });
  const isSame = last?.labels.length === sets.count && labels.every((each, at) => each === last.labels[at]);
  const frame = isSame ? last.frame : frameOf(labels);
  before.set(names, { labels, frame });
  return frame;
}

type Joined = { readonly parts: readonly Frame[]; readonly frame: Frame };
const joins = new WeakMap<Frame, readonly Joined[]>();
const mostJoins = 8;

/** Frames without names one behind the other. */
export function joined(parts: readonly Frame[]): Frame {
  const [first] = parts;
  if (first === undefined) return frameOf([]);
  if (parts.length === 1) return first;
  const known = joins.get(first) ?? [];
  const found = known.find(
    (each) => each.parts.length === parts.length && parts.every((part, at) => part === each.parts[at]),
  );
  if (found !== undefined) return found.frame;
  const frame = frameOf(parts.flatMap(labelsIn));
  joins.set(first, [{ parts, frame }, ...known].slice(0, mostJoins));
  return frame;
}

export const labelsIn = ({ size, labelsAt: labelsOf }: Frame): readonly Labels[] =>
  Array.from({ length: size }, (_each, place) => labelsOf(place));
