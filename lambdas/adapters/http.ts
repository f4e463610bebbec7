import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import type { RawReply, Source } from '../ports.ts';
import type { FailureCode, Reading, Target } from '../readings.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

export type HttpSourceOptions = {
  /** For one request as a whole: connecting, headers and the body's last byte. */
  readonly timeoutMs: number;
  /** Of one body; 64 MiB unless given. */
  readonly maxBytes?: number;
};

type Limits = { readonly timeoutMs: number; readonly maxBytes: number };
type Address = { readonly origin: string; readonly path: string; readonly shown: string };
type Answer = { readonly status: number; readonly bytes: number; readonly chunks: Buffer[] };

/**
 * Reads monitoring endpoints over HTTP. Make one per run and close it: kept-alive sockets do not survive a frozen Lambda.
 * Redirects are not followed, and credentials in a target's URL are neither sent nor shown.
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
    read: async (target, request) => {
      const subject = `${target.name} ${request.path}`;
      const address = addressOf(target, request.path);
      if (address === undefined) {
        return failed(subject, {
          code: 'unreachable',
          sentence: "the target's URL is not an http:// or https:// URL",
        });
      }
      const answer = await get(agentFor(target.tls), address, request.statuses, { timeoutMs, maxBytes });
      if ('code' in answer) return failed(subject, answer);
      const reply = parsed(answer, address);
      return 'code' in reply ? failed(subject, reply) : { ok: true, value: reply };
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function newAgent(tls: Target['tls'], timeoutMs: number): Agent {
  return new Agent({
    allowH2: false,
    headersTimeout: 0, // the deadline below covers headers and body
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
  return { origin: url.origin, path: base + path, shown: url.origin + base };
}

/** One GET, settled by the body's end, the first fault or the deadline, whichever comes first. */
function get(
  agent: Dispatcher,
  address: Address,
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
      isSettled = true;
      clearTimeout(deadline);
      resolve(outcome);
    };
    const abort = (fault: Fault): void => {
      if (isSettled) return;
      settle(fault);
      controller?.abort(new Error(fault.code));
    };
    const deadline = setTimeout(() => {
      abort(status === 0 ? noAnswer(address, timeoutMs) : unfinished(address, timeoutMs, bytes));
    }, timeoutMs);

    agent.dispatch(
      { origin: address.origin, path: address.path, method: 'GET', headers: { accept: 'application/json' } },
      {
        onRequestStart(started) {
          controller = started;
          if (isSettled) started.abort(new Error('deadline passed while connecting'));
        },
        onResponseStart(_, statusCode, headers) {
          status = statusCode;
          // A TLS port explains itself in the body of a 400, so that one is read.
          if (!statuses.includes(statusCode) && statusCode !== 400) {
            abort(refusedStatus(address, statusCode, headers['location']));
          } else if (Number(headers['content-length']) > maxBytes) {
            abort(tooLarge(address, maxBytes));
          }
        },
        onResponseData(_, chunk) {
          if (isSettled) return;
          bytes += chunk.length;
          if (bytes > maxBytes) abort(tooLarge(address, maxBytes));
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (isSettled) return;
          const isPlainOnTls = status === 400 && /HTTP request to an HTTPS server/.test(String(chunks[0]));
          if (isPlainOnTls)
            settle({ code: 'tls', sentence: `${address.shown} speaks TLS (write https:// in the URL)` });
          else if (statuses.includes(status)) settle({ status, bytes, chunks });
          else settle(refusedStatus(address, status, undefined));
        },
        onResponseError(_, error) {
          if (!isSettled)
            settle(brokenConnection(address, error, timeoutMs, controller === undefined ? 'before' : bytes));
        },
      },
    );
  });
}

function parsed({ status, bytes, chunks }: Answer, address: Address): RawReply | Fault {
  const text = takeText(chunks);
  try {
    return { status, bytes, json: JSON.parse(text) as unknown };
  } catch {
    // The error's own message quotes the body, which may hold JWTs.
    const what =
      text.trim() === '' ? 'an empty body' : /^\s*</.test(text) ? 'HTML' : `${bytes} bytes that are not JSON`;
    return {
      code: 'not-json',
      sentence: `answered ${status} with ${what} from ${address.shown} (is this nats-server's monitoring port?)`,
    };
  }
}

/** Empties `chunks`: while a 6 MB text is parsed its buffers are free to go. */
function takeText(chunks: Buffer[]): string {
  return Buffer.concat(chunks.splice(0)).toString('utf8');
}

function failed(subject: string, { code, sentence }: Fault): Reading<never> {
  return { ok: false, failure: { code, message: `${subject}: ${sentence}` } };
}
