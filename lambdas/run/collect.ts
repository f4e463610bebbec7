import type { Check, DetailRequest, Details, Endpoint } from '../define.ts';
import { replyOf } from '../readings/one-server.ts';
import { knownServers, type KnownServer } from '../readings/known-servers.ts';
import type { Snapshot, TargetReadings } from '../engine/judgement/views.ts';
import { whoAnswered } from '../engine/judgement/who-answered.ts';
import type { Ports, Source } from '../ports.ts';
import { readTarget, type Remembered } from './read-target.ts';
import { endpoints, readEndpoint, type Endpoint as Asked } from '../readings/endpoints.ts';
import type { Watch } from './watch.ts';
import type { Target } from '../readings/reading.ts';

/** Every endpoint that a check's diagnoses and series read; `/varz` always. */
export function endpointsOf({ diagnoses, series }: Check): readonly Endpoint[] {
  const asked = [...diagnoses, ...series].flatMap(({ reads }) => Object.keys(reads) as Endpoint[]);
  return [...new Set<Endpoint>(['varz', ...asked])];
}

type Before = {
  readonly at: number;
  readonly known: readonly KnownServer[];
  readonly cursors: Remembered['cursors'];
};

/** All readings of one run, of all servers at once; who answered, and the closed rings' cursors for the next run. */
export async function collect(check: Check, watch: Watch, ports: Ports, { at, known, cursors }: Before) {
  const asked = endpointsOf(check);
  const before: Remembered = { known: knownServers(known), cursors };
  const found = await Promise.all(
    watch.targets.map((target) => readTarget(target, asked, watch, ports, before)),
  );
  const sighted = found.map(({ target, readings, sighting }) => ({ target, varz: readings.varz, sighting }));
  const { answering, known: now } = whoAnswered(sighted, known, ports.now());
  const servers = found.map(({ target, readings }, i): TargetReadings => {
    const own = answering[i];
    return { target, readings, ...(own === undefined ? {} : { answering: own }) };
  });
  const snapshot: Snapshot = { at, servers };
  // The rows that a twin read are not counted: its cursor may be behind the one of the reading that is.
  const counted = found.filter((_, i) => answering[i]?.twin === null);
  const passed = counted.flatMap(({ cursor }) =>
    cursor === null ? [] : [[cursor.serverId, cursor] as const],
  );
  return { snapshot, servers: now.all(), cursors: Object.fromEntries(passed) };
}

/** Which server gave a run its replies, by target; none where nobody knows. */
export type ServerIds = ReadonlyMap<string, string>;

export const serverIdsOf = ({ servers }: Snapshot): ServerIds =>
  new Map(
    servers.flatMap(({ target, readings: { varz } }) =>
      varz?.ok ? [[target.name, varz.value.server_id] as const] : [],
    ),
  );

/** The readings a finding asked for, of the server that it is of; those that fail are reported beside the others. */
export async function readDetails(
  source: Source,
  requests: readonly DetailRequest[],
  serverIds: ServerIds,
): Promise<Details> {
  const readOf = <T extends { readonly server_id: string }>(target: Target, endpoint: Asked<T>) =>
    replyOf(
      target,
      {
        path: endpoint.request.path,
        read: (attempt) => readEndpoint(source, target, endpoint, attempt),
        answererOf: ({ server_id: id }) => ({ id, now: 0 }),
      },
      { expected: ({ id }) => ({ path: '/varz', id: serverIds.get(target.name) ?? id }) },
    );
  const read = await Promise.all(
    requests.map(async (request) => {
      const { target } = request;
      if (request.endpoint === 'leafzSubs') {
        const reading = await readOf(target, endpoints.leafzSubs(request.account));
        return { endpoint: request.endpoint, reading } as const;
      }
      if (request.endpoint === 'routez') {
        const reading = await readOf(target, endpoints.routez);
        return { endpoint: request.endpoint, reading } as const;
      }
      const reading = await readOf(target, endpoints.connz(request.limit));
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
