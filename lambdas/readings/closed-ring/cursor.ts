import { seconds } from '../../durations.ts';
import type { ClosedPage, ClosedRow } from '../decoders/closed.ts';

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

export type RingLook = {
  /** When the first page was asked for, by our clock, epoch ms. */
  readonly readAt: number;
  /** Of a look without memory. */
  readonly lookBackMs: number;
  /** No look goes back further, wherever the last one ended: rows before are of no use. */
  readonly isBounded?: boolean;
};

/** Rows are recorded a moment after their `stop`: a run looks this far behind the time of the last one. */
export const overlap = seconds(30);

/** Two clocks that went so far apart between two looks were not only read a moment apart: one was set. */
export const clockTolerance = seconds(5);

/** Before any time that a server says, and JSON can hold it. */
export const ever = Number.MIN_SAFE_INTEGER;

/** The cursor, if it is of the process that answers. */
export const sameProcess = (page: ClosedPage, cursor: Cursor | null): Cursor | null =>
  cursor !== null && cursor.serverId === page.server_id ? cursor : null;

/** How long ago the last look was, by our clock. */
export const elapsed = ({ look }: Cursor, { readAt }: RingLook): number => (look ? readAt - look.readAt : 0);

/** Whether the server's clock was set back since. */
export const isSetBack = (page: ClosedPage, cursor: Cursor, look: RingLook): boolean =>
  cursor.look !== undefined && page.now - cursor.look.now < elapsed(cursor, look) - clockTolerance;

export function knownCids(cursor: Cursor): ReadonlySet<number> {
  let cid = 0;
  return new Set(cursor.cidSteps.map((step) => (cid += step)));
}

/** What stopped since then is new, unless it is known. */
export function newFrom(
  page: ClosedPage,
  cursor: Cursor | null,
  { lookBackMs, isBounded }: RingLook,
): number {
  const earliest = page.now - lookBackMs;
  if (cursor === null) return earliest;
  const from = sameProcess(page, cursor)?.from ?? ever;
  return isBounded === true ? Math.max(from, earliest) : from;
}

/** Where a run stops looking: behind the rows it knows, by whichever of the two clocks leads further back. */
export function horizon(page: ClosedPage, cursor: Cursor | null, look: RingLook): number {
  const from = newFrom(page, cursor, look);
  const same = sameProcess(page, cursor);
  if (same === null) return from;
  const behind = elapsed(same, look) + overlap;
  return Math.min(from, page.now - (look.isBounded === true ? Math.min(behind, look.lookBackMs) : behind));
}

/** Each row once, the newest first. */
export function rowsOf(pages: readonly ClosedPage[]): readonly ClosedRow[] {
  const byCid = new Map<number, ClosedRow>();
  for (const { connections } of pages) for (const row of connections) byCid.set(row.cid, row);
  return [...byCid.values()];
}

export const rowsOn = (pages: readonly ClosedPage[]): number =>
  pages.reduce((rows, page) => rows + page.num_connections, 0);
