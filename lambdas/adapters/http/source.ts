import type { Dispatcher } from 'undici';
import type { Names, RawReply, Source } from '../../ports.ts';
import type { Reading, Target } from '../../readings/reading.ts';
import { isNone, NoAddress } from './addresses.ts';
import {
  brokenConnection,
  noAddress,
  noAnswer,
  notJson,
  notReached,
  redirected,
  refusedStatus,
  tooLarge,
  unfinished,
} from './faults.ts';
import type { Fault } from './faults.ts';
import { exchange, takeText } from './exchange.ts';
import type { Answered, ExchangeLimits } from './exchange.ts';
import { serverConnections } from './servers.ts';
import { turns } from './turns.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Two of a server's: one large reply delays no other. */
const atOnce = { servers: 64, each: 2 };

export type HttpSourceOptions = {
  /** For one request as a whole: connecting, headers and the body's last byte. */
  readonly timeoutMs: number;
  /** For all requests together, from when this is made on: what is not answered by then was not reached. */
  readonly runMs?: number;
  /** Of one body; 64 MiB unless given. */
  readonly maxBytes?: number;
  /** As `addressLookup` takes them. */
  readonly nameservers?: readonly string[];
};

type Address = { readonly origin: string; readonly path: string; readonly place: string };

/**
 * Reads monitoring endpoints over HTTP. Make one per run and close it: kept-alive sockets do not survive a frozen Lambda.
 * Redirects are not followed; credentials in a target's URL are neither sent nor shown.
 */
export function httpSource({
  timeoutMs,
  runMs = Infinity,
  maxBytes = DEFAULT_MAX_BYTES,
  nameservers,
}: HttpSourceOptions): Source & Names & { close(): Promise<void> } {
  const connections = serverConnections({ timeoutMs, connections: atOnce.each, nameservers });
  const waiting = turns(atOnce);
  const ends = performance.now() + runMs;
  const end = runMs === Infinity ? undefined : setTimeout(() => waiting.end(), runMs);
  return {
    read: async (target, { path, statuses }) => {
      const failed = ({ sentence, ...fault }: Fault): Reading<never> => ({
        ok: false,
        failure: { ...fault, message: `${target.name} ${path}: ${sentence}` },
      });
      const address = addressOf(target, path);
      if (address === undefined) {
        return failed({
          code: 'unreachable',
          sentence: "the target's URL is not an http:// or https:// URL",
        });
      }
      const { origin, place } = address;
      const release = await waiting.take(origin);
      const leftMs = ends - performance.now();
      if (release === null || leftMs <= 0) {
        release?.();
        return failed(notReached(place, runMs));
      }
      const limits = { timeoutMs: Math.min(timeoutMs, leftMs), maxBytes };
      const answer = await connections
        .use(origin, target.tls, (agent) => get(agent, address, statuses, limits))
        .finally(release);
      if ('code' in answer) {
        const isCutShort = answer.code === 'timeout' && limits.timeoutMs < timeoutMs;
        return failed(isCutShort ? notReached(place, runMs) : answer);
      }
      const reply = parsed(answer, address.place);
      return 'code' in reply ? failed(reply) : { ok: true, value: reply };
    },
    // A server of two families is asked by the first: the other would be a second one where no route leads to it.
    addresses: async (host) => {
      try {
        const found = await connections.addresses(host);
        const [four, six] = [4, 6].map((family) => found.filter((each) => each.family === family));
        const chosen = (four?.length ? four : six) ?? [];
        return { ok: true, value: [...new Set(chosen.map(({ address }) => address))].sort() };
      } catch (error) {
        if (!(error instanceof NoAddress)) throw error;
        if (isNone(error.code)) return { ok: true, value: [] };
        const { code, sentence } = noAddress(host, error);
        return { ok: false, failure: { code, message: sentence } };
      }
    },
    close: async () => {
      clearTimeout(end);
      waiting.end();
      await connections.close();
    },
  };
}

function addressOf(target: Target, path: string): Address | undefined {
  const url = URL.parse(target.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const base = url.pathname.replace(/\/+$/, '');
  return { origin: url.origin, path: base + path, place: url.origin + base };
}

/** One GET: its answer where that has one of `statuses`, else what went wrong. */
async function get(
  agent: Dispatcher,
  { origin, path, place }: Address,
  statuses: readonly number[],
  limits: ExchangeLimits,
): Promise<Answered | Fault> {
  const { timeoutMs, maxBytes } = limits;
  const headers = { accept: 'application/json' };
  const exchanged = await exchange(agent, { origin, path, method: 'GET', headers }, limits);
  switch (exchanged.end) {
    case 'late':
      return exchanged.status === 0
        ? noAnswer(place, timeoutMs)
        : unfinished(place, timeoutMs, exchanged.bytes);
    case 'too-large':
      return tooLarge(place, maxBytes);
    case 'broken':
      return brokenConnection(place, exchanged.error, exchanged.cutAt);
    case 'answered': {
      const { status, chunks } = exchanged;
      if (status >= 300 && status < 400) {
        return redirected(place, status, String(exchanged.headers['location']));
      }
      return statuses.includes(status) ? exchanged : refusedStatus(place, status, takeText(chunks));
    }
  }
}

function parsed({ status, bytes, chunks }: Answered, place: string): RawReply | Fault {
  const text = takeText(chunks);
  try {
    return { status, bytes, json: JSON.parse(text) as unknown };
  } catch {
    return notJson(place, status, text, bytes);
  }
}
