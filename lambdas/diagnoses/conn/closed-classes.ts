import { minutes, type ClosedConnection, type ClosedSince } from '../../define.ts';
import { closeClasses, type CloseClass } from '../../engine/close-reasons.ts';
import type { Varz } from '../../readings/endpoints.ts';
import type { LeafOf } from '../leafnodes.ts';
import { classOf, isOfNobody } from './closed-rows.ts';

type Moved = Readonly<Record<string, string>>;
type Rows = readonly ClosedConnection[];

/** Closed connections by class, and those among them that nobody misses. */
type Classified = {
  readonly classes: Readonly<Record<CloseClass, Rows>>;
  readonly ofNobody: ReadonlySet<ClosedConnection>;
};

const known = new WeakMap<Rows, { readonly of: LeafOf; readonly moved: Moved; readonly all: Classified }>();

/** Each row is looked at once a run, however many diagnoses ask. */
export function classified(of: LeafOf, rows: Rows, moved: Moved): Classified {
  const before = known.get(rows);
  if (before?.of === of && before.moved === moved) return before.all;
  const byClass = Map.groupBy(rows, (row) => classOf(of, row, moved));
  const classes = Object.fromEntries(
    closeClasses.map((each): [CloseClass, Rows] => [each, byClass.get(each) ?? []]),
  ) as Record<CloseClass, Rows>;
  const all = {
    classes,
    ofNobody: new Set(rows.filter((row) => isOfNobody(of, row))),
  };
  known.set(rows, { of, moved, all });
  return all;
}

/**
 * How many closed since the last run, by class. Where no run was before, the last minute stands for it: the rows that a
 * first run looks back over are not of one minute.
 */
export function closedByClass(
  varz: LeafOf & Pick<Varz, 'now'>,
  { rows, firstRun }: ClosedSince,
  moved: Moved,
): Readonly<Record<CloseClass, number>> {
  const { classes } = classified(varz, rows, moved);
  const counts = closeClasses.map((each) => {
    const own = classes[each];
    const counted = firstRun ? own.filter(({ stop }) => varz.now - stop <= minutes(1)) : own;
    return [each, counted.length] as const;
  });
  return Object.fromEntries(counts) as Record<CloseClass, number>;
}
