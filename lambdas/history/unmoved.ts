import { days, hours, minutes } from '../durations.ts';
import { textHash } from '../text-hash.ts';
import type { Remember } from './kinds.ts';

/**
 * Of each thing that is followed: a hash of its name and of where it stood, since when it stands there, the longest pause it
 * once made, and when that ended. Columns, for that is what gzip makes least of: 20,000 things are some 200 KB.
 */
export type UnmovedState = {
  /** Base64, five bytes a thing. */
  readonly names: string;
  /** Base64, two bytes a thing. */
  readonly places: string;
  /** Minutes since 1970; null for a thing that does not wait and of which only its pause is kept. */
  readonly since: readonly (number | null)[];
  /** Minutes. */
  readonly longest: readonly number[];
  /** How often it made such a pause. */
  readonly times: readonly number[];
  /** Days since 1970. */
  readonly pausedOn: readonly number[];
};

/** How long something has stood where it stands. */
export type Standing = {
  /** When it was first seen there, epoch ms. */
  readonly since: number;
  /** The longest pause after which it went on within the last two weeks, ms; 0 if there was none worth keeping. */
  readonly longest: number;
  /** How many of its pauses were at least half as long. */
  readonly times: number;
};

export type Unmoved = {
  /** Of a thing that this run named; null for one that was too much to follow. */
  readonly of: (name: string) => Standing | null;
  /** Things that this run named and that are too many to follow. */
  readonly notFollowed: number;
};

/** Things that are followed at the same time. */
export const mostFollowed = 24_000;

export type Following = {
  /** Of how many; by default of 24,000. */
  readonly most?: number;
  /** Whether pauses are kept; they are unless it says no. */
  readonly learns?: boolean;
};
/** A shorter pause is nothing to learn from. */
const shortest = minutes(2);
/** A longer one was no pause but an outage. */
const longestLearnt = hours(25);
const learntFor = days(14);

const nameBytes = 5;
const placeBytes = 2;

type Kept = {
  /** Hashes. */
  readonly name: number;
  readonly place: number;
  readonly since: number | null;
  readonly longest: number;
  readonly times: number;
  readonly pausedOn: number;
};

const nameOf = (text: string): number => textHash(text, 3) % 256 ** nameBytes;
const placeOf = (text: string): number => textHash(text, 3) % 256 ** placeBytes;

/** Numbers of so many bytes each, as Base64. */
function encoded(all: readonly number[], bytes: number): string {
  let characters = '';
  for (const number of all) {
    let rest = number;
    for (let i = 0; i < bytes; i += 1) {
      characters += String.fromCharCode(rest % 256);
      rest = Math.floor(rest / 256);
    }
  }
  return btoa(characters);
}

function decoded(text: string, bytes: number): readonly number[] {
  const characters = atob(text);
  const all: number[] = [];
  for (let end = bytes; end <= characters.length; end += bytes) {
    let number = 0;
    for (let i = 1; i <= bytes; i += 1) number = number * 256 + characters.charCodeAt(end - i);
    all.push(number);
  }
  return all;
}

function unpacked(state: UnmovedState | null): readonly Kept[] {
  if (state === null) return [];
  const places = decoded(state.places, placeBytes);
  return decoded(state.names, nameBytes).map((name, i) => {
    const since = state.since[i] ?? null;
    return {
      name,
      place: places[i] ?? 0,
      since: since === null ? null : since * minutes(1),
      longest: (state.longest[i] ?? 0) * minutes(1),
      times: state.times[i] ?? 0,
      pausedOn: (state.pausedOn[i] ?? 0) * days(1),
    };
  });
}

const packed = (all: readonly Kept[]): UnmovedState => ({
  names: encoded(
    all.map(({ name }) => name),
    nameBytes,
  ),
  places: encoded(
    all.map(({ place }) => place),
    placeBytes,
  ),
  since: all.map(({ since }) => (since === null ? null : Math.floor(since / minutes(1)))),
  longest: all.map(({ longest }) => Math.ceil(longest / minutes(1))),
  times: all.map(({ times }) => times),
  pausedOn: all.map(({ pausedOn }) => Math.floor(pausedOn / days(1))),
});

