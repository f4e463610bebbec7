import { seconds } from '../durations.ts';
import type { ClosedPage, ClosedRow } from '../replies/closed.ts';

/** Rows are recorded a moment after their `stop`: a run looks this far behind the time of the last one. */
const overlap = seconds(30);

/** A run with few new rows pulls little of a ring of 10,000 rows and 6 MB. */
const pageSizes = [256, 1_024, 4_096] as const;

/** What memory keeps of a server's closed ring between runs. Times are the server's own, epoch ms. */
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
};

/** One page to ask for, the newest rows first. Rows that close meanwhile shift pages towards overlap, never a gap. */
export function nextPage(pages: readonly ClosedPage[]): { readonly offset: number; readonly limit: number } {
  const limit = pageSizes[Math.min(pages.length, pageSizes.length - 1)] ?? 4_096;
  return { offset: pages.reduce((rows, page) => rows + page.connections.length, 0), limit };
}

/** Where a run stops looking: behind the rows it knows, or, without memory, `lookBackMs` before the server's now. */
function horizon(page: ClosedPage, cursor: Cursor | null, lookBackMs: number): number {
  if (cursor === null) return page.now - lookBackMs;
  return cursor.serverId === page.server_id ? cursor.from : 0;
}

/** True when no further page can hold a row that this run wants. */
export function isEnough(pages: readonly ClosedPage[], cursor: Cursor | null, lookBackMs: number): boolean {
  const [first, last] = [pages[0], pages.at(-1)];
  if (first === undefined || last === undefined) return false;
  const oldest = last.connections.at(-1);
  const read = pages.reduce((rows, page) => rows + page.connections.length, 0);
  return oldest === undefined || read >= last.total || oldest.stop < horizon(first, cursor, lookBackMs);
}

function knownCids(cursor: Cursor): ReadonlySet<number> {
  let cid = 0;
  return new Set(cursor.cidSteps.map((step) => (cid += step)));
}

function steps(cids: Iterable<number>): readonly number[] {
  const ascending = [...cids].sort((a, b) => a - b);
  return ascending.map((cid, i) => cid - (ascending[i - 1] ?? 0));
}

/**
 * The rows that earlier runs did not see, and the cursor for the next run.
 * @param pages consecutive pages of one server process, newest rows first, at least one
 * @param takenAt when they were read, epoch ms
 */
export function closedSince(
  pages: readonly [ClosedPage, ...ClosedPage[]],
  before: Cursor | null,
  { takenAt, lookBackMs, configuredSize }: { takenAt: number; lookBackMs: number; configuredSize: number },
): { readonly since: ClosedSince; readonly cursor: Cursor } {
  const [first] = pages;
  const last = pages.at(-1) ?? first;
  const same = before !== null && before.serverId === first.server_id ? before : null;
  const known = same === null ? new Set<number>() : knownCids(same);
  const wanted = horizon(first, before, lookBackMs);

  const byCid = new Map(pages.flatMap((page) => page.connections.map((row) => [row.cid, row] as const)));
  const read = [...byCid.values()];
  const fresh = read.filter((row) => row.stop >= wanted && !known.has(row.cid));
  // Of the first page: later ones count rows that closed while pages were read, which the next run reads.
  const held = first.total;

  // The ring overwrites its oldest: while a row is left that was there at the last run, no newer one is gone. Where
  // none was there, a ring just full of new rows may hold all there were, or not.
  const isContinued = read.some((row) => known.has(row.cid) || row.stop < wanted);
  const mayBeFull = before !== null && last.total === (before.size ?? configuredSize);
  const lost = !isContinued && ((same?.held ?? 0) > 0 || mayBeFull);
  const grewNoMore = same !== null && same.held === held && fresh.length > 0;
  const size = grewNoMore || lost ? last.total : (same?.size ?? null);

  const from = Math.max(wanted, first.now - overlap);
  const cidSteps = steps(read.filter((row) => row.stop >= from).map((row) => row.cid));
  return {
    since: {
      rows: fresh.map((row) => ({
        ...row,
        stoppedAt: takenAt - (last.now - row.stop),
        lifetimeSeconds: (row.stop - row.start) / 1_000,
      })),
      firstRun: before === null,
      lost,
      ring: { held, size: size ?? Math.max(held, configuredSize) },
    },
    cursor: { serverId: first.server_id, from, cidSteps, held, size },
  };
}
