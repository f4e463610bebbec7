import { days, minutes } from '../durations.ts';

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

const nameBytes = 5;
const placeBytes = 2;

/** Columns, for tens of thousands of objects take longer than all that is done with them. */
export type Kept = {
  /** Hashes. */
  readonly names: Float64Array;
  readonly places: Uint16Array;
  /** Epoch ms; NaN for a thing that does not wait. */
  readonly since: Float64Array;
  /** Ms. */
  readonly longest: Float64Array;
  readonly times: Uint8Array;
  /** Epoch ms. */
  readonly pausedOn: Float64Array;
};

export const keptOf = (count: number): Kept => ({
  names: new Float64Array(count),
  places: new Uint16Array(count),
  since: new Float64Array(count),
  longest: new Float64Array(count),
  times: new Uint8Array(count),
  pausedOn: new Float64Array(count),
});

/** Puts a thing of one list at a place of another. */
export function copy(from: Kept, i: number, to: Kept, at: number): void {
  to.names[at] = from.names[i] ?? 0;
  to.places[at] = from.places[i] ?? 0;
  to.since[at] = from.since[i] ?? NaN;
  to.longest[at] = from.longest[i] ?? 0;
  to.times[at] = from.times[i] ?? 0;
  to.pausedOn[at] = from.pausedOn[i] ?? 0;
}

/** These of one list, then those of another. */
export function chosen(parts: readonly (readonly [from: Kept, indexes: readonly number[]])[]): Kept {
  const to = keptOf(parts.reduce((sum, [, indexes]) => sum + indexes.length, 0));
  let at = 0;
  for (const [from, indexes] of parts)
    for (const i of indexes) {
      copy(from, i, to, at);
      at += 1;
    }
  return to;
}

export const nameModulus = 256 ** nameBytes;
export const placeModulus = 256 ** placeBytes;

/** Numbers of so many bytes each, five at most, as Base64. */
function encoded(all: Float64Array | Uint16Array, size: number): string {
  const bytes = new Uint8Array(all.length * size);
  let at = 0;
  for (const number of all) {
    // A byte keeps the lowest eight bits of what it is given.
    for (let i = 0; i < size; i += 1) bytes[at + i] = i < 4 ? number >>> (8 * i) : number / 2 ** 32;
    at += size;
  }
  let characters = '';
  for (let from = 0; from < bytes.length; from += charactersAtOnce)
    characters += charactersOf(bytes.subarray(from, from + charactersAtOnce));
  return btoa(characters);
}

/** Arguments of one call are limited. */
const charactersAtOnce = 4_096;

/** Spreading them would take seven times as long. */
const charactersOf = (bytes: Uint8Array): string => Reflect.apply(String.fromCharCode, null, bytes) as string;

function decodeInto(all: Float64Array | Uint16Array, text: string, size: number): void {
  const characters = atob(text);
  for (let i = 0; i < all.length; i += 1) {
    let number = 0;
    for (let byte = size - 1; byte >= 0; byte -= 1)
      number = number * 256 + characters.charCodeAt(i * size + byte);
    all[i] = number;
  }
}

const countIn = ({ names }: UnmovedState): number => Math.floor(((names.length / 4) * 3) / nameBytes);

export function unpacked(state: UnmovedState | null): Kept {
  if (state === null) return keptOf(0);
  const kept = keptOf(countIn(state));
  decodeInto(kept.names, state.names, nameBytes);
  decodeInto(kept.places, state.places, placeBytes);
  for (let i = 0; i < kept.names.length; i += 1) {
    kept.since[i] = (state.since[i] ?? NaN) * minutes(1);
    kept.longest[i] = (state.longest[i] ?? 0) * minutes(1);
    kept.times[i] = state.times[i] ?? 0;
    kept.pausedOn[i] = (state.pausedOn[i] ?? 0) * days(1);
  }
  return kept;
}

export const packed = ({ names, places, since, longest, times, pausedOn }: Kept): UnmovedState => ({
  names: encoded(names, nameBytes),
  places: encoded(places, placeBytes),
  since: listOf(since, (ms) => (Number.isNaN(ms) ? null : Math.floor(ms / minutes(1)))),
  longest: listOf(longest, (ms) => Math.ceil(ms / minutes(1))),
  times: listOf(times, (count) => count),
  pausedOn: listOf(pausedOn, (ms) => Math.floor(ms / days(1))),
});

/** `Array.from` takes several times as long. */
function listOf<T>(column: Float64Array | Uint8Array, of: (value: number) => T): readonly T[] {
  const list: T[] = [];
  for (const value of column) list.push(of(value));
  return list;
}

/** Of so many things at most, those that have stood longest, then those of which only a pause is kept. */
export function longestStanding({ since }: Kept, count: number, most: number): readonly number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= most) return all;
  const sinceOf = (i: number): number => {
    const ms = since[i] ?? NaN;
    return Number.isNaN(ms) ? Infinity : ms;
  };
  return all.sort((a, b) => sinceOf(a) - sinceOf(b) || 0).slice(0, most);
}

/** The same with fewer things, for a memory that has grown too large. */
export function thinUnmoved(state: UnmovedState, most: number): UnmovedState {
  const kept = unpacked(state);
  return packed(chosen([[kept, longestStanding(kept, kept.names.length, most)]]));
}
