import { textHash } from '../text-hash.ts';
import type { Remember } from './kinds.ts';

/** Figures of named things as a run had them; columns, for that is what gzip makes least of. */
export type EarlierState = {
  readonly at: number;
  /** Whether all that there was could be seen. */
  readonly isWhole: boolean;
  readonly names: readonly number[];
  readonly figures: readonly (readonly number[])[];
};

export type Earlier = {
  /** When the last run was, epoch ms; null where there was none. */
  readonly at: number | null;
  /** Figures of this name in the last run, in the order they were given; null where it did not give them. */
  readonly of: (name: string) => readonly number[] | null;
  /** Whether the last run would have named all there were: who was not, was not one of them. */
  readonly wasWhole: boolean;
  /** Names of this run that are too many to keep. */
  readonly notFollowed: number;
};

/** What to keep of a thing, by what was kept; null where nothing was. */
export type Figures = (before: readonly number[] | null) => readonly number[];

/** Some 30 KB of a memory item where each has three figures. */
export const mostEarlier = 1_500;

const hashOf = (name: string): number => textHash(name, 5) % 2 ** 40;

/** The same with fewer names, for a memory that has grown too large. */
export const thinEarlier = (state: EarlierState, most: number): EarlierState =>
  state.names.length <= most
    ? state
    : {
        at: state.at,
        isWhole: false,
        names: state.names.slice(0, most),
        figures: state.figures.map((column) => column.slice(0, most)),
      };

/**
 * Knows of each named thing the figures that the last run kept of it.
 * @param figures the most important first: those beyond the most are not kept
 * @param isWhole false where not all could be seen
 */
export const recordEarlier: Remember<
  EarlierState,
  [figures: ReadonlyMap<string, Figures>, isWhole?: boolean],
  Earlier
> = (state, { at }, figures, isWhole = true) => {
  const indexOf = new Map(state?.names.map((hash, i) => [hash, i]));
  const of = (hash: number): readonly number[] | null => {
    const index = indexOf.get(hash);
    return index === undefined ? null : (state?.figures.map((column) => column[index] ?? 0) ?? null);
  };
  const kept = [...figures].slice(0, mostEarlier).map(([name, make]) => {
    const hash = hashOf(name);
    return { hash, own: make(of(hash)) };
  });
  const notFollowed = figures.size - kept.length;
  return {
    next: {
      at,
      isWhole: isWhole && notFollowed === 0,
      names: kept.map(({ hash }) => hash),
      figures: (kept[0]?.own ?? []).map((_, i) => kept.map(({ own }) => own[i] ?? 0)),
    },
    result: {
      at: state?.at ?? null,
      wasWhole: state?.isWhole ?? false,
      notFollowed,
      of: (name) => of(hashOf(name)),
    },
  };
};
