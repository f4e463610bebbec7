import type { Dispatcher } from 'undici';
import type { RawReply, Source } from '../../ports.ts';
import type { Reading, Target } from '../../readings/reading.ts';
import {
  brokenConnection,
  noAnswer,
  notJson,
  redirected,
  refusedStatus,
  tooLarge,
  unfinished,
} from './faults.ts';
import type { Fault } from './faults.ts';
import { closeAgent, exchange, newAgent, takeText } from './exchange.ts';
import type { Answered, ExchangeLimits } from './exchange.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

export type HttpSourceOptions = {
  /** For one request as a whole: connecting, headers and the body's last byte. */
  readonly timeoutMs: number;
  /** Of one body; 64 MiB unless given. */
  readonly maxBytes?: number;
};

type Address = { readonly origin: string; readonly path: string; readonly place: string };

/**
 * Reads monitoring endpoints over HTTP. Make one per run and close it: kept-alive sockets do not survive a frozen Lambda.
 * Redirects are not followed; credentials in a target's URL are neither sent nor shown.
 */
export function httpSource({
  timeoutMs,
  maxBytes = DEFAULT_MAX_BYTES,
}: HttpSourceOptions): Source & { close(): Promise<void> } {
  const agents = new Map<string, ReturnType<typeof newAgent>>();
  const agentFor = (tls: Target['tls']) => {
    const key = JSON.stringify([tls?.ca, tls?.serverName]);
    const agent = agents.get(key) ?? newAgent(timeoutMs, tls);
    agents.set(key, agent);
    return agent;
  };
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
      const answer = await get(agentFor(target.tls), address, statuses, { timeoutMs, maxBytes });
      if ('code' in answer) return failed(answer);
      const reply = parsed(answer, address.place);
      return 'code' in reply ? failed(reply) : { ok: true, value: reply };
    },
    close: async () => {
      await Promise.all([...agents.values()].map(closeAgent));
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
