import { keyOf, keysBy, metricName, naming, only, without, withoutName } from '../labels.ts';
import type { Labels } from '../labels.ts';

/**
 * What vectors have values of: label sets, each at its place. Rules read the same thousands of series again and again:
 * what the labels tell, such as who matches whom, is found once for all vectors over a frame.
 */
export type Frame = {
  readonly size: number;
  readonly labelsAt: (place: number) => Labels;
  /** The same places without names; itself where there are none. */
  readonly nameless: Frame;
  /** Whether all have the same name, or none: then dropping it makes no two alike. */
  readonly hasOneName: boolean;
};

const noLabels: Labels = {};

export function frameOf(labels: readonly Labels[]): Frame {
  const names = new Set(labels.map((each) => each[metricName]));
  const isNameless = names.size === 0 || (names.size === 1 && names.has(undefined));
  let nameless: Frame | undefined;
  const frame: Frame = {
    size: labels.length,
    labelsAt: (place) => labels[place] ?? noLabels,
    get nameless() {
      nameless ??= isNameless ? frame : frameOf(labels.map(withoutName));
      return nameless;
    },
    hasOneName: names.size < 2,
  };
  return frame;
}

/** Keeps what is made of a frame as long as the frame. */
function keptBy<Made>(): (frame: Frame, key: string | number, make: () => Made) => Made {
  const all = new WeakMap<Frame, Map<string | number, Made>>();
  return (frame, key, make) => {
    const known = all.get(frame) ?? new Map<string | number, Made>();
    all.set(frame, known);
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  };
}

const framesNamed = keptBy<Frame>();
const labelNaming = keptBy<(name: string) => Labels>();

/** A frame without names, with this one. */
export function named(nameless: Frame, name: string): Frame {
  return framesNamed(nameless, name, () => {
    const made: Labels[] = [];
    const labelsAt = (place: number): Labels =>
      (made[place] ??= labelNaming(nameless, place, () => naming(nameless.labelsAt(place)))(name));
    return { size: nameless.size, labelsAt, nameless, hasOneName: true };
  });
}

const changed = keptBy<Frame>();

/** The same places without some labels, names kept. */
export const framesWithout = (frame: Frame, dropped: readonly string[]): Frame =>
  changed(frame, JSON.stringify(dropped), () =>
    frameOf(Array.from({ length: frame.size }, (_each, place) => without(frame.labelsAt(place), dropped))),
  );

/** Places of a frame by what some labels of theirs have in common. */
export type Groups = {
  /** Of each place its group. */
  readonly of: readonly number[];
  readonly keys: ReadonlyMap<string, number>;
  /** At each group's place what its members have in common. */
  readonly frame: Frame;
};

const groupings = keptBy<Groups>();

/** Groups by the listed labels, or by all but these and the name. */
export function groupsBy(frame: Frame, by: boolean, listed: readonly string[]): Groups {
  const own = by && listed.includes(metricName) ? frame : frame.nameless;
  return groupings(own, JSON.stringify([by, listed]), () => grouped(own, by, listed));
}

function grouped(frame: Frame, by: boolean, listed: readonly string[]): Groups {
  const keyBy = keysBy(listed);
  const keys = new Map<string, number>();
  const of: number[] = [];
  const common: Labels[] = [];
  for (let place = 0; place < frame.size; place += 1) {
    const labels = frame.labelsAt(place);
    const kept = by || listed.length === 0 ? labels : without(labels, listed);
    const key = by ? keyBy(kept) : keyOf(kept);
    let group = keys.get(key);
    if (group === undefined) {
      group = keys.size;
      keys.set(key, group);
      common.push(by ? only(labels, listed) : kept);
    }
    of.push(group);
  }
  const isWhole = !by && listed.length === 0 && common.length === frame.size;
  return { of, keys, frame: isWhole ? frame : frameOf(common) };
}

const found = new WeakMap<Groups, WeakMap<Groups, readonly number[]>>();

/** Of each place its group among the other frame's, that which has the same in common, -1 for none; both by the same labels. */
export function counterparts(groups: Groups, others: Groups): readonly number[] {
  if (groups === others) return groups.of;
  const known = found.get(groups) ?? new WeakMap<Groups, readonly number[]>();
  found.set(groups, known);
  const made = known.get(others) ?? counterpartsOf(groups, others);
  known.set(others, made);
  return made;
}

function counterpartsOf({ of, keys }: Groups, others: Groups): readonly number[] {
  const ofGroups = [...keys.keys()].map((key) => others.keys.get(key) ?? -1);
  return of.map((group) => ofGroups[group] ?? -1);
}
