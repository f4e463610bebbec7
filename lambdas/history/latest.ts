import { seconds } from '../durations.ts';
import type { Remember } from './kinds.ts';

/** Columns, for that is what gzip makes least of: 2,000 things are some 30 KB. */
export type LatestState = {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** When each was first and last seen, seconds since 1970. */
  readonly first: readonly number[];
  readonly last: readonly number[];
};

/** What a thing was when it was last seen. Times are epoch ms, to the second. */
export type Known = { readonly value: string; readonly firstSeen: number; readonly lastSeen: number };

export type Latest = {
  /** Everything that earlier runs saw, as it was. */
  readonly before: ReadonlyMap<string, Known>;
  /** Things that this run named and that are too many to remember. */
  readonly notFollowed: number;
};

/** Things that are remembered at the same time. */
export const mostRemembered = 4_096;

type Row = readonly [name: string, known: Known];

const unpacked = ({ names, values, first, last }: LatestState): readonly Row[] =>
  names.map((name, i) => [
    name,
    {
      value: values[i] ?? '',
      firstSeen: (first[i] ?? 0) * seconds(1),
      lastSeen: (last[i] ?? 0) * seconds(1),
    },
  ]);

const inSeconds = (at: number): number => Math.floor(at / seconds(1));

const packed = (rows: readonly Row[]): LatestState => ({
  names: rows.map(([name]) => name),
  values: rows.map(([, { value }]) => value),
  first: rows.map(([, { firstSeen }]) => inSeconds(firstSeen)),
  last: rows.map(([, { lastSeen }]) => inSeconds(lastSeen)),
});

/** Those seen last, of these those known longest, so that the same ones stay from run to run. */
const byRank = ([, a]: Row, [, b]: Row): number => b.lastSeen - a.lastSeen || a.firstSeen - b.firstSeen;

/** The same with fewer things, for a memory that has grown too large. */
export const thinLatest = (state: LatestState, most: number): LatestState =>
  packed(unpacked(state).toSorted(byRank).slice(0, most));

/** What things are now, given what they were. One that is not named keeps what it was, until it is forgotten. */
export type Update = (before: ReadonlyMap<string, Known>) => ReadonlyMap<string, string>;

/** Remembers a text of each thing; one not named for `forget` milliseconds is forgotten. */
export const recordLatest =
  (forget: number): Remember<LatestState, [update: Update], Latest> =>
  (state, { at }, update) => {
    const known = state === null ? [] : unpacked(state);
    const before = new Map(known.filter(([, { lastSeen }]) => at - lastSeen <= forget));
    const values = update(before);
    const named = [...values].map(([name, value]): Row => {
      const firstSeen = before.get(name)?.firstSeen ?? at;
      return [name, { value, firstSeen, lastSeen: at }];
    });
    const others = [...before].filter(([name]) => !values.has(name));
    const kept = [...named, ...others].toSorted(byRank).slice(0, mostRemembered);
    return {
      next: packed(kept),
      result: { before, notFollowed: Math.max(0, named.length - mostRemembered) },
    };
  };
