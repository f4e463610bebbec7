import type { ClusterFacts } from '../../define.ts';
import { tally } from '../tally.ts';
import { isNamed } from './identity.ts';
import type { Gone, RollCall } from './roll-call.ts';

/** A leafnode's connection that should be there; one that only settings know was never seen. */
export type Missed =
  Gone | { readonly id: string; readonly nth: number; readonly firstSeen: null; readonly lastSeen: null };

type Seen = Pick<RollCall, 'gone'> & {
  readonly expected: ClusterFacts['expect']['leafnodes'];
  /** Leafnode connections there are, of all and of a name that settings give. */
  readonly connected: number;
  readonly connectedAs: (name: string) => number;
  /** False where servers give no names. */
  readonly named: boolean;
  /** Without an expectation, one last seen before is forgotten; epoch ms. */
  readonly recently: number;
  /** When as many as expected were last connected, epoch ms; null if never seen so. */
  readonly lastMet: number | null;
};

type Answer = {
  /** Should be there and are not. */
  readonly missed: readonly Missed[];
  /** Were there, and may come and go. */
  readonly others: readonly Gone[];
  /** How many more connections settings expect, by whatever leafnodes. */
  readonly unexplained: number;
  /** Expected names of which servers without names cannot tell. */
  readonly undecided: readonly string[];
};

/**
 * Which leafnodes are missed. Without an expectation each that was there; a number is met by any leafnodes; names are
 * the whole truth, as often as they are given.
 */
export function missedLeafnodes(seen: Seen): Answer {
  const { expected, connected, connectedAs, gone, named, lastMet } = seen;
  const isRecent = ({ lastSeen }: Gone) => lastSeen >= seen.recently;
  const nothingElse = { others: [], unexplained: 0, undecided: [] };
  if (typeof expected === 'number') {
    const fewer = Math.max(0, expected - connected);
    // One gone before as many as expected were connected was replaced. Of the rest the first to go are missed: whoever
    // is replaced later does not change which these are.
    const missed = gone.filter(({ lastSeen }) => lastMet === null || lastSeen >= lastMet).slice(0, fewer);
    const others = gone.filter((each) => isRecent(each) && !missed.includes(each));
    return { missed, others, unexplained: fewer - missed.length, undecided: [] };
  }
  if (expected === undefined) return { ...nothingElse, missed: gone.filter(isRecent) };
  const short = tally(expected).flatMap(([name, needed]) => {
    const there = connectedAs(name);
    return there < needed ? [{ name, there, needed }] : [];
  });
  if (!named) {
    return { ...nothingElse, missed: gone.filter(isRecent), undecided: short.map(({ name }) => name) };
  }
  const isExpected = ({ id }: Gone) => expected.some((name) => isNamed(id, name));
  const isShort = ({ id }: Gone) => short.some(({ name }) => isNamed(id, name));
  const neverSeen = short.flatMap(({ name, there, needed }) => {
    const known = there + gone.filter(({ id }) => isNamed(id, name)).length;
    return Array.from({ length: Math.max(0, needed - known) }, (_, i) => ({
      id: name,
      nth: known + i + 1,
      firstSeen: null,
      lastSeen: null,
    }));
  });
  return {
    ...nothingElse,
    missed: [
      // A name that is there in one account and gone from another is missed as one that nobody expects.
      ...gone.filter((each) => isShort(each) || (isExpected(each) && isRecent(each))),
      ...neverSeen,
    ],
    others: gone.filter((each) => isRecent(each) && !isExpected(each)),
  };
}
