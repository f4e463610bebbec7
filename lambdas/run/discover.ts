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
import type { KnownServer } from '../readings/servers.ts';
import type { Reading } from '../readings/reading.ts';
import type { Ports, RawReply, Source } from '../ports.ts';
import type { Watch } from './watch.ts';

/** A watch with the servers that were found by name among its targets. */
export type Discovered = {
  readonly watch: Watch;
  /** Its `source` gives what was read to find out who is who to the first who asks for it. */
  readonly ports: Ports;
  readonly looks: readonly DnsLook[];
  /** For the next run. */
  readonly found: FoundServers;
};

type Before = { readonly at: number; readonly found: FoundServers };

/** Finds the servers behind the DNS names of settings: one lookup a name, and `/varz` of each address. */
export async function discover(
  watch: Watch,
  ports: Ports,
  { at, found: before }: Before,
): Promise<Discovered> {
  const { dnsTargets = [] } = watch;
  if (dnsTargets.length === 0) return { watch, ports, looks: [], found: {} };
  const varz = new Map<string, Reading<RawReply>>();
  const seen = await Promise.all(
    dnsTargets.map(async (dns) => {
      const known = before[keyOfDns(dns)] ?? [];
      return {
        dns,
        known,
        answered: await answersOf(dns, known, { ...ports, source: keeping(ports.source, varz) }),
      };
    }),
  );
  const all: Found[] = [];
  const isTaken = (name: string) =>
    [...watch.targets, ...all.flatMap(({ targets }) => targets)].some((target) => target.name === name);
  for (const { dns, known, answered } of seen) {
    all.push(
      answered.ok
        ? foundBehind(dns, known, { answers: answered.value, at, isTaken })
        : notResolved(dns, known, { failure: answered.failure, isTaken }),
    );
  }
  return {
    watch: withTargets(watch, [...watch.targets, ...all.flatMap(({ targets }) => targets)]),
    ports: { ...ports, source: handingOn(ports.source, varz) },
    looks: all.map(({ look }) => look),
    found: Object.fromEntries(all.map(({ look, servers }) => [keyOfDns(look.dns), servers])),
  };
}

/** Who answers at each address of a name. */
async function answersOf(dns: DnsTarget, known: readonly FoundServer[], { names, source, log }: Ports) {
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
  looks: readonly DnsLook[],
): readonly KnownServer[] => {
  const gone = new Set(looks.flatMap((look) => look.gone.map(({ name }) => name)));
  const slots = new Set(known.map(({ slot }) => slot));
  const isAbsent = ({ slot, targets }: KnownServer) =>
    !slots.has(slot) && Object.keys(targets).some((name) => gone.has(name));
  return gone.size === 0 ? known : [...known, ...before.filter(isAbsent)];
};
