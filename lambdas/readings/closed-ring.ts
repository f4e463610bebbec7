import { minutes, seconds } from '../durations.ts';
import type { ClosedPage, ClosedRow } from './decoders/closed.ts';
import { known } from './decoders/impossible.ts';
import type { LeftOut } from './decoders/left-out.ts';
import type { Varz } from './decoders/varz.ts';

/** Rows are recorded a moment after their `stop`: a run looks this far behind the time of the last one. */
const overlap = seconds(30);

/** Two clocks that went so far apart between two looks were not only read a moment apart: one was set. */
const clockTolerance = seconds(5);

/** A run with few new rows pulls little of a ring of 10,000 rows and 6 MB: each page is larger than all before it. */
const pageSizes = { fewest: 128, few: 256, more: 1_024, most: 4_096 } as const;

/** Closed within the overlap: three times as many are those of a minute with it, and fit on the smallest page. */
const fewClosed = 40;

/** What memory keeps of a server's closed ring between runs. Times are the server's own, epoch ms, unless said. */
export type Cursor = {
  /** Changes with each start of the server: a row's identity is (server process, cid). */
  readonly serverId: string;
  /** Rows that stopped before are done with. */
  readonly from: number;
  /** Rows that stopped since `from` and are known, ascending, each as the difference to the one before. */
  readonly cidSteps: readonly number[];
  readonly held: number;
  /** The ring's size once it was seen full. */
  readonly size: number | null;
  /** Absent in what an older release saved. */
  readonly look?: {
    /** By the server's clock and by ours. */
    readonly now: number;
    readonly readAt: number;
    /** Rows that had stopped before were perhaps never asked for. */
    readonly begun: number;
    /** No row that was ever read has a larger cid. */
    readonly largestCid: number;
    /** Rows that could not be decoded and were reported. */
    readonly leftOut: readonly number[];
    /** A row so old that none older comes, and how many were newer: those that came since push it down, each by one. */
    readonly mark?: { readonly cid: number; readonly newer: number };
    /** What `/varz` told of closes in the same look, and since which look it has; by our clock. */
    readonly told?: { readonly closes: number; readonly since: number };
  };
};

export type ClosedConnection = ClosedRow & {
  /** When it stopped, by this run's clock: the server's own `now` decides its age. Epoch ms. */
  readonly stoppedAt: number;
  readonly lifetimeSeconds: number;
};

/** The closed ring's rows since the last run, each row once, newest first. */
export type ClosedSince = {
  readonly rows: readonly ClosedConnection[];
  /** Rows of an unknown past: without memory a run looks back a fixed time. */
  readonly firstRun: boolean;
  /** The ring turned over since the last run: rows in between are gone, or may be. */
  readonly lost: boolean;
  /** Rows held now, and how many it can hold: seen when full, else what settings say. */
  readonly ring: { readonly held: number; readonly size: number };
  /** New rows that are not as expected, so that nothing is known of them; null without any. */
  readonly leftOut: LeftOut | null;
  /** New rows that cannot be told from older ones, since the server's clock was set back. */
  readonly unaccounted: number;
};

/** Which rows of the ring to ask for, the newest of all being the first. */
export type PageAsked = { readonly offset: number; readonly limit: number };

/** What a look has read so far: pages from the newest rows on, and one row that is looked for where it was pushed to. */
export type RingRead = { readonly pages: readonly ClosedPage[]; readonly marked: ClosedPage | null };

export const nothingRead: RingRead = { pages: [], marked: null };

/**
 * A number that changes with each row that comes into the ring, by what `/varz` counts; null where it does not count all that
 * close: leafnodes are in no total. A slow consumer's row comes up to `write_deadline` before its connection is counted out.
 */
export const closesOf = (
  varz: Pick<Varz, 'total_connections' | 'connections' | 'slow_consumers' | 'leafnodes' | 'leaf'>,
): number | null =>
  known(() =>
    varz.leaf.port > 0 || varz.leaf.remotes.length > 0 || varz.leafnodes > 0
      ? null
      : varz.total_connections - varz.connections + varz.slow_consumers,
  );

/** Whatever is counted, the ring is read so often: two that are counted a moment apart may hide each other. */
const readAtLeastEach = minutes(15);

/**
 * The ring without a row since the last look, by what `/varz` tells of closes; null where it is to be read. Rows are recorded a
 * moment after their connection is counted out: what is told must have been so for long enough when the ring was read.
 */
export function closedNothing(
  cursor: Cursor | null,
  {
    serverId,
    now,
    closes,
  }: { readonly serverId: string; readonly now: number; readonly closes: number | null },
  look: RingLook & { readonly configuredSize: number },
): ClosedSince | null {
  if (cursor?.look?.told === undefined || cursor.serverId !== serverId) return null;
  const { told, readAt, now: itsNow } = cursor.look;
  const since = elapsed(cursor, look);
  if (told.closes !== closes || readAt - told.since < overlap) return null;
  if (since < 0 || since >= readAtLeastEach || Math.abs(now - itsNow - since) > clockTolerance) return null;
  return {
    ...{ rows: [], firstRun: false, lost: false, leftOut: null, unaccounted: 0 },
    ring: ringOf(cursor.held, cursor.size, look.configuredSize),
  };
}

