import type { Check, DetailRequest, Details, Endpoint } from './define.ts';
import { answeringAt, recognised, slotOf } from './engine/servers.ts';
import type { Answering, Snapshot, TargetReadings } from './engine/views.ts';
import type { Ports, Source } from './ports.ts';
import { readTarget, type Remembered } from './read-target.ts';
import { endpoints, readEndpoint } from './replies/endpoints.ts';
import type { Watch } from './run.ts';

/** Every endpoint that a check's diagnoses and series read; `/varz` always. */
export function endpointsOf({ diagnoses, series }: Check): readonly Endpoint[] {
  const asked = [...diagnoses, ...series].flatMap(({ reads }) => Object.keys(reads) as Endpoint[]);
  return [...new Set<Endpoint>(['varz', ...asked])];
}

type Before = Remembered & { readonly at: number };

/** All readings of one run, of all servers at once; who answered, and the closed rings' cursors for the next run. */
export async function collect(check: Check, watch: Watch, ports: Ports, before: Before) {
  const { at } = before;
  const found = await Promise.all(
    watch.targets.map((target) => readTarget(target, endpointsOf(check), watch, ports, before)),
  );
  const known = recognised(
    before.known,
    found.map(({ sighting }) => sighting),
    { targets: watch.targets.map(({ name }) => name), at: ports.now() },
  );
  const idOf = ({ readings: { varz } }: TargetReadings) => (varz?.ok ? varz.value.server_id : null);
  const servers = found.map((each, i) => {
    const { target, readings } = each;
    const id = idOf(each);
    const same = found.slice(0, i).find((other) => id !== null && idOf(other) === id);
    const answering: Answering = {
      slot: slotOf(known, target.name, id),
      servers: answeringAt(known, target.name, ports.now()),
      twin: same?.target ?? null,
    };
    return { target, readings, answering };
  });
  const snapshot: Snapshot = { at, servers };
  // The rows that a twin read are not counted: its cursor may be behind the one of the reading that is.
  const counted = found.filter((_, i) => servers[i]?.answering.twin === null);
  const cursors = counted.flatMap(({ cursor }) =>
    cursor === null ? [] : [[cursor.serverId, cursor] as const],
  );
  return { snapshot, servers: known, cursors: Object.fromEntries(cursors) };
}

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
