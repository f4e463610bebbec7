import type { ClosedPage, ClosedRow } from '../decoders/closed.ts';
import { horizon, isSetBack, knownCids, newFrom, rowsOf, rowsOn, sameProcess } from './cursor.ts';
import type { Cursor, RingLook } from './cursor.ts';

/** Which rows of the ring to ask for, the newest of all being the first. */
export type PageAsked = { readonly offset: number; readonly limit: number };

/** What a look has read so far: pages from the newest rows on, and one row that is looked for where it was pushed to. */
export type RingRead = { readonly pages: readonly ClosedPage[]; readonly marked: ClosedPage | null };

export const nothingRead: RingRead = { pages: [], marked: null };

/** A run with few new rows pulls little of a ring of 10,000 rows and 6 MB: each page is larger than all before it. */
export const pageSizes = { fewest: 128, few: 256, more: 1_024, most: 4_096 } as const;

/** Closed within the overlap: three times as many are those of a minute with it, and fit on the smallest page. */
const fewClosed = 40;

/** The newest rows: what is to be asked first of a ring that had this cursor. */
export const firstPage = (cursor: Cursor | null): PageAsked => ({
  offset: 0,
  limit: cursor !== null && cursor.cidSteps.length <= fewClosed ? pageSizes.fewest : pageSizes.few,
});

/** What has been read, with the reply to what was to be asked next. */
export const withReply = (read: RingRead, asked: PageAsked, reply: ClosedPage): RingRead =>
  asked.offset === rowsOn(read.pages)
    ? { ...read, pages: [...read.pages, reply] }
    : { ...read, marked: reply };

/**
 * What to ask for next, null where no further row is wanted. Rows that close meanwhile shift pages towards overlap, never a
 * gap.
 */
export function nextAsked(
  { pages, marked }: RingRead,
  cursor: Cursor | null,
  look: RingLook,
): PageAsked | null {
  if (isEnough(pages, cursor, look)) return null;
  if (pages.length === 0) return firstPage(cursor);
  const offset = rowsOn(pages);
  const { few, more, most } = pageSizes;
  const further = { offset, limit: [few, more].find((size) => size > offset) ?? most };
  const place = placeOfMark(pages, cursor, look);
  if (place === null) return further;
  if (place.offset < further.offset) return isAt(place, rowsOf(pages)) ? null : further;
  if (marked === null) return { offset: place.offset, limit: 1 };
  return isAt({ ...place, offset: 0 }, marked.connections) ? null : further;
}

type Place = { readonly offset: number; readonly cid: number };

const isAt = ({ offset, cid }: Place, rows: readonly ClosedRow[]): boolean => rows[offset]?.cid === cid;

/** Where the marked row is now, unless rows came that are not among these: then it was pushed further. */
function placeOfMark(pages: readonly ClosedPage[], cursor: Cursor | null, look: RingLook): Place | null {
  const [page] = pages;
  const same = page === undefined ? null : sameProcess(page, cursor);
  const mark = same?.look?.mark;
  if (page === undefined || same === null || mark === undefined || isSetBack(page, same, look)) return null;
  const [known, from, rows] = [knownCids(same), newFrom(page, same, look), rowsOf(pages)];
  const came = rows.filter(({ cid, stop }) => !known.has(cid) && stop >= from);
  return known.has(rows.at(-1)?.cid ?? NaN) ? { offset: mark.newer + came.length, cid: mark.cid } : null;
}

/** True when no further page can hold a row that this run wants. */
function isEnough(pages: readonly ClosedPage[], cursor: Cursor | null, look: RingLook): boolean {
  const [first, last] = [pages[0], pages.at(-1)];
  if (first === undefined || last === undefined) return false;
  const oldest = last.connections.at(-1);
  if (last.num_connections === 0 || rowsOn(pages) >= last.total) return true;
  return oldest !== undefined && oldest.stop < horizon(first, cursor, look);
}

/** The rows of a page that a look may want. */
export function newOn(
  page: ClosedPage,
  { pages: [first = page] }: RingRead,
  cursor: Cursor | null,
  look: RingLook,
): readonly ClosedRow[] {
  const same = sameProcess(first, cursor);
  const known = same === null ? new Set() : knownCids(same);
  const since = horizon(first, cursor, look);
  return page.connections.filter(({ cid, stop }) => stop >= since && !known.has(cid));
}
