import type { ClusterFacts } from '../../define.ts';

export type GoneLeafnode = {
  /** `APP/leaf1`, or the name that settings have where it was never seen. */
  readonly id: string;
  /** When the first and the last run saw it, epoch ms; null for one that only settings know. */
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
};

type Remembered = GoneLeafnode & { readonly lastSeen: number };

type Seen = {
  readonly expected: ClusterFacts['expect']['leafnodes'];
  /** Leafnode connections there are. */
  readonly connected: number;
  /** Ids and names of leafnodes that are connected. */
  readonly present: ReadonlySet<string>;
  /** Those that were there, the longest gone first. */
  readonly gone: readonly Remembered[];
  /** False where servers give no names. */
  readonly named: boolean;
  /** Without an expectation, one last seen before is forgotten; epoch ms. */
  readonly recently: number;
  /** When as many as expected were last connected, epoch ms; null if never seen so. */
  readonly lastMet: number | null;
};

type Missed = {
  /** Should be there and are not. */
  readonly missed: readonly GoneLeafnode[];
  /** Were there, and may come and go. */
  readonly others: readonly Remembered[];
  /** How many more connections settings expect, by whatever leafnodes. */
  readonly unexplained: number;
  /** Expected names of which servers without names cannot tell. */
  readonly untold: readonly string[];
};

/** `APP/leaf1` is a leafnode named `leaf1`, whatever its account. */
export const isNamed = (id: string, name: string): boolean => id === name || id.endsWith(`/${name}`);

/**
 * Which leafnodes are missed. Without an expectation each that was there; a number is met by any leafnodes; names are
 * the whole truth.
 */
export function missedLeafnodes(seen: Seen): Missed {
  const { expected, connected, present, gone, named, lastMet } = seen;
  const isRecent = ({ lastSeen }: Remembered) => lastSeen >= seen.recently;
  const nothingElse = { others: [], unexplained: 0, untold: [] };
  if (typeof expected === 'number') {
    const fewer = Math.max(0, expected - connected);
    // One gone before as many as expected were connected was replaced. Of the rest the first to go are missed: whoever
    // is replaced later does not change which these are.
    const missed = gone.filter(({ lastSeen }) => lastMet === null || lastSeen >= lastMet).slice(0, fewer);
    const others = gone.filter((each) => isRecent(each) && !missed.includes(each));
    return { missed, others, unexplained: fewer - missed.length, untold: [] };
  }
  if (expected === undefined) return { ...nothingElse, missed: gone.filter(isRecent) };
  const absent = expected.filter((name) => !present.has(name));
  if (!named) return { ...nothingElse, missed: gone.filter(isRecent), untold: absent };
  const isOneOf = (names: readonly string[], { id }: GoneLeafnode) => names.some((name) => isNamed(id, name));
  const neverSeen = absent.filter((name) => !gone.some(({ id }) => isNamed(id, name)));
  return {
    ...nothingElse,
    missed: [
      // A name that is there in one account and gone from another is missed as one that nobody expects.
      ...gone.filter((each) => isOneOf(absent, each) || (isOneOf(expected, each) && isRecent(each))),
      ...neverSeen.map((id) => ({ id, firstSeen: null, lastSeen: null })),
    ],
    others: gone.filter((each) => isRecent(each) && !isOneOf(expected, each)),
  };
}
