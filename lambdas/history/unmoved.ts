import { days, hours, minutes } from '../durations.ts';
import { hashAfter } from '../text-hash.ts';
import type { Moment } from './kinds.ts';
import {
  chosen,
  copy,
  keptOf,
  longestStanding,
  nameModulus,
  packed,
  placeModulus,
  unpacked,
  type Kept,
  type UnmovedState,
} from './unmoved-state.ts';

/** How long something has stood where it stands. */
export type Standing = {
  /** When it was first seen there, epoch ms. */
  readonly since: number;
  /** The longest pause after which it went on within the last two weeks, ms; 0 if there was none worth keeping. */
  readonly longest: number;
  /** How many of its pauses were at least half as long. */
  readonly times: number;
};

/** One of many things that wait. */
export type Waiting = {
  readonly name: string;
  /** Where it stands. */
  readonly place: string;
  /** What its name begins with, of things that come one after the other whose names begin alike. */
  readonly within?: string;
};

export type Unmoved = {
  /** Of the thing that this run named at that place of the list; null for one that was too much to follow. */
  readonly at: (index: number) => Standing | null;
  /** Those that an earlier run saw where they stand, by their places in the list. */
  readonly stood: readonly number[];
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

/** What waits; false where not all of it could be seen: who is not there may wait all the same. */
type Things<T> = [things: readonly T[], waitingOf: (thing: T) => Waiting, isWhole?: boolean];

/**
 * Knows since when each thing that waits stands where it stands, to the minute. Only what is named is followed, so name what
 * has something waiting; of what is not named any more, a pause that it made is kept.
 */
export const recordUnmoved =
  ({ most = mostFollowed, learns = true }: Following = {}) =>
  <T>(
    state: UnmovedState | null,
    { at }: Moment,
    ...[things, waitingOf, isWhole = true]: Things<T>
  ): { readonly next: UnmovedState; readonly result: Unmoved } => {
    const before = unpacked(state);
    const indexOf = finder(before.names);
    const hash = hasher();
    const isNamed = new Uint8Array(before.names.length);
    const now = keptOf(things.length);
    const stood: number[] = [];
    for (const [i, thing] of things.entries()) {
      const waiting = waitingOf(thing);
      const name = hash.ofName(waiting);
      const place = hash.ofPlace(waiting);
      const known = indexOf(name);
      let isThere = false;
      if (known !== -1) {
        isNamed[known] = 1;
        copy(before, known, now, i);
        if (!isLearnt(now, i, at)) forget(now, i);
        isThere = !Number.isNaN(now.since[i]) && now.places[i] === place;
        if (!isThere && learns) learn(now, i, at);
      }
      now.names[i] = name;
      now.places[i] = place;
      if (!isThere) now.since[i] = at;
      else if ((now.since[i] ?? at) < at) stood.push(i);
    }
    const others: number[] = [];
    for (let i = 0; i < isNamed.length; i += 1) {
      if (isNamed[i] === 1) continue;
      if (isWhole) {
        if (learns) learn(before, i, at);
        before.since[i] = NaN;
      }
      if (!Number.isNaN(before.since[i]) || isLearnt(before, i, at)) others.push(i);
    }
    const followed = longestStanding(now, things.length, most);
    const left = chosen([[before, others]]);
    const isFollowed = followed.length === things.length ? null : new Set(followed);
    return {
      next: packed(
        chosen([
          [now, followed],
          [left, longestStanding(left, others.length, most - followed.length)],
        ]),
      ),
      result: {
        at: (i) => {
          if (i < 0 || i >= things.length || isFollowed?.has(i) === false) return null;
          return { since: now.since[i] ?? at, longest: now.longest[i] ?? 0, times: now.times[i] ?? 0 };
        },
        stood: isFollowed === null ? stood : stood.filter((i) => isFollowed.has(i)),
        notFollowed: things.length - followed.length,
      },
    };
  };

const seed = 3;

/** Hashes of names and places. What names have in common is hashed once. */
function hasher() {
  let common = '';
  let hashOf = hashAfter(common, seed);
  const hashOfPlace = hashOf;
  return {
    ofName: ({ name, within = '' }: Waiting): number => {
      if (within !== common) {
        common = within;
        hashOf = hashAfter(common, seed);
      }
      return hashOf(name) % nameModulus;
    },
    ofPlace: ({ place }: Waiting): number => hashOfPlace(place) % placeModulus,
  };
}

/** Where each name stands in a list; -1: nowhere. Runs name things in the same order mostly: the next one is tried first. */
function finder(all: Float64Array): (name: number) => number {
  let next = 0;
  let places: Map<number, number> | null = null;
  return (name) => {
    if (all[next] !== name) {
      places ??= placesOf(all);
      const found = places.get(name);
      if (found === undefined) return -1;
      next = found;
    }
    next += 1;
    return next - 1;
  };
}

function placesOf(all: Float64Array): Map<number, number> {
  const places = new Map<number, number>();
  all.forEach((name, i) => places.set(name, i));
  return places;
}

const isLearnt = ({ longest, pausedOn }: Kept, i: number, at: number): boolean =>
  (longest[i] ?? 0) > 0 && at - (pausedOn[i] ?? 0) <= learntFor;

function forget({ longest, times, pausedOn }: Kept, i: number): void {
  longest[i] = 0;
  times[i] = 0;
  pausedOn[i] = 0;
}

/** It went on: how long it had stood is what it does. */
function learn({ since, longest, times, pausedOn }: Kept, i: number, at: number): void {
  const stood = since[i] ?? NaN;
  const pause = Number.isNaN(stood) ? 0 : at - stood;
  const before = longest[i] ?? 0;
  if (pause < shortest || pause > longestLearnt || pause * 2 < before) return;
  const isLikeOthers = before * 2 >= pause;
  longest[i] = Math.max(pause, before);
  times[i] = isLikeOthers ? Math.min((times[i] ?? 0) + 1, 9) : 1;
  pausedOn[i] = at;
}
