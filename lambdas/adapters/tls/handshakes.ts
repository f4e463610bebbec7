import { connect, isIP, type LookupFunction } from 'node:net';
import { connect as beginTls } from 'node:tls';
import type { Certificate } from '../../readings/certificates.ts';
import type { Handshakes } from '../../ports.ts';
import type { Failure, Target } from '../../readings/reading.ts';
import { addressLookup, NoAddress } from '../http/addresses.ts';
import { turns } from '../http/turns.ts';
import { withoutGreeting } from './without-greeting.ts';

/** They are begun when all else was read: what is left of a run's time is for what was read. */
const mostMs = 5_000;
/** Beside connections to monitoring ports, which are kept. */
const mostAtOnce = 64;

export type HandshakeOptions = {
  /** For one handshake, waiting for its turn, connecting and all; at most 5 s. */
  readonly timeoutMs: number;
  /** As `addressLookup` takes them. */
  readonly nameservers?: readonly string[];
};

/**
 * Looks at certificates of nats-server's listeners, each by a connection of its own that ends as soon as it is seen. Make one per
 * run: it looks each host up once.
 */
export function tlsHandshakes({ timeoutMs: given, nameservers }: HandshakeOptions): Handshakes {
  const timeoutMs = Math.min(given, mostMs);
  const lookup = addressLookup(timeoutMs, nameservers);
  const waiting = turns({ servers: mostAtOnce, each: 1 });
  return {
    async certificate(target, port) {
      const { hostname } = new URL(target.url);
      const host = hostname.replace(/^\[|\]$/g, '');
      const place = `${hostname}:${port}`;
      const ends = performance.now() + timeoutMs;
      const release = await waiting.take(place);
      const leftMs = ends - performance.now();
      const seen = leftMs > 0 ? await handshake(host, port, { lookup, timeoutMs: leftMs }) : new NotReached();
      release?.();
      if (!(seen instanceof Error)) return { ok: true, value: seen };
      return { ok: false, failure: failureOf(target, place, seen) };
    },
  };
}

type Within = { readonly lookup: LookupFunction; readonly timeoutMs: number };

/** Never rejects. */
function handshake(host: string, port: number, { lookup, timeoutMs }: Within): Promise<Certificate | Error> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup });
    const secured = beginTls({
      socket: withoutGreeting(socket),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // It is looked at because it may have expired.
      rejectUnauthorized: false,
    });
    const settle = (seen: Certificate | Error): void => {
      clearTimeout(deadline);
      resolve(seen);
      if (seen instanceof Error) secured.destroy();
      else secured.end(() => secured.destroy());
    };
    const deadline = setTimeout(() => settle(new Late()), timeoutMs);
    secured.on('error', settle);
    secured.on('close', () => settle(new Error('the connection was closed')));
    secured.on('secureConnect', () => {
      const shown = secured.getPeerX509Certificate();
      settle(
        shown === undefined
          ? new Error('no certificate was shown')
          : { notBefore: shown.validFromDate.getTime(), notAfter: shown.validToDate.getTime() },
      );
    });
  });
}

class Late extends Error {
  override readonly name = 'Late';
}

class NotReached extends Error {
  override readonly name = 'NotReached';
}

function failureOf({ name }: Target, place: string, error: Error): Failure {
  const said = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  const failed = (code: Failure['code'], what: string): Failure => ({
    code,
    message: `${name} ${place}: ${what}`,
  });
  if (error instanceof NoAddress) return failed('dns', `DNS gives no address: ${said}`);
  if (error instanceof NotReached)
    return failed('not-reached', 'not looked at in time: too many others were before it');
  if (error instanceof Late) return failed('timeout', 'no answer in time');
  const isOfNetwork = /^E(CONN(REFUSED|ABORTED)|TIMEDOUT|(HOST|NET)UNREACH)$/.test(said);
  return isOfNetwork ? failed('unreachable', `no connection: ${said}`) : failed('tls', `no TLS: ${said}`);
}
