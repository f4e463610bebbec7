import type { Remember } from './kinds.ts';

/** Which part of a list is read. */
type Part = { readonly page: number; readonly pages: number };

type PageState = {
  readonly page: number;
  readonly at: number;
  readonly keys: readonly string[];
  readonly counts: readonly number[];
};
/** Of each page, but none of a list that fits on one. */
export type PagesState = readonly PageState[];

export type Counted = {
  /** By key, over all pages that are known; the largest of each. */
  readonly counts: ReadonlyMap<string, number>;
  /** Whether every page is known. */
  readonly isWhole: boolean;
};

/** Of a page; smaller counts do not add up to what anybody is told of. */
export const mostOnPage = 64;
/** A page that was not read for so many turns of all is forgotten. */
const turnsKept = 3;

const largest = (counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] =>
  [...counts].sort(([, a], [, b]) => b - a).slice(0, mostOnPage);

/** The same with fewer keys a page, for a memory that has grown too large. */
export const thinPages = (state: PagesState, most: number): PagesState =>
  state.map((page) => ({ ...page, keys: page.keys.slice(0, most), counts: page.counts.slice(0, most) }));

/**
 * Adds up counts by key of a list that is read page by page, one a run: of the other pages, what they were when they were
 * read. Of a list on one page nothing is kept.
 */
export const recordPages: Remember<PagesState, [part: Part, counts: ReadonlyMap<string, number>], Counted> = (
  state,
  { at },
  { page, pages },
  counts,
) => {
  if (pages === 1) return { next: [], result: { counts, isWhole: true } };
  const known = state ?? [];
  const pace = at - known.reduce((last, each) => Math.max(last, each.at), 0);
  const others = known.filter(
    (each) => each.page !== page && each.page < pages && at - each.at <= pace * pages * turnsKept,
  );
  const own = largest(counts);
  const summed = new Map(counts);
  for (const { keys, counts: theirs } of others)
    keys.forEach((key, i) => summed.set(key, (summed.get(key) ?? 0) + (theirs[i] ?? 0)));
  return {
    next: [...others, { page, at, keys: own.map(([key]) => key), counts: own.map(([, count]) => count) }],
    result: { counts: summed, isWhole: others.length === pages - 1 },
  };
};
