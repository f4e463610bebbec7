import type { Check, DetailRequest, Details, Endpoint } from '../define.ts';
import { ringUseOf } from '../engine/judgement/explain.ts';
import { learnedOf, type LearnedConfigs } from '../readings/learned-configs.ts';
import { replyOf } from '../readings/one-server.ts';
import { knownServers, type KnownServer } from '../readings/known-servers.ts';
import type { Snapshot } from '../engine/judgement/views.ts';
import { whoAnswered } from '../engine/judgement/who-answered.ts';
import type { Ports, Source } from '../ports.ts';
import { isAsked } from './read-asked.ts';
import { readTarget, type Always, type Asked, type Found, type Remembered } from './read-target.ts';
import { endpoints, readEndpoint, type Endpoint as Request } from '../readings/endpoints.ts';
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
  readonly configs: LearnedConfigs;
  /** Findings of warning or critical are open. */
  readonly isFound: boolean;
};

/** What a run has read. */
export type Collected = {
  readonly snapshot: Snapshot;
  /** Who answered. */
  readonly servers: readonly KnownServer[];
  /** Of the closed rings that were read, for the next run. */
  readonly cursors: Remembered['cursors'];
  /** Of streams and consumers, for the next run. */
  readonly configs: LearnedConfigs;
  /** Some are judged by configurations that were told in an earlier run. */
  readonly remembersConfigs: boolean;
  /** The same with the configurations of all told anew. */
  readonly withConfigs: () => Promise<Collected>;
  /** The same with the closed rings of these targets. */
  readonly withRings: (targets: readonly Target[]) => Promise<Collected>;
};

/** All readings of one run, of all servers at once. */
export async function collect(
  check: Check,
  watch: Watch,
  ports: Ports,
  { at, known, cursors, configs, isFound }: Before,
): Promise<Collected> {
  const asked: Asked = {
    endpoints: endpointsOf(check).filter((each): each is Always => each !== 'closed' && !isAsked(each)),
    turn: Math.floor(at / check.every),
    ring: ringUseOf(check, watch.book),
    ...{ at, isFound },
  };
  const before: Remembered = { known: knownServers(known), cursors, configs };
  const found = await Promise.all(
    watch.targets.map((target) => readTarget(target, asked, watch, ports, before)),
  );
  const sighted = found.map(({ target, readings, sighting }) => ({ target, varz: readings.varz, sighting }));
  const { answering, known: now } = whoAnswered(sighted, known, ports.now());
  const collected = (all: readonly Found[]): Collected => {
    const shown = all.flatMap((each) => each.shown ?? []);
    return {
      snapshot: {
        at,
        servers: all.map(({ target, readings }, i) => {
          const own = answering[i];
          return { target, readings, ...(own === undefined ? {} : { answering: own }) };
        }),
      },
      servers: now.all(),
      // The rows that a twin read are not counted: its cursor may be behind the one of the reading that is.
      cursors: Object.fromEntries(
        all.flatMap(({ cursor }, i) =>
          cursor === null || answering[i]?.twin !== null ? [] : [[cursor.serverId, cursor] as const],
        ),
      ),
      configs: learnedOf(configs, shown, at),
      remembersConfigs: all.some(isRemembered),
      withConfigs: async () => collected(await told(all)),
      withRings: async (targets) => {
        const read = new Set(targets);
        return collected(
          await Promise.all(
            all.map(async (each) => {
              if (!read.has(each.target)) return each;
              const { closed, cursor } = await each.readRing();
              return { ...each, readings: { ...each.readings, closed }, cursor };
            }),
          ),
        );
      },
    };
  };
  // Servers that tell of the same streams tell it of the same moment.
  const isNew = found.some(({ shown }) => shown?.configs === 'untold');
  return collected(isNew ? await told(found) : found);
}

const isRemembered = ({ shown }: Found): boolean => shown?.configs === 'remembered';

/** With the configurations of all told in this run. */
const told = (found: readonly Found[]): Promise<readonly Found[]> =>
  Promise.all(
    found.map(async (each) => (isRemembered(each) ? { ...each, ...(await each.readConfigs()) } : each)),
  );

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
  const readOf = <T extends { readonly server_id: string }>(target: Target, endpoint: Request<T>) =>
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
      const reading = await readOf(target, endpoints.connz(request.limit));
      return { endpoint: request.endpoint, reading } as const;
    }),
  );
  return {
    connz: read.flatMap((each) => (each.endpoint === 'connz' && each.reading.ok ? [each.reading.value] : [])),
    leafzSubs: read.flatMap((each) =>
      each.endpoint === 'leafzSubs' && each.reading.ok ? [each.reading.value] : [],
    ),
    failures: read.flatMap(({ reading }) => (reading.ok ? [] : [reading.failure])),
  };
}