/** Those that have stood longest first, then those of which only a pause is kept. */
const longestFirst = (a: Kept, b: Kept): number => (a.since ?? Infinity) - (b.since ?? Infinity) || 0;

/** The same with fewer things, for a memory that has grown too large. */
export const thinUnmoved = (state: UnmovedState, most: number): UnmovedState =>
  packed(unpacked(state).toSorted(longestFirst).slice(0, most));

/** Where each thing stands that waits, by name; false where not all of them could be seen: who is not named may wait all the same. */
type Places = [places: Iterable<readonly [name: string, place: string]>, isWhole?: boolean];

/**
 * Knows since when each thing that waits stands where it stands, to the minute. Only what is named is followed, so name what
 * has something waiting; of what is not named any more, a pause that it made is kept.
 */
export const recordUnmoved =
  ({ most = mostFollowed, learns = true }: Following = {}): Remember<UnmovedState, Places, Unmoved> =>
  (state, { at }, places, isWhole = true) => {
    const learning = learns ? learningOf : (kept: Kept) => kept;
    const before = unpacked(state);
    const indexOf = finder(before);
    const isNamed = new Uint8Array(before.length);
    const isLearnt = ({ longest, pausedOn }: Kept) => longest > 0 && at - pausedOn <= learntFor;
    const following = (known: Kept | undefined, name: number, place: number): Kept => {
      if (known === undefined) return fresh(name, place, at);
      const isThere = known.since !== null && known.place === place;
      const believed = known.longest === 0 || isLearnt(known) ? known : { ...known, ...nothingLearnt };
      if (isThere) return believed;
      const { longest, times, pausedOn } = learning(believed, at);
      return { name, place, since: at, longest, times, pausedOn };
    };
    const standing = new Map<string, Kept>();
    for (const [text, position] of places) {
      const name = nameOf(text);
      const index = indexOf(name);
      isNamed[index] = 1;
      standing.set(text, following(before[index], name, placeOf(position)));
    }
    const others: Kept[] = [];
    before.forEach((kept, i) => {
      if (isNamed[i] === 1) return;
      const next = isWhole ? { ...learning(kept, at), since: null } : kept;
      if (next.since !== null || isLearnt(next)) others.push(next);
    });
    const followed = longestStanding([...standing.values()], most);
    const tooMany = standing.size - followed.length;
    const isFollowed = tooMany === 0 ? () => true : within(followed);
    return {
      next: packed([...followed, ...longestStanding(others, most - followed.length)]),
      result: {
        of: (text) => {
          const kept = standing.get(text);
          if (kept === undefined || !isFollowed(kept)) return null;
          return { since: kept.since ?? at, longest: kept.longest, times: kept.times };
        },
        notFollowed: tooMany,
      },
    };
  };

/** Where each name stands in a list; -1: nowhere. Runs name things in the same order mostly: the next one is tried first. */
function finder(all: readonly Kept[]): (name: number) => number {
  let next = 0;
  let places: ReadonlyMap<number, number> | null = null;
  return (name) => {
    if (all[next]?.name !== name) {
      places ??= new Map(all.map((kept, i) => [kept.name, i]));
      const found = places.get(name);
      if (found === undefined) return -1;
      next = found;
    }
    next += 1;
    return next - 1;
  };
}

const fresh = (name: number, place: number, since: number): Kept => ({
  name,
  place,
  since,
  longest: 0,
  times: 0,
  pausedOn: 0,
});

const nothingLearnt = { longest: 0, times: 0, pausedOn: 0 };

const longestStanding = (all: readonly Kept[], most: number): readonly Kept[] =>
  all.length <= most ? all : all.toSorted(longestFirst).slice(0, most);

function within(followed: readonly Kept[]): (kept: Kept) => boolean {
  const names = new Set(followed.map(({ name }) => name));
  return ({ name }) => names.has(name);
}

/** It went on: how long it had stood is what it does. */
function learningOf(kept: Kept, at: number): Kept {
  const pause = kept.since === null ? 0 : at - kept.since;
  if (pause < shortest || pause > longestLearnt || pause * 2 < kept.longest) return kept;
  const isLikeOthers = kept.longest * 2 >= pause;
  const longest = Math.max(pause, kept.longest);
  return { ...kept, longest, times: isLikeOthers ? Math.min(kept.times + 1, 9) : 1, pausedOn: at };
}