const ringOf = (held: number, size: number | null, configuredSize: number): ClosedSince['ring'] => ({
  held,
  size: size ?? Math.max(held, configuredSize),
});

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

/** Each row once, the newest first. */
function rowsOf(pages: readonly ClosedPage[]): readonly ClosedRow[] {
  const byCid = new Map<number, ClosedRow>();
  for (const { connections } of pages) for (const row of connections) byCid.set(row.cid, row);
  return [...byCid.values()];
}

const rowsOn = (pages: readonly ClosedPage[]): number =>
  pages.reduce((rows, page) => rows + page.num_connections, 0);

export type RingLook = {
  /** When the first page was asked for, by our clock, epoch ms. */
  readonly readAt: number;
  /** Of a look without memory. */
  readonly lookBackMs: number;
  /** No look goes back further, wherever the last one ended: rows before are of no use. */
  readonly isBounded?: boolean;
};

/** A full ring overwrites its oldest rows: the marked one is so many before them. */
const aheadOfOldest = 512;

/**
 * The row behind those that the next look may meet again, or of a ring that is full of them one that is not overwritten soon.
 * @param late how many rows the next look may meet again
 */
function markOf(rows: readonly ClosedRow[], late: number, { total }: ClosedPage, size: number) {
  const deepest = size - total < aheadOfOldest ? total - aheadOfOldest : total - 1;
  const newer = Math.min(late, deepest, rows.length - 1);
  const row = rows[newer];
  return late < pageSizes.few / 2 || row === undefined ? undefined : { cid: row.cid, newer };
}

/** Before any time that a server says, and JSON can hold it. */
const ever = Number.MIN_SAFE_INTEGER;

/** The cursor, if it is of the process that answers. */
const sameProcess = (page: ClosedPage, cursor: Cursor | null): Cursor | null =>
  cursor !== null && cursor.serverId === page.server_id ? cursor : null;

/** How long ago the last look was, by our clock. */
const elapsed = ({ look }: Cursor, { readAt }: RingLook): number => (look ? readAt - look.readAt : 0);

/** Whether the server's clock was set back since. */
const isSetBack = (page: ClosedPage, cursor: Cursor, look: RingLook): boolean =>
  cursor.look !== undefined && page.now - cursor.look.now < elapsed(cursor, look) - clockTolerance;

/** What stopped since then is new, unless it is known. */
function newFrom(page: ClosedPage, cursor: Cursor | null, { lookBackMs, isBounded }: RingLook): number {
  const earliest = page.now - lookBackMs;
  if (cursor === null) return earliest;
  const from = sameProcess(page, cursor)?.from ?? ever;
  return isBounded === true ? Math.max(from, earliest) : from;
}

