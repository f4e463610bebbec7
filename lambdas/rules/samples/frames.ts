import { frameOf, type Frame, type Labels } from '../../promql/index.ts';
import { fitting } from './fitting.ts';
import { isAt, labelsAt, type LabelSets } from './sets.ts';

type Known = { readonly names: string; readonly labels: readonly Labels[]; readonly frame: Frame };

/** Of all clusters together; one takes some 300 bytes with what is derived of it. */
const mostLabelSets = 50_000;

/** What the runs of this process had, newest first. */
let known: readonly Known[] = [];

/**
 * The label sets as a frame. Mostly they are those of the cluster's run before: then it is the same, with all that was found
 * in it; where some are others, the rest have their objects of labels again, with the keys that were made of them.
 */
export function frameOfSets(sets: LabelSets): Frame {
  const names = sets.names.join('\0');
  const before = known.find((each) => each.names === names && beginsAlike(each, sets));
  const labels = labelsOf(sets, before?.labels ?? []);
  const isSame =
    before?.labels.length === sets.count && labels.every((each, at) => each === before.labels[at]);
  const frame = isSame ? before.frame : frameOf(labels);
  remember({ names, labels, frame }, before);
  return frame;
}

/** What goes first is seldom new: new things are added behind. */
function beginsAlike({ labels }: Known, sets: LabelSets): boolean {
  const [first] = labels;
  return first !== undefined && isAt({ sets, index: 0 }, first);
}

/** Those of the run before that are still there stand in the same order, what is new behind them. */
function labelsOf(sets: LabelSets, before: readonly Labels[]): readonly Labels[] {
  const labels: Labels[] = [];
  let next = 0;
  for (let index = 0; index < sets.count; index += 1) {
    let at = next;
    while (at < before.length && !isAt({ sets, index }, before[at] ?? {})) at += 1;
    const found = before[at];
    next = at + 1;
    labels.push(found ?? labelsAt(sets, index));
  }
  return labels;
}

function remember(one: Known, before: Known | undefined): void {
  const all = [one, ...known.filter((each) => each !== before)];
  known = fitting(all, mostLabelSets, ({ labels }) => labels.length);
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
