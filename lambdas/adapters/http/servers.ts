import type { LookupAddress } from 'node:dns';
import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Target } from '../../readings/reading.ts';
import { addressLookup } from './addresses.ts';
import { closeAgent, newAgent } from './exchange.ts';

/** Servers whose connections are kept for their next request; with two each, far from the 1,024 files of a Lambda. */
const mostKept = 160;
/** For one name: what hangs longer leaves the run too little time. */
const mostLookupMs = 3_000;

type Kept = { readonly agent: ReturnType<typeof newAgent>; requests: number };

/** Connections to servers, kept from request to request and closed where there are too many. */
export function serverConnections({
  timeoutMs,
  connections,
  nameservers,
}: {
  readonly timeoutMs: number;
  /** To one server. */
  readonly connections: number;
  /** As `addressLookup` takes them. */
  readonly nameservers?: readonly string[] | undefined;
}) {
  const kept = new Map<string, Kept>();
  const authorities = new Map<string, { readonly context: SecureContext; readonly key: number }>();
  const lookup = addressLookup(Math.min(timeoutMs, mostLookupMs), nameservers);
  const closing = new Set<Promise<void>>();

  /** One for all servers of an authority: parsing its certificate takes a millisecond, and what it becomes 30 kB. */
  const authorityOf = (ca: string) => {
    const known = authorities.get(ca);
    if (known !== undefined) return known;
    const { createSecureContext } = process.getBuiltinModule('node:tls');
    const made = { context: createSecureContext({ ca }), key: authorities.size };
    authorities.set(ca, made);
    return made;
  };
  const closeOldest = (): void => {
    for (const [key, { agent, requests }] of kept) {
      if (kept.size <= mostKept) return;
      if (requests > 0) continue;
      kept.delete(key);
      const closed = closeAgent(agent).finally(() => closing.delete(closed));
      closing.add(closed);
    }
  };
  return {
    /** All addresses of a host. Rejects with `NoAddress`. */
    addresses: (host: string) =>
      new Promise<readonly LookupAddress[]>((resolve, reject) => {
        lookup(host, { all: true }, (error, found) => {
          if (error === null && typeof found !== 'string') resolve(found);
          else reject(error ?? new Error(`one address of ${host} where all were asked for`));
        });
      }),
    /** Uses the connections to a server for one request. */
    async use<T>(origin: string, tls: Target['tls'], request: (agent: Dispatcher) => Promise<T>): Promise<T> {
      const authority = tls?.ca === undefined ? undefined : authorityOf(tls.ca);
      const key = [origin, tls?.serverName, authority?.key].join(' ');
      const server = kept.get(key) ?? {
        agent: newAgent(timeoutMs, {
          connections,
          connect: {
            lookup,
            ...(authority === undefined ? {} : { secureContext: authority.context }),
            ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
          },
        }),
        requests: 0,
      };
      kept.delete(key);
      kept.set(key, server);
      server.requests += 1;
      try {
        return await request(server.agent);
      } finally {
        server.requests -= 1;
        closeOldest();
      }
    },
    async close(): Promise<void> {
      await Promise.all([...[...kept.values()].map(({ agent }) => closeAgent(agent)), ...closing]);
      kept.clear();
    },
  };
}