/** Where a run stops looking: behind the rows it knows, by whichever of the two clocks leads further back. */
function horizon(page: ClosedPage, cursor: Cursor | null, look: RingLook): number {
  const from = newFrom(page, cursor, look);
  const same = sameProcess(page, cursor);
  if (same === null) return from;
  const behind = elapsed(same, look) + overlap;
  return Math.min(from, page.now - (look.isBounded === true ? Math.min(behind, look.lookBackMs) : behind));
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

function knownCids(cursor: Cursor): ReadonlySet<number> {
  let cid = 0;
  return new Set(cursor.cidSteps.map((step) => (cid += step)));
}

function steps(cids: Iterable<number>): readonly number[] {
  const ascending = [...cids].sort((a, b) => a - b);
  return ascending.map((cid, i) => cid - (ascending[i - 1] ?? 0));
}

const between = (value: number, [least, most]: readonly [number, number]): number =>
  Math.min(Math.max(value, least), most);

/** A memory holds no more of them: one that is forgotten is reported again. */
const mostLeftOut = 256;

/** Rows of this reading that could not be decoded, those first that were not reported before. */
function leftOutOf(pages: readonly ClosedPage[], reported: readonly number[]) {
  const all = pages.flatMap(({ leftOut }) => leftOut ?? []);
  const known = new Set(reported);
  const cids = new Set(all.flatMap((each) => each.cids));
  const nameless = all.reduce((sum, each) => sum + each.count - each.cids.length, 0);
  const count = [...cids].filter((cid) => !known.has(cid)).length + nameless;
  const problem = all[0]?.problem ?? '';
  return {
    fresh: count === 0 ? null : { count, problem },
    hasOlder: [...cids].some((cid) => known.has(cid)),
    cids: [...new Set([...cids, ...reported])].slice(0, mostLeftOut),
  };
}

/**
 * The rows that earlier runs did not see, and the cursor for the next run. A row is new by the time it stopped; where the
 * server's clock was set back, also by its cid, which only grows, and by how many rows came into the ring.
 * @param pages consecutive pages of one server process, newest rows first, at least one
 * @param before of the same process, or of the one whose place it took
 * @param takenAt when they were read, by our clock, epoch ms
 */
export function closedSince(
  pages: readonly [ClosedPage, ...ClosedPage[]],
  before: Cursor | null,
  look: RingLook & {
    readonly takenAt: number;
    readonly configuredSize: number;
    /** What `/varz` told of closes; null where it does not tell. */
    readonly closes?: number | null;
  },
): { readonly since: ClosedSince; readonly cursor: Cursor } {
  const { readAt, takenAt, configuredSize, closes = null } = look;
  const [first] = pages;
  const last = pages.at(-1) ?? first;
  const same = sameProcess(first, before);
  const past = same?.look;
  const known = same === null ? new Set<number>() : knownCids(same);
  const from = newFrom(first, before, look);
  /** Whether rows between the last look and this one were left out as too old. */
  const isSkipping = before !== null && from > (same?.from ?? ever);
  const wasSetBack = same !== null && isSetBack(first, same, look);

  const read = rowsOf(pages);
  const leftOut = leftOutOf(pages, past?.leftOut ?? []);
  // Of the first page: later ones count rows that closed while pages were read, which the next run reads.
  const held = first.total;

  const cameLater = ({ cid, stop }: ClosedRow) =>
    past !== undefined && !isSkipping && cid > past.largestCid && (wasSetBack || stop >= past.begun);
  const unknown = known.size === 0 ? read : read.filter(({ cid }) => !known.has(cid));
  const isCertain = (row: ClosedRow) => row.stop >= from || cameLater(row);
  const certain = unknown.filter(isCertain);
  const grown = wasSetBack ? last.total - same.held - (leftOut.fresh?.count ?? 0) : 0;
  const missing = Math.max(0, grown - certain.length);
  // A full ring grows no more: how many came is not known, only how many may have.
  const isFull = wasSetBack && last.total >= (same.size ?? configuredSize);
  const since = horizon(first, before, look);
  const isPossible = ({ stop }: ClosedRow) => stop >= since && stop <= last.now;
  const possible =
    missing > 0 || isFull ? unknown.filter((row) => isPossible(row) && !isCertain(row)).length : 0;
  // Rows that came meanwhile may be counted and not read: then no guess which they are.
  const isFound = !isFull && possible === missing && (missing === 0 || last.total === first.total);
  const fresh = isFound && missing > 0 ? unknown.filter((row) => isCertain(row) || isPossible(row)) : certain;

  // The ring overwrites its oldest: while a row is left that was there at the last run, no newer one is gone. Where
  // none was there, a ring just full of new rows may hold all there were, or not.
  const isContinued = read.length > fresh.length || leftOut.hasOlder;
  const mayBeFull = before !== null && last.total === (before.size ?? configuredSize);
  const lost = !isContinued && !isSkipping && ((same?.held ?? 0) > 0 || mayBeFull);
  const grewNoMore = same !== null && same.held === held && fresh.length > 0;
  const size = grewNoMore || lost ? last.total : (same?.size ?? null);

  const next = wasSetBack ? first.now - overlap : Math.max(from, first.now - overlap);
  const late = read.filter((row) => row.stop >= next).map((row) => row.cid);
  /** Where the marked row told that no further page was wanted: rows behind these are known and stay so. */
  const isCut = late.length === read.length && rowsOn(pages) < last.total;
  const cidSteps = steps(new Set(isCut ? [...late, ...known] : late));
  const mark = isCut
    ? past?.mark && { ...past.mark, newer: past.mark.newer + fresh.length }
    : markOf(read, late.length, last, size ?? configuredSize);
  const span = [past === undefined ? ever : past.readAt - overlap, takenAt] as const;
  return {
    since: {
      rows: fresh.map((row) => ({
        ...row,
        stoppedAt: between(takenAt - (last.now - row.stop), span),
        lifetimeSeconds: Math.max(0, (row.stop - row.start) / 1_000),
      })),
      firstRun: before === null,
      lost,
      ring: ringOf(held, size, configuredSize),
      leftOut: leftOut.fresh,
      unaccounted: isFound ? 0 : isFull ? possible : missing,
    },
    cursor: {
      serverId: first.server_id,
      from: next,
      cidSteps,
      held,
      size,
      look: {
        now: first.now,
        readAt,
        // Of a ring that was read whole, each row's cid is in `largestCid`, whenever it stopped.
        begun: isSkipping ? from : (past?.begun ?? (rowsOn(pages) >= last.total ? ever : from)),
        largestCid: read.reduce((largest, { cid }) => Math.max(largest, cid), past?.largestCid ?? 0),
        leftOut: leftOut.cids,
        ...(closes === null
          ? {}
          : { told: { closes, since: past?.told?.closes === closes ? past.told.since : readAt } }),
        ...(mark === undefined || leftOut.cids.length > 0 ? {} : { mark }),
      },
    },
  };
}
