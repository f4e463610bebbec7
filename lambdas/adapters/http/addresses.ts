import { lookup as systemLookup, promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { systemNames, type SystemNames } from './system-names.ts';
import { turns } from './turns.ts';

/** No address of a host is known: `code` is that of DNS, or `ETIMEOUT` where nothing came in time. */
export class NoAddress extends Error {
  override readonly name = 'NoAddress';
  readonly code: string;
  constructor(host: string, code: string) {
    super(`no address for ${host}: ${code}`);
    this.code = code;
  }
}

/** Whether DNS says so that a name has no address, or that there is no such name. */
export const isNone = (code: string): boolean => code === 'ENOTFOUND' || code === 'ENODATA';

/** Of several answers for one host: that nothing came, then what went wrong, then that there is nothing. */
const mostTelling = (codes: readonly string[]): string =>
  codes.find((code) => code === 'ETIMEOUT') ?? codes.find((code) => !isNone(code)) ?? codes[0] ?? '';

/** Of Node's four threads, on which the system looks names up and may hang: another two are left for what else there is. */
const systemThreads = 2;
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';

/**
 * Finds hosts' addresses, each host once for as long as this lives. DNS is asked by sockets, which a name that nobody
 * answers holds up for nobody else; the system's files are read before, and the system itself is asked only of names that
 * DNS has not.
 * @param timeoutMs for one host
 * @param nameservers `127.0.0.1:53`, asked alone; those of the system, and then the system, unless given
 */
export function addressLookup(
  timeoutMs: number,
  nameservers?: readonly string[],
  readSystem: () => SystemNames = systemNames,
): LookupFunction {
  let made: dns.Resolver | undefined;
  /** Made for the first name: most targets are addresses. */
  const resolver = (): dns.Resolver => {
    if (made !== undefined) return made;
    made = new dns.Resolver({ timeout: Math.ceil(timeoutMs / 3), tries: 2 });
    if (nameservers !== undefined) made.setServers(nameservers);
    return made;
  };
  let read: SystemNames | undefined;
  const system = turns({ servers: systemThreads, each: 1 });
  const known = new Map<string, Promise<readonly LookupAddress[]>>();

  const bySystem = async (host: string): Promise<readonly LookupAddress[]> => {
    const release = await system.take(host);
    try {
      return await new Promise((resolve, reject) => {
        systemLookup(host, { all: true }, (error, addresses) => {
          if (error === null) resolve(addresses);
          else reject(error);
        });
      });
    } finally {
      release?.();
    }
  };
  const byDns = async (host: string): Promise<readonly LookupAddress[]> => {
    const dnsOf = resolver();
    const [ofFour, ofSix] = [dnsOf.resolve4(host), dnsOf.resolve6(host)];
    // Some name servers and firewalls never answer for IPv6 where a name has no address of it.
    const enough = ofFour.then(
      () => pause(timeoutMs / 3, [], { ref: false }),
      () => ofSix,
    );
    const [four, six] = await Promise.allSettled([ofFour, Promise.race([ofSix, enough])]);
    const found = [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
    if (found.length > 0) return found;
    const codes = [four, six].map((each) => (each.status === 'rejected' ? codeOf(each.reason) : ''));
    throw new NoAddress(host, mostTelling(codes));
  };
  const find = async (host: string): Promise<readonly LookupAddress[]> => {
    read ??= readSystem();
    const written = read.hosts.get(host.toLowerCase());
    if (written !== undefined) return written;
    const names = host.includes('.') ? [host] : [...read.search.map((domain) => `${host}.${domain}`), host];
    const asked = names.map((name) => byDns(name).catch((error: unknown) => codeOf(error)));
    const codes: string[] = [];
    for (const each of asked) {
      const found = await each;
      if (typeof found !== 'string') return found;
      codes.push(found);
    }
    const code = mostTelling(codes);
    if (code === 'ETIMEOUT' || nameservers !== undefined) throw new NoAddress(host, code);
    return bySystem(host);
  };
  const within = async (host: string): Promise<readonly LookupAddress[]> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new NoAddress(host, 'ETIMEOUT')), timeoutMs);
    try {
      return await Promise.race([find(host), late.promise]);
    } catch (error) {
      throw error instanceof NoAddress ? error : new NoAddress(host, codeOf(error));
    } finally {
      clearTimeout(timer);
    }
  };

  return (host, { all, family }, callback) => {
    const own = isIP(host);
    const addresses = own === 0 ? (known.get(host) ?? within(host)) : [{ address: host, family: own }];
    if (addresses instanceof Promise) known.set(host, addresses);
    Promise.resolve(addresses).then(
      (found) => {
        const [first] = found.filter((each) => !family || family === 'IPv4' || each.family === family);
        if (first === undefined) callback(new NoAddress(host, 'ENODATA'), '', 0);
        else if (all === true) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}
