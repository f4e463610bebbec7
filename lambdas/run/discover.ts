import {
  foundBehind,
  foundTarget,
  keyOfDns,
  nameAt,
  notResolved,
  mostFound,
  type DnsLook,
  type DnsTarget,
  type Found,
  type FoundServer,
  type FoundServers,
} from '../readings/found-by-name.ts';
import { endpoints, readEndpoint } from '../readings/endpoints.ts';
import type { MemoryState } from '../engine/memory-state.ts';
import type { KnownServer } from '../readings/servers.ts';
import type { Reading } from '../readings/reading.ts';
import type { Ports, RawReply, Source } from '../ports.ts';
import type { Watch } from './watch.ts';

/** Of the world, what finding servers needs. */
type Finding = Pick<Ports, 'source' | 'names' | 'log'>;

/** A watch with the servers that were found by name among its targets. */
export type Discovered<P extends Finding = Ports> = {
  readonly watch: Watch;
  /** Its `source` gives what was read to find out who is who to the first who asks for it. */
  readonly ports: P;
  readonly looks: readonly DnsLook[];
  /** For the next run. */
  readonly found: FoundServers;
  /** Who is known to have answered, as far as it was where servers are now: two addresses of one name are not one URL. */
  readonly known: readonly KnownServer[];
};

type Before = { readonly at: number; readonly memory: Pick<MemoryState, 'found' | 'servers'> };

/** Finds the servers behind the DNS names of settings: one lookup a name, and `/varz` of each address. */
export async function discover<P extends Finding>(
  watch: Watch,
  ports: P,
  { at, memory: { found: before, servers: known } }: Before,
): Promise<Discovered<P>> {
  const { dnsTargets = [] } = watch;
  if (dnsTargets.length === 0) return { watch, ports, looks: [], found: {}, known };
  const varz = new Map<string, Reading<RawReply>>();
  const seen = await Promise.all(
    dnsTargets.map(async (dns) => {
      const remembered = before[keyOfDns(dns)] ?? [];
      return {
        dns,
        remembered,
        answered: await answersOf(dns, remembered, { ...ports, source: keeping(ports.source, varz) }),
      };
    }),
  );
  const taken = new Set(watch.targets.map(({ name }) => name));
  const isTaken = (name: string) => taken.has(name);
  const all: Found[] = [];
  for (const { dns, remembered, answered } of seen) {
    const found = answered.ok
      ? foundBehind(dns, remembered, { answers: answered.value, at, isTaken })
      : notResolved(dns, remembered, { failure: answered.failure, isTaken });
    for (const { name } of found.targets) taken.add(name);
    all.push(found);
  }
  return {
    watch: withTargets(watch, [...watch.targets, ...all.flatMap(({ targets }) => targets)]),
    ports: { ...ports, source: handingOn(ports.source, varz) },
    looks: all.map(({ look }) => look),
    found: Object.fromEntries(all.map(({ look, servers }) => [keyOfDns(look.dns), servers])),
    known: longAgo(known, new Set(all.flatMap(({ moved }) => moved))),
  };
}

/** What answered under these names did so elsewhere: the next one is its successor, or one that has nothing to do with it. */
const longAgo = (known: readonly KnownServer[], names: ReadonlySet<string>): readonly KnownServer[] =>
  names.size === 0
    ? known
    : known.map((server) => ({
        ...server,
        targets: Object.fromEntries(
          Object.entries(server.targets).map(([name, at]) => [name, names.has(name) ? 0 : at]),
        ),
      }));

/** Who answers at each address of a name. */
async function answersOf(dns: DnsTarget, known: readonly FoundServer[], { names, source, log }: Finding) {
  const addresses = await names.addresses(dns.dns);
  if (!addresses.ok) return addresses;
  if (addresses.value.length > mostFound)
    log.warn(`${dns.dns} has ${addresses.value.length} addresses, of which ${mostFound} are watched`);
  const read = addresses.value.slice(0, mostFound).map(async (address) => {
    const target = foundTarget(dns, nameAt(known, address), address);
    const varz = await readEndpoint(source, target, endpoints.varz);
    return [address, varz.ok ? varz.value : null] as const;
  });
  return { ok: true, value: new Map(await Promise.all(read)) } as const;
}

/** Keeps what is read, by the target's URL. */
const keeping = (source: Source, kept: Map<string, Reading<RawReply>>): Source => ({
  async read(target, request) {
    const reading = await source.read(target, request);
    kept.set(target.url, reading);
    return reading;
  },
});

/** Gives each `/varz` that was kept once, and reads whatever else is asked for. */
const handingOn = (source: Source, kept: Map<string, Reading<RawReply>>): Source => ({
  read(target, request) {
    const known = request.path === endpoints.varz.request.path ? kept.get(target.url) : undefined;
    if (known === undefined) return source.read(target, request);
    kept.delete(target.url);
    return Promise.resolve(known);
  },
});

const made = new WeakMap<Watch, Watch>();

/** The same watch as long as its targets are the same: what is prepared for one is known by it. */
function withTargets(watch: Watch, targets: Watch['targets']): Watch {
  const textOf = (some: Watch['targets']) => JSON.stringify(some.map(({ name, url }) => [name, url]));
  const last = made.get(watch);
  if (last !== undefined && textOf(last.targets) === textOf(targets)) return last;
  const next = { ...watch, targets };
  made.set(watch, next);
  return next;
}

/** Servers that a run knows, with those that are behind no name now: one that comes back goes on where it was. */
export const withAbsent = (
  known: readonly KnownServer[],
  before: readonly KnownServer[],
  found: FoundServers,
): readonly KnownServer[] => {
  const absent = Object.values(found).flatMap((some) => some.filter(({ isThere }) => !isThere));
  const gone = new Set(absent.map(({ name }) => name));
  const slots = new Set(known.map(({ slot }) => slot));
  const isAbsent = ({ slot, targets }: KnownServer) =>
    !slots.has(slot) && Object.keys(targets).some((name) => gone.has(name));
  return gone.size === 0 ? known : [...known, ...before.filter(isAbsent)];
};
