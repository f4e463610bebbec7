import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { RawReply, Source } from '../ports.ts';
import type { Reading, Target } from '../readings.ts';
import {
  brokenConnection,
  noAnswer,
  notJson,
  redirected,
  refusedStatus,
  tooLarge,
  unfinished,
} from './http-faults.ts';
import type { Fault } from './http-faults.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

export type HttpSourceOptions = {
  /** For one request as a whole: connecting, headers and the body's last byte. */
  readonly timeoutMs: number;
  /** Of one body; 64 MiB unless given. */
  readonly maxBytes?: number;
};

type Limits = Required<HttpSourceOptions>;
type Address = { readonly origin: string; readonly path: string; readonly place: string };
type Answer = { readonly status: number; readonly bytes: number; readonly chunks: Buffer[] };

/**
 * Reads monitoring endpoints over HTTP. Make one per run and close it: kept-alive sockets do not survive a frozen Lambda.
 * Redirects are not followed; credentials in a target's URL are neither sent nor shown.
 */
export function httpSource({
  timeoutMs,
  maxBytes = DEFAULT_MAX_BYTES,
}: HttpSourceOptions): Source & { close(): Promise<void> } {
  const agents = new Map<string, Agent>();
  const agentFor = (tls: Target['tls']): Agent => {
    const key = JSON.stringify([tls?.ca, tls?.serverName]);
    const agent = agents.get(key) ?? newAgent(tls, timeoutMs);
    agents.set(key, agent);
    return agent;
  };
  return {
    read: async (target, { path, statuses }) => {
      const failed = ({ code, sentence }: Fault): Reading<never> => ({
        ok: false,
        failure: { code, message: `${target.name} ${path}: ${sentence}` },
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
      await Promise.all([...agents.values()].map((agent) => agent.destroy(over)));
    },
  };
}

/**
 * Given no error to close sockets with, undici makes one, and Node reads its stack: with source maps on that takes a
 * fresh process 30 ms and 25 MB.
 */
const over = Object.assign(new Error('the run is over'), { stack: 'the run is over' });

function newAgent(tls: Target['tls'], timeoutMs: number): Agent {
  return new Agent({
    allowH2: false,
    headersTimeout: 0, // one deadline covers headers and body
    bodyTimeout: 0,
    connect: {
      timeout: timeoutMs,
      ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
    },
  });
}

function addressOf(target: Target, path: string): Address | undefined {
  const url = URL.parse(target.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const base = url.pathname.replace(/\/+$/, '');
  return { origin: url.origin, path: base + path, place: url.origin + base };
}

/**
 * One GET, settled by the body's end, the first fault or the deadline, whichever comes first.
 * By `dispatch`: undici's `request` cannot be cancelled while it connects, and its stream costs time and memory.
 */
function get(
  agent: Dispatcher,
  { origin, path, place }: Address,
  statuses: readonly number[],
  { timeoutMs, maxBytes }: Limits,
): Promise<Answer | Fault> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let isSettled = false;
    let controller: Dispatcher.DispatchController | undefined;

    const settle = (outcome: Answer | Fault): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(deadline);
      resolve(outcome);
      if ('code' in outcome) controller?.abort(new Error(outcome.code));
    };
    const deadline = setTimeout(() => {
      settle(status === 0 ? noAnswer(place, timeoutMs) : unfinished(place, timeoutMs, bytes));
    }, timeoutMs);

    agent.dispatch(
      { origin, path, method: 'GET', headers: { accept: 'application/json' } },
      {
        onRequestStart(started) {
          controller = started;
          if (isSettled) started.abort(new Error('the deadline passed while connecting'));
        },
        onResponseStart(_, statusCode, headers) {
          status = statusCode;
          if (status >= 300 && status < 400) settle(redirected(place, status, String(headers['location'])));
          else if (Number(headers['content-length']) > maxBytes) settle(tooLarge(place, maxBytes));
        },
        onResponseData(_, chunk) {
          bytes += chunk.length;
          if (bytes > maxBytes) settle(tooLarge(place, maxBytes));
          else chunks.push(chunk);
        },
        onResponseEnd() {
          const isReply = statuses.includes(status);
          settle(isReply ? { status, bytes, chunks } : refusedStatus(place, status, takeText(chunks)));
        },
        onResponseError(_, error) {
          settle(brokenConnection(place, error, controller === undefined ? 'connecting' : bytes));
        },
      },
    );
  });
}

function parsed({ status, bytes, chunks }: Answer, place: string): RawReply | Fault {
  const text = takeText(chunks);
  try {
    return { status, bytes, json: JSON.parse(text) as unknown };
  } catch {
    return notJson(place, status, text, bytes);
  }
}

/** Empties `chunks`, so that the buffers of a 6 MB body are free to go while its text is parsed. */
function takeText(chunks: Buffer[]): string {
  return Buffer.concat(chunks.splice(0)).toString('utf8');
}
