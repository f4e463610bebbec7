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
  /** Days since 1970. */
  readonly pausedOn: readonly number[];
};

/** How long something has stood where it stands. */
export type Standing = {
  /** When it was first seen there, epoch ms. */
  readonly since: number;
  /** The longest pause after which it went on by itself within the last two weeks, ms; 0 if there was none worth keeping. */
  readonly longest: number;
};

export type Unmoved = {
  /** Of a thing that this run named; null for one that was too much to follow. */
  readonly of: (name: string) => Standing | null;
  /** Things that this run named and that are too many to follow. */
  readonly notFollowed: number;
};

/** Things that are followed at the same time. */
export const mostFollowed = 24_000;
/** A shorter pause is nothing to learn from. */
const shortest = minutes(2);
/** A longer one was no pause but an outage. */
const longestLearnt = hours(25);
const learntFor = days(14);

const nameBytes = 5;
const placeBytes = 2;

type Kept = {
  readonly name: string;
  readonly place: string;
  readonly since: number | null;
  readonly longest: number;
  readonly pausedOn: number;
};

/** So many bytes of a text's hash, as characters up to 255. */
function hashed(text: string, bytes: number): string {
  let rest = textHash(text, 3);
  let characters = '';
  for (let i = 0; i < bytes; i += 1) {
    characters += String.fromCharCode(rest % 256);
    rest = Math.floor(rest / 256);
  }
  return characters;
}

function unpacked(state: UnmovedState | null): readonly Kept[] {
  if (state === null) return [];
  const [names, places] = [atob(state.names), atob(state.places)];
  return state.since.map((since, i) => ({
    name: names.slice(i * nameBytes, (i + 1) * nameBytes),
    place: places.slice(i * placeBytes, (i + 1) * placeBytes),
    since: since === null ? null : since * minutes(1),
    longest: (state.longest[i] ?? 0) * minutes(1),
    pausedOn: (state.pausedOn[i] ?? 0) * days(1),
  }));
}

const packed = (all: readonly Kept[]): UnmovedState => ({
  names: btoa(all.map(({ name }) => name).join('')),
  places: btoa(all.map(({ place }) => place).join('')),
  since: all.map(({ since }) => (since === null ? null : Math.floor(since / minutes(1)))),
  longest: all.map(({ longest }) => Math.ceil(longest / minutes(1))),
  pausedOn: all.map(({ pausedOn }) => Math.floor(pausedOn / days(1))),
});

/** Those that have stood longest first, then those of which only a pause is kept. */
const longestFirst = (a: Kept, b: Kept): number => (a.since ?? Infinity) - (b.since ?? Infinity) || 0;

/** The same with fewer things, for a memory that has grown too large. */
export const thinUnmoved = (state: UnmovedState, most: number): UnmovedState =>
  packed(unpacked(state).toSorted(longestFirst).slice(0, most));

/** Where each thing stands that waits, by name; false where not all of them could be seen: who is not named may wait all the same. */
type Places = [places: ReadonlyMap<string, string>, isWhole?: boolean];

/**
 * Knows since when each thing that waits stands where it stands, to the minute. Only what is named is followed, so name what
 * has something waiting; of what is not named any more, a pause that it made is kept.
 */
export const recordUnmoved: Remember<UnmovedState, Places, Unmoved> = (
  state,
  { at },
  places,
  isWhole = true,
) => {
  const before = new Map(unpacked(state).map((kept) => [kept.name, kept]));
  const isLearnt = ({ longest, pausedOn }: Kept) => longest > 0 && at - pausedOn <= learntFor;
  const named = new Map<string, Kept>();
  for (const [text, position] of places) {
    const [name, place] = [hashed(text, nameBytes), hashed(position, placeBytes)];
    const known = before.get(name);
    named.set(
      name,
      following(known !== undefined && isLearnt(known) ? known : forgetting(known), { name, place, at }),
    );
  }
  const others = [...before.values()]
    .filter(({ name }) => !named.has(name))
    .map((kept) => (isWhole ? { ...learning(kept, at), since: null } : kept))
    .filter((kept) => kept.since !== null || isLearnt(kept));
  const followed = [...named.values()].toSorted(longestFirst).slice(0, mostFollowed);
  const next = packed([...followed, ...others.toSorted(longestFirst)].slice(0, mostFollowed));
  const standing = new Map(followed.map((kept) => [kept.name, kept]));
  return {
    next,
    result: {
      of: (text) => {
        const kept = standing.get(hashed(text, nameBytes));
        return kept === undefined ? null : { since: kept.since ?? at, longest: kept.longest };
      },
      notFollowed: named.size - followed.length,
    },
  };
};

const forgetting = (kept: Kept | undefined): Kept | undefined =>
  kept === undefined ? undefined : { ...kept, longest: 0, pausedOn: 0 };

type Seen = { readonly name: string; readonly place: string; readonly at: number };

function following(known: Kept | undefined, { name, place, at }: Seen): Kept {
  if (known === undefined) return { name, place, since: at, longest: 0, pausedOn: 0 };
  if (known.since !== null && known.place === place) return known;
  return { ...learning(known, at), place, since: at };
}

/** It went on: how long it had stood is what it does. */
function learning(kept: Kept, at: number): Kept {
  const pause = kept.since === null ? 0 : at - kept.since;
  const isWorth = pause >= shortest && pause <= longestLearnt && pause >= kept.longest;
  return isWorth ? { ...kept, longest: pause, pausedOn: at } : kept;
}
