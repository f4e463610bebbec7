import type { IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';

export type ExchangeLimits = {
  /** For one request as a whole: connecting, headers and the body's last byte. */
  readonly timeoutMs: number;
  /** Of the answer's body. */
  readonly maxBytes: number;
};

export type Answered = {
  readonly end: 'answered';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly chunks: Buffer[];
};

/** How one request ended. */
export type Exchanged =
  | Answered
  /** The deadline passed. Status 0: no headers had come. */
  | { readonly end: 'late'; readonly status: number; readonly bytes: number }
  | { readonly end: 'too-large' }
  /** `cutAt` is bytes of the body that had come, or `connecting`. */
  | { readonly end: 'broken'; readonly error: Error; readonly cutAt: number | 'connecting' };

export type AgentOptions = {
  /** To one origin; any number unless given. */
  readonly connections?: number;
  readonly connect?: {
    readonly lookup: LookupFunction;
    readonly secureContext?: SecureContext;
    readonly servername?: string;
  };
};

/** An agent for as long as one Lambda runs: kept-alive sockets do not survive a frozen one. */
export function newAgent(timeoutMs: number, { connections, connect }: AgentOptions = {}): Agent {
  return new Agent({
    allowH2: false,
    headersTimeout: 0, // one deadline covers headers and body
    bodyTimeout: 0,
    ...(connections === undefined ? {} : { connections }),
    connect: { timeout: timeoutMs, ...connect },
  });
}

/** Closes an agent's sockets. */
export const closeAgent = (agent: Agent): Promise<void> => agent.destroy(over);

/**
 * Given no error to close sockets with, undici makes one, and Node reads its stack: with source maps on that takes a
 * fresh process 30 ms and 25 MB.
 */
const over = Object.assign(new Error('the run is over'), { stack: 'the run is over' });

/**
 * One request, settled by the body's end, the first fault or the deadline, whichever comes first; a redirect, which is
 * not followed, by its headers. Never rejects.
 * By `dispatch`: undici's `request` cannot be cancelled while it connects, and its stream costs time and memory.
 */
export function exchange(
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { timeoutMs, maxBytes }: ExchangeLimits,
): Promise<Exchanged> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let isSettled = false;
    let controller: Dispatcher.DispatchController | undefined;

    const settle = (outcome: Exchanged): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(deadline);
      resolve(outcome);
    };
    const abandon = (outcome: Exchanged): void => {
      if (isSettled) return;
      settle(outcome);
      controller?.abort(new Error(outcome.end));
    };
    const answered = (): Answered => ({ end: 'answered', status, headers, bytes, chunks });
    const deadline = setTimeout(() => abandon({ end: 'late', status, bytes }), timeoutMs);

    agent.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        if (isSettled) started.abort(new Error('the deadline passed while connecting'));
      },
      onResponseStart(_, statusCode, received) {
        status = statusCode;
        headers = received;
        if (status >= 300 && status < 400) abandon(answered());
        else if (Number(headers['content-length']) > maxBytes) abandon({ end: 'too-large' });
      },
      onResponseData(_, chunk) {
        bytes += chunk.length;
        if (bytes > maxBytes) abandon({ end: 'too-large' });
        else chunks.push(chunk);
      },
      onResponseEnd() {
        settle(answered());
      },
      onResponseError(_, error) {
        settle({ end: 'broken', error, cutAt: controller === undefined ? 'connecting' : bytes });
      },
    });
  });
}

/** Empties `chunks`, so that the buffers of a 6 MB body are free to go while its text is parsed. */
export function takeText(chunks: Buffer[]): string {
  return Buffer.concat(chunks.splice(0)).toString('utf8');
}
