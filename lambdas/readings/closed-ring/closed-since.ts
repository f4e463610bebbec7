import type { ClosedPage, ClosedRow } from '../decoders/closed.ts';
import type { LeftOut } from '../decoders/left-out.ts';
import {
  ever,
  horizon,
  isSetBack,
  knownCids,
  newFrom,
  overlap,
  rowsOf,
  rowsOn,
  sameProcess,
} from './cursor.ts';
import type { Cursor, RingLook } from './cursor.ts';
import { pageSizes } from './pages.ts';

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

export const ringOf = (held: number, size: number | null, configuredSize: number): ClosedSince['ring'] => ({
  held,
  size: size ?? Math.max(held, configuredSize),
});

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
