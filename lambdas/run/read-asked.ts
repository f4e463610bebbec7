import type { Asked, AskedEndpoint, AskedOf, Endpoint, Readings } from '../define.ts';
import type { Judgement } from '../engine/judgement/judge.ts';
import type { Snapshot, TargetReadings } from '../engine/judgement/views.ts';
import type { Ports } from '../ports.ts';
import { endpoints, readEndpoint, type Endpoint as Request } from '../readings/endpoints.ts';
import { mostAsked, readInterest } from '../readings/interest.ts';
import type { LeftOut } from '../readings/decoders/left-out.ts';
import { isGone, type Failure, type Reading } from '../readings/reading.ts';

type AskedPorts = Pick<Ports, 'source' | 'handshakes'>;

/** Parts that could not be read. */
type Left = { readonly leftOut?: LeftOut };

/** How a reading is read part by part. */
type InParts<E extends AskedEndpoint> = {
  /** Requests a run: small replies, but one each. */
  readonly most: number;
  readonly read: (asked: AskedOf<E>, ports: AskedPorts) => Promise<Reading<Readings[E]>>;
  readonly joined: (parts: readonly Readings[E][], left: Left) => Readings[E];
  /** Whether those that were read stand beside one that failed, which is then left out. */
  readonly standsAlone: boolean;
};

const byRequest =
  <E extends AskedEndpoint>(requestFor: (asked: AskedOf<E>) => Request<Readings[E]>): InParts<E>['read'] =>
  (asked, { source }) =>
    readEndpoint(source, asked.target, requestFor(asked));

const inParts: { readonly [E in AskedEndpoint]: InParts<E> } = {
  raftz: {
    most: 8,
    read: byRequest(endpoints.raftz),
    joined: (parts) => ({ groups: parts.flatMap(({ groups }) => groups) }),
    standsAlone: false,
  },
  accountz: {
    most: 256,
    read: byRequest(endpoints.account),
    joined: (parts, left) => ({ accounts: parts.flatMap(({ accounts }) => accounts), ...left }),
    standsAlone: true,
  },
  subscribers: {
    most: 16,
    read: byRequest(endpoints.subscribers),
    joined: (parts, left) => ({ ofAccounts: parts.flatMap(({ ofAccounts }) => ofAccounts), ...left }),
    standsAlone: true,
  },
  interest: {
    most: mostAsked,
    read: (asked, { source }) => readInterest(source, asked),
    joined: (parts, left) => ({ ofAccounts: parts.flatMap(({ ofAccounts }) => ofAccounts), ...left }),
    standsAlone: true,
  },
  // Short connections, each of which may last until it is given up: one that fails is a part, too.
  certificates: {
    most: 64,
    read: async ({ target, port }, { handshakes }) => ({
      ok: true,
      value: new Map([[port, await handshakes.certificate(target, port)]]),
    }),
    joined: (parts) => new Map(parts.flatMap((part) => [...part])),
    standsAlone: true,
  },
};

/** Whether a reading is of what verdicts ask for alone. */
export const isAsked = (endpoint: Endpoint): endpoint is AskedEndpoint => Object.hasOwn(inParts, endpoint);

const keyOf = ({ target, ...part }: Asked): string =>
  JSON.stringify([target.name, ...Object.entries(part).toSorted()]);

/** What verdicts ask for and was not read before in this run: of each reading the first of it, each part once. */
export function askedFor(judgements: readonly Judgement[], before: readonly Asked[]): readonly Asked[] {
  const known = new Set(before.map(keyOf));
  const wanted = new Map(
    judgements.flatMap(({ asks = [] }) => asks.map((each) => [keyOf(each), each] as const)),
  );
  const left = new Map(Object.entries(inParts).map(([endpoint, { most }]) => [endpoint, most]));
  const take = ({ endpoint }: Asked): boolean => {
    const more = left.get(endpoint) ?? 0;
    left.set(endpoint, more - 1);
    return more > 0;
  };
  before.forEach(take);
  return [...wanted].flatMap(([key, each]) => (!known.has(key) && take(each) ? [each] : []));
}

/** What was left out before, and what has failed since. */
function leftBy(before: readonly Left[], failures: readonly Failure[]): Left {
  const now = failures
    .filter((failure) => !isGone(failure))
    .map(({ message }) => ({ count: 1, problem: message }));
  const all = [...before.flatMap(({ leftOut }) => leftOut ?? []), ...now];
  const [first] = all;
  if (first === undefined) return {};
  return { leftOut: { count: all.reduce((sum, { count }) => sum + count, 0), problem: first.problem } };
}

/** These parts of one server's reading, beside those read before; the failure where all of them fail, or one does whose others need it. */
async function readParts<E extends AskedEndpoint>(
  ports: AskedPorts,
  { readings }: TargetReadings,
  endpoint: E,
  asked: readonly Asked[],
): Promise<Reading<Readings[E]>> {
  const { read: readPart, joined, standsAlone }: InParts<E> = inParts[endpoint];
  const own = asked.filter(
    (each) => each.endpoint === endpoint,
  ) as readonly unknown[] as readonly AskedOf<E>[];
  const read = await Promise.all(own.map((each) => readPart(each, ports)));
  const all = [...(readings[endpoint] === undefined ? [] : [readings[endpoint]]), ...read];
  const parts = all.flatMap((reading) => (reading.ok ? [reading.value] : []));
  const failures = all.flatMap((reading) => (reading.ok ? [] : [reading.failure]));
  const [failure] = failures;
  if (failure !== undefined && !(standsAlone && parts.length > 0)) return { ok: false, failure };
  return { ok: true, value: joined(parts, leftBy(parts as readonly Left[], failures)) };
}

/** The snapshot with what was asked for. */
export async function withAsked(
  snapshot: Snapshot,
  asked: readonly Asked[],
  ports: AskedPorts,
): Promise<Snapshot> {
  const byTarget = Map.groupBy(asked, ({ target }) => target.name);
  const servers = snapshot.servers.map(async (server) => {
    const own = byTarget.get(server.target.name) ?? [];
    const read = [...new Set(own.map(({ endpoint }) => endpoint))].map(
      async (endpoint) => [endpoint, await readParts(ports, server, endpoint, own)] as const,
    );
    if (read.length === 0) return server;
    const readings = { ...server.readings, ...Object.fromEntries(await Promise.all(read)) };
    return { ...server, readings };
  });
  return { ...snapshot, servers: await Promise.all(servers) };
}
