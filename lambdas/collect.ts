import type { Check, DetailRequest, Details, Endpoint, Readings } from './define.ts';
import { seconds } from './durations.ts';
import { closedSince, isEnough, nextPage, type ClosedSince, type Cursor } from './engine/closed-ring.ts';
import type { Snapshot, TargetReadings } from './engine/views.ts';
import type { Ports, Source } from './ports.ts';
import type { FailureCode, Reading, Target } from './readings.ts';
import type { ClosedPage } from './replies/closed.ts';
import { endpoints, readEndpoint } from './replies/endpoints.ts';
import type { Watch } from './run.ts';

/** A ring of 100,000 rows takes 26 pages; a run ends long before its successor starts. */
const longestPaging = seconds(20);

/** Every endpoint that a check's diagnoses and series read; `/varz` always. */
export function endpointsOf({ diagnoses, series }: Check): readonly Endpoint[] {
  const asked = [...diagnoses, ...series].flatMap(({ reads }) => Object.keys(reads) as Endpoint[]);
  return [...new Set<Endpoint>(['varz', ...asked])];
}

type Before = { readonly at: number; readonly cursors: Readonly<Record<string, Cursor>> };

/** All readings of one run, of all servers at once, and the closed rings' cursors for the next run. */
export async function collect(check: Check, watch: Watch, ports: Ports, { at, cursors }: Before) {
  const asked = endpointsOf(check);
  const known = new Map(Object.entries(cursors));
  const moved = new Map<string, Cursor>();
  const readers: { [E in Endpoint]: (target: Target) => Promise<Reading<Readings[E]>> } = {
    varz: (target) => readEndpoint(ports.source, target, endpoints.varz),
    leafz: (target) => readEndpoint(ports.source, target, endpoints.leafz),
    healthz: (target) => readEndpoint(ports.source, target, endpoints.healthz),
    closed: async (target) => {
      const read = await readClosedRing(target, known.get(target.name) ?? null, watch, ports);
      if (!read.ok) return read;
      moved.set(target.name, read.value.cursor);
      return { ok: true, value: read.value.since };
    },
  };
  const servers = await Promise.all(
    watch.targets.map(async (target) => {
      const readings = await Promise.all(
        asked.map(async (endpoint) => [endpoint, await readers[endpoint](target)] as const),
      );
      return { target, readings: Object.fromEntries(readings) };
    }),
  );
  const snapshot: Snapshot = { at, servers: servers.map(withoutOrphanedRows) };
  const counted = snapshot.servers.flatMap(({ target: { name }, readings: { closed } }) => {
    const cursor = moved.get(name);
    return closed?.ok && cursor !== undefined ? [[name, cursor] as const] : [];
  });
  return { snapshot, cursors: Object.fromEntries(counted) };
}

/** Without `/varz` nothing else is evaluated: closed rows of such a run wait for the next one, which counts them. */
function withoutOrphanedRows({ target, readings }: TargetReadings): TargetReadings {
  const { varz, closed } = readings;
  if (varz?.ok !== false || closed?.ok !== true) return { target, readings };
  const { code, message } = varz.failure;
  return { target, readings: { ...readings, closed: failed(code, `not counted without /varz: ${message}`) } };
}

async function readClosedRing(
  target: Target,
  cursor: Cursor | null,
  watch: Watch,
  { source, now }: Ports,
): Promise<Reading<{ readonly since: ClosedSince; readonly cursor: Cursor }>> {
  const started = now();
  const pages: ClosedPage[] = [];
  while (!isEnough(pages, cursor, watch.lookBack)) {
    if (now() - started > longestPaging) {
      return failed(
        'timeout',
        `${target.name} /connz?state=closed: ${pages.length} pages took longer than 20 s`,
      );
    }
    const { offset, limit } = nextPage(pages);
    const page = await readEndpoint(source, target, endpoints.closedPage(offset, limit));
    if (!page.ok) return page;
    if (pages[0] !== undefined && pages[0].server_id !== page.value.server_id) {
      return failed(
        'unreachable',
        `${target.name} /connz?state=closed: the server restarted while it was read`,
      );
    }
    const { connections, total } = page.value;
    if (connections.length === 0 && offset < total) {
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
  const read = closedSince([first, ...rest], cursor, {
    takenAt: now(),
    lookBackMs: watch.lookBack,
    configuredSize,
  });
  return { ok: true, value: read };
}

const failed = (code: FailureCode, message: string) => ({ ok: false, failure: { code, message } }) as const;

/** The readings a finding asked for; those that fail are told beside the others. */
export async function readDetails(source: Source, requests: readonly DetailRequest[]): Promise<Details> {
  const read = await Promise.all(
    requests.map(async (request) => {
      if (request.endpoint === 'leafzSubs') {
        const reading = await readEndpoint(source, request.target, endpoints.leafzSubs(request.account));
        return { endpoint: request.endpoint, reading } as const;
      }
      if (request.endpoint === 'routez') {
        const reading = await readEndpoint(source, request.target, endpoints.routez);
        return { endpoint: request.endpoint, reading } as const;
      }
      const { target, limit } = request;
      const reading = await readEndpoint(source, target, endpoints.connz(limit));
      return { endpoint: request.endpoint, reading } as const;
    }),
  );
  return {
    connz: read.flatMap((each) => (each.endpoint === 'connz' && each.reading.ok ? [each.reading.value] : [])),
    leafzSubs: read.flatMap((each) =>
      each.endpoint === 'leafzSubs' && each.reading.ok ? [each.reading.value] : [],
    ),
    routez: read.flatMap((each) =>
      each.endpoint === 'routez' && each.reading.ok ? [each.reading.value] : [],
    ),
    failures: read.flatMap(({ reading }) => (reading.ok ? [] : [reading.failure])),
  };
}
