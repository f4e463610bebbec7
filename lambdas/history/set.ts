import type { Remember } from './kinds.ts';

/** Member -> [first seen, last seen], epoch ms. */
export type SetState = Readonly<Record<string, readonly [number, number]>>;

export type SetDifference = {
  /** Members of earlier runs that this run did not see, the longest gone first. */
  readonly gone: readonly {
    readonly member: string;
    readonly firstSeen: number;
    readonly lastSeen: number;
  }[];
  /** When each member of this run was first seen. */
  readonly since: ReadonlyMap<string, number>;
};

/**
 * The same set with fewer members, for a memory that has grown too large: first those that are gone, which findings
 * wait for, then those known longest, so that the same ones stay from run to run.
 */
export const thinSet = (state: SetState, most: number): SetState =>
  Object.fromEntries(
    Object.entries(state)
      .sort(
        ([a, [aFirst, aLast]], [b, [bFirst, bLast]]) => aLast - bLast || aFirst - bFirst || (a < b ? -1 : 1),
      )
      .slice(0, most),
  );

/** Remembers members; one not seen for `forget` milliseconds is no longer one. */
export const recordSet =
  (forget: number): Remember<SetState, [members: Iterable<string>], SetDifference> =>
  (state, { at }, members) => {
    const known = Object.entries(state ?? {}).filter(([, [, lastSeen]]) => at - lastSeen <= forget);
    const before = new Map(known);
    const present = new Set(members);
    const next = new Map<string, readonly [number, number]>(before);
    const since = new Map([...present].map((member) => [member, before.get(member)?.[0] ?? at]));
    for (const [member, firstSeen] of since) next.set(member, [firstSeen, at]);
    const gone = known
      .filter(([member]) => !present.has(member))
      .map(([member, [firstSeen, lastSeen]]) => ({ member, firstSeen, lastSeen }))
      .sort((a, b) => a.lastSeen - b.lastSeen);
    return { next: Object.fromEntries(next), result: { gone, since } };
  };
