import { days } from '../durations.ts';
import type { Varz } from './endpoints.ts';
import type { Failure, Target } from './reading.ts';
import { freeName, targetName } from './target-name.ts';

/** A DNS name of settings whose every address is one server. */
export type DnsTarget = {
  readonly dns: string;
  /** Of monitoring. */
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** How many servers should be behind it; null where settings do not say. */
  readonly expect: number | null;
  readonly labels: NonNullable<Target['labels']>;
  /** Certificates are for the DNS name unless `serverName` says another. */
  readonly tls?: NonNullable<Target['tls']>;
};

/** A server as memory knows it, under the name that its target has. */
export type FoundServer = {
  readonly name: string;
  readonly address: string;
  /** When DNS last had it, epoch ms. */
  readonly seenAt: number;
  /** Whether DNS had it when it answered last. */
  readonly isThere: boolean;
};

/** What is remembered of each name, by `keyOfDns`. */
export type FoundServers = Readonly<Record<string, readonly FoundServer[]>>;

/** What one run found behind a name. */
export type DnsLook = {
  readonly dns: DnsTarget;
  /** Why DNS did not say; null where it did. */
  readonly failure: Failure | null;
  /** Those behind it, by the names of their targets; where DNS did not say, as it said last. */
  readonly servers: readonly string[];
  /** Those that are behind it no longer, the latest first. */
  readonly gone: readonly FoundServer[];
};

/** Of one name. A record of Route 53 has at most 400 values. */
export const mostFound = 400;
/** Long enough for a name that comes back to find its histories. */
const remembered = days(1);
const mostGone = 16;

/** `nats.internal:8222` */
export const keyOfDns = ({ dns, port }: Pick<DnsTarget, 'dns' | 'port'>): string => `${dns}:${port}`;

const hostOf = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** A server at an address, or at the name itself where no address is known. */
export const foundTarget = (
  { scheme, dns, port, labels, tls }: DnsTarget,
  name: string,
  host: string,
): Target => ({
  name,
  url: `${scheme}://${hostOf(host)}:${port}`,
  labels,
  ...(scheme === 'https' ? { tls: { serverName: dns, ...tls } } : {}),
});

/** The name of who was last seen at an address; that address where nobody was. */
export function nameAt(before: readonly FoundServer[], address: string): string {
  const known = before
    .filter((each) => each.address === address)
    .sort((a, b) => Number(b.isThere) - Number(a.isThere) || b.seenAt - a.seenAt);
  return known[0]?.name ?? targetName(address);
}

/** A name's servers in one run: targets, what is told of them, and what is remembered. */
export type Found = {
  readonly targets: readonly Target[];
  readonly look: DnsLook;
  readonly servers: readonly FoundServer[];
  /** Names that are at another address than they were. */
  readonly moved: readonly string[];
};

type Seen = {
  /** Who answered at each address that DNS has; null for nobody. */
  readonly answers: ReadonlyMap<string, Pick<Varz, 'server_id' | 'server_name'> | null>;
  /** The run's minute, epoch ms. */
  readonly at: number;
  /** Names of the cluster's other targets. */
  readonly isTaken: (name: string) => boolean;
};

/**
 * Names who is behind a DNS name: by `server_name` who answers, and who does not answer as who last was at that address. A
 * server has one target, however many addresses it has, and an address whose server answers at another one now has none.
 */
export function foundBehind(
  dns: DnsTarget,
  before: readonly FoundServer[],
  { answers, at, isTaken }: Seen,
): Found {
  const named = new Map<string, string>();
  const use = (address: string, wanted: string): void => {
    named.set(
      freeName(wanted, (name) => isTaken(name) || named.has(name)),
      address,
    );
  };
  const answering = [...answers].flatMap(([address, varz]) => {
    if (varz === null) return [];
    const name = targetName(varz.server_name ?? varz.server_id);
    const wasHere = before.some((each) => each.address === address && each.name === name);
    return [{ address, name, id: varz.server_id, wasHere }];
  });
  const ids = new Set<string>();
  for (const { address, name, id } of answering.toSorted((a, b) => Number(b.wasHere) - Number(a.wasHere))) {
    if (ids.has(id)) continue;
    ids.add(id);
    use(address, name);
  }
  const silent = [...answers].filter(([, varz]) => varz === null).map(([address]) => address);
  for (const address of silent) {
    const name = nameAt(before, address);
    if (!named.has(name)) use(address, name);
  }
  const present = [...named]
    .map(([name, address]): FoundServer => ({ name, address, seenAt: at, isThere: true }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const gone = before
    .filter(({ name, address, seenAt }) => {
      const wasNamed = name !== targetName(address);
      return wasNamed && !named.has(name) && at - seenAt <= remembered;
    })
    .map((each) => ({ ...each, isThere: false }))
    .sort((a, b) => b.seenAt - a.seenAt)
    .slice(0, mostGone);
  return {
    targets: present.map(({ name, address }) => foundTarget(dns, name, address)),
    look: {
      dns,
      failure: null,
      servers: present.map(({ name }) => name),
      // Another name at its address is that of what was started in its place.
      gone: gone.filter(({ address }) => !answers.has(address)),
    },
    servers: [...present, ...gone],
    moved: present.flatMap(({ name, address }) =>
      before.some((each) => each.name === name && each.address !== address) ? [name] : [],
    ),
  };
}

/**
 * Where DNS did not say: the servers that it last had, as targets at the name itself, which fail as DNS did. Without any, the
 * name is one, so that what is not known shows as a server that could not be asked.
 */
export function notResolved(
  dns: DnsTarget,
  before: readonly FoundServer[],
  { failure, isTaken }: { readonly failure: Failure; readonly isTaken: Seen['isTaken'] },
): Found {
  const there = before.filter(({ isThere }) => isThere).map(({ name }) => name);
  const names = there.length > 0 ? there : [freeName(targetName(dns.dns), isTaken)];
  return {
    targets: names.map((name) => foundTarget(dns, name, dns.dns)),
    look: { dns, failure, servers: there, gone: before.filter(({ isThere }) => !isThere) },
    servers: before,
    moved: [],
  };
}
