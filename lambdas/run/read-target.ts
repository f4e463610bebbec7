import type { Endpoint, Readings } from '../define.ts';
import { seconds } from '../durations.ts';
import { closedSince, isEnough, nextPage, type ClosedSince, type Cursor } from '../readings/closed-ring.ts';
import { oneServer, processOf } from '../readings/one-server.ts';
import { serverOf, type KnownServers, type Sighting } from '../readings/servers.ts';
import type { TargetReadings } from '../engine/judgement/views.ts';
import type { Ports } from '../ports.ts';
import type { FailureCode, Reading, Target } from '../readings/reading.ts';
import { endpoints, readEndpoint, type ClosedPage, type Endpoint as Asked } from '../readings/endpoints.ts';
import type { Watch } from './watch.ts';

/** A ring of 100,000 rows takes 26 pages; a run ends long before its successor starts. */
const longestPaging = seconds(20);

/** What memory knows of servers. */
export type Remembered = {
  readonly known: KnownServers;
  readonly cursors: Readonly<Record<string, Cursor>>;
};

/** One target as a run found it. */
type Found = TargetReadings & { readonly sighting: Sighting; readonly cursor: Cursor | null };

/** Readings of one server: what another one answers at the same URL is asked for again, and else not taken. */
export async function readTarget(
  target: Target,
  asked: readonly Endpoint[],
  watch: Watch,
  ports: Ports,
  { known, cursors }: Remembered,
): Promise<Found> {
  const { source, now } = ports;
  const server = oneServer(target, (attempt) => readEndpoint(source, target, endpoints.varz, attempt));
  const { varz } = server;
  const ofOneServer = <T extends { readonly server_id: string; readonly now: number }>(endpoint: Asked<T>) =>
    server.take({
      path: endpoint.request.path,
      read: (attempt) => readEndpoint(source, target, endpoint, attempt),
      answererOf: ({ server_id: id, now: itsNow }) => ({ id, now: itsNow }),
    });
  let cursor: Cursor | null = null;
  const readers: { [E in Endpoint]: () => Promise<Reading<Readings[E]>> } = {
    varz: () => varz,
    leafz: () => ofOneServer(endpoints.leafz),
    healthz: () => readEndpoint(source, target, endpoints.healthz),
    closed: async () => {
      const started = now();
      const firstPage = ofOneServer(endpoints.closedPage(0, nextPage([]).limit));
      await firstPage;
      const answered = await varz;
      // Nothing is evaluated without: rows wait for the next run, which counts them.
      if (!answered.ok) {
        const { code, message } = answered.failure;
        return failed(code, `not counted without /varz: ${message}`);
      }
      const running = processOf(answered.value);
      const before = serverOf(known, target.name, running, started);
      const cursorOf = (id: string) => (Object.hasOwn(cursors, id) ? cursors[id] : undefined);
      const read = await readClosedRing({
        target,
        cursor: cursorOf(running.id) ?? cursorOf(before?.id ?? '') ?? null,
        firstPage,
        readPage: (offset, limit) => ofOneServer(endpoints.closedPage(offset, limit)),
        started,
        watch,
        now,
      });
      if (!read.ok) return read;
      cursor = read.value.cursor;
      return { ok: true, value: read.value.since };
    },
  };
  const readings = Object.fromEntries(
    await Promise.all(asked.map(async (endpoint) => [endpoint, await readers[endpoint]()] as const)),
  ) as TargetReadings['readings'];
  return { target, readings, cursor, sighting: await server.sighting() };
}

type Ring = {
  readonly target: Target;
  readonly cursor: Cursor | null;
  readonly firstPage: Promise<Reading<ClosedPage>>;
  readonly readPage: (offset: number, limit: number) => Promise<Reading<ClosedPage>>;
  /** When the first page was asked for, epoch ms. */
  readonly started: number;
  readonly watch: Watch;
  readonly now: () => number;
};

async function readClosedRing({
  target,
  cursor,
  firstPage,
  readPage,
  started,
  watch,
  now,
}: Ring): Promise<Reading<{ readonly since: ClosedSince; readonly cursor: Cursor }>> {
  const look = { readAt: started, lookBackMs: watch.lookBack };
  const pages: ClosedPage[] = [];
  while (!isEnough(pages, cursor, look)) {
    if (pages.length > 0 && now() - started > longestPaging) {
      return failed(
        'timeout',
        `${target.name} /connz?state=closed: ${pages.length} pages took longer than 20 s`,
      );
    }
    const { offset, limit } = nextPage(pages);
    const page = await (pages.length === 0 ? firstPage : readPage(offset, limit));
    if (!page.ok) return page;
    const { num_connections: rows, total } = page.value;
    if (rows === 0 && offset < total) {
      return failed(
        'unexpected-shape',
        `${target.name} /connz?state=closed: no rows from ${offset} on, where ${total} are held`,
      );
    }
    pages.push(page.value);
  }
  const [first, ...rest] = pages;
  if (first === undefined) return failed('unexpected-shape', `${target.name} /connz?state=closed: no page`);
  const { maxClosedClients: configuredSize } = watch.facts;
  return {
    ok: true,
    value: closedSince([first, ...rest], cursor, { ...look, takenAt: now(), configuredSize }),
  };
}

const failed = (code: FailureCode, message: string) => ({ ok: false, failure: { code, message } }) as const;
