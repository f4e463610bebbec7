import { minutes, seconds } from '../../lambdas/durations.ts';
import { closedSince, type ClosedSince } from '../../lambdas/readings/closed-ring/closed-since.ts';
import type { Cursor } from '../../lambdas/readings/closed-ring/cursor.ts';
import { nextAsked, nothingRead, withReply } from '../../lambdas/readings/closed-ring/pages.ts';
import { closedNothing } from '../../lambdas/readings/closed-ring/quiet.ts';
import type { ClosedPage, ClosedRow } from '../../lambdas/readings/decoders/closed.ts';
import { closedRow } from '../kit.ts';

/** `server_id` of the process that a closing server begins with. */
export const firstProcess = 'process1';

type Late = { readonly row: ClosedRow; readonly due: number };

/** The closed ring of a nats-server as `/connz?state=closed&sort=stop` shows it, with a clock that tests move. */
export function closingServer({ ringSize = 10_000 } = {}) {
  let now = Date.parse('2026-11-20T10:00:00Z');
  /** How far the server's clock is ahead of ours. */
  let ahead = 0;
  let process = 1;
  let lastCid = 0;
  let ring: readonly ClosedRow[] = [];
  let late: readonly Late[] = [];
  let open: readonly ClosedRow[] = [];
  let closes = 0;
  const stop = () => {
    closes += 1;
    return closedRow({ cid: (lastCid += 1), start: now - minutes(1), stop: now });
  };
  const record = (rows: readonly ClosedRow[]) => void (ring = [...ring, ...rows].slice(-ringSize));
  const recordDue = () => {
    record(late.filter(({ due }) => due <= now).map(({ row }) => row));
    late = late.filter(({ due }) => due > now);
  };
  return {
    now: () => now,
    ourNow: () => now - ahead,
    /** Sets the server's clock: NTP found that it was wrong. */
    setClock(byMs: number): void {
      record(late.map(({ row }) => row));
      late = [];
      now += byMs;
      ahead += byMs;
    },
    process: () => process,
    ring: () => ring,
    /** How many closed since it started, those too whose rows are not yet in the ring. */
    closes: () => closes,
    pass(spanMs: number): void {
      const until = now + spanMs;
      for (const { due } of late.toSorted((a, b) => a.due - b.due)) {
        if (due > until) continue;
        now = due;
        recordDue();
      }
      now = until;
    },
    /** Closes connections now. */
    close(count = 1): number[] {
      const rows = Array.from({ length: count }, stop);
      record(rows);
      return rows.map(({ cid }) => cid);
    },
    /** Closes one connection now, whose row comes into the ring later. */
    closeRecordedAfter(spanMs: number): number {
      const row = stop();
      late = [...late, { row, due: now + spanMs }];
      return row.cid;
    },
    /** Connections that stay open: what closes of them later has a smaller cid than what came meanwhile. */
    open(count: number): void {
      open = [
        ...open,
        ...Array.from({ length: count }, () => closedRow({ cid: (lastCid += 1), start: now })),
      ];
    },
    /** Closes the one that is open for longest, if any is. */
    closeOpen(): readonly number[] {
      const [row, ...rest] = open;
      if (row === undefined) return [];
      open = rest;
      closes += 1;
      record([{ ...row, stop: now }]);
      return [row.cid];
    },
    restart(): void {
      open = [];
      closes = 0;
      process += 1;
      lastCid = 0;
      ring = [];
      late = [];
    },
    page: ({ offset, limit }: { readonly offset: number; readonly limit: number }): ClosedPage => {
      const sorted = ring.toReversed().sort((a, b) => b.stop - a.stop);
      const connections = sorted.slice(offset, offset + limit);
      return {
        server_id: `process${process}`,
        now,
        num_connections: connections.length,
        total: ring.length,
        offset,
        limit,
        connections,
      };
    },
  };
}
export type ClosingServer = ReturnType<typeof closingServer>;

type Read = {
  readonly since: ClosedSince;
  readonly cids: readonly number[];
  /** Rows of each page that was pulled, and of all replies. */
  readonly pages: readonly number[];
  readonly rows: number;
};

/** Reads a server's ring run after run, as a check does; where closes are counted, only if they tell of one. */
export function reader(
  server: ClosingServer,
  {
    configuredSize = 10_000,
    lookBackMs = seconds(600),
    isBounded = false,
    isCounted = false,
  }: { configuredSize?: number; lookBackMs?: number; isBounded?: boolean; isCounted?: boolean } = {},
) {
  let cursor: Cursor | null = null;
  return {
    /** @param between what happens on the server after each page */
    run(between: () => void = () => {}): Read {
      const readAt = server.ourNow();
      const look = { readAt, lookBackMs, isBounded };
      const closes = isCounted ? server.closes() : null;
      const serverId = `process${server.process()}`;
      const none = closedNothing(
        cursor,
        { serverId, now: server.now(), closes },
        { ...look, configuredSize },
      );
      if (none !== null) return { since: none, cids: [], pages: [], rows: 0 };
      let all = nothingRead;
      let rows = 0;
      for (let asked; (asked = nextAsked(all, cursor, look)) !== null;) {
        const page = server.page(asked);
        rows += page.num_connections;
        all = withReply(all, asked, page);
        between();
      }
      const { pages } = all;
      const [first, ...rest] = pages;
      if (first === undefined) throw new Error('no page was read');
      const takenAt = server.ourNow();
      const read = closedSince([first, ...rest], cursor, { ...look, takenAt, configuredSize, closes });
      // Memory is JSON.
      cursor = JSON.parse(JSON.stringify(read.cursor)) as Cursor;
      return {
        since: read.since,
        cids: read.since.rows.map(({ cid }) => cid),
        pages: pages.map(({ connections }) => connections.length),
        rows,
      };
    },
  };
}

/** Work that is done the first time only. */
export function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

export const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
