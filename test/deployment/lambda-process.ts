import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ScheduledEvent } from '../../lambdas/environment.ts';
import { startChild } from '../services/child.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/** How an invocation ended. */
export type Invocation =
  | { readonly run: 'done'; /** What the handler resolved to. */ readonly answer?: unknown }
  /** The handler threw: what Lambda would count as an error, and its log would say. */
  | { readonly run: 'failed'; readonly error: string }
  | { readonly run: 'killed' };

export type LambdaProcess = {
  /**
   * One event of a schedule, `2026-11-20T10:00:00Z`, for all clusters or a batch of them. One at a time, as in Lambda.
   * @param timeoutMs how long the run is told that it has: the 50 s of a small fleet's functions unless given
   */
  readonly invoke: (
    scheduledTime: string,
    clusters?: readonly string[],
    timeoutMs?: number,
  ) => Promise<Invocation>;
  /** Another event than a schedule's. */
  readonly ask: (event: object) => Promise<Invocation>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

const node = path.resolve(import.meta.dirname, '../../node_modules/.bin/node');

/**
 * A process as Lambda has one for a function, with nothing of this process' environment: the same for invocation after
 * invocation, served by a Runtime API of ours.
 * @param code folder of the function's code
 * @param environment of the function, and what makes it take moto for AWS
 */
export async function startLambda(
  code: string,
  environment: Readonly<Record<string, string>>,
): Promise<LambdaProcess> {
  let asked = Promise.withResolvers<ServerResponse>();
  let ended = Promise.withResolvers<Invocation>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.endsWith('/next')) {
      asked.resolve(response);
      return;
    }
    const body = await text(request);
    response.writeHead(202).end();
    if (request.url?.endsWith('/response')) {
      const answer = JSON.parse(body) as unknown;
      ended.resolve({ run: 'done', ...(answer === null ? {} : { answer }) });
      return;
    }
    const { errorType, errorMessage } = JSON.parse(body) as Readonly<Record<string, string>>;
    ended.resolve({ run: 'failed', error: `${errorType ?? ''}: ${errorMessage ?? ''}` });
  };
  const api = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => ended.reject(error));
  });
  await once(api.listen(0, '127.0.0.1'), 'listening');

  const logFile = path.join(temporaryFolder('lambda'), 'lambda.log');
  const child = await startChild({
    command: node,
    args: [path.join(import.meta.dirname, 'lambda-bootstrap.ts')],
    cwd: code,
    logFile,
    env: {
      ...environment,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}`,
      LAMBDA_TASK_ROOT: code,
      _HANDLER: 'index.handler',
      TZ: ':UTC',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  });
  const log = (): Promise<string> => readFile(logFile, 'utf8');
  const end = async (how: () => void | Promise<void>): Promise<void> => {
    await how();
    await child.exited;
    api.close();
    api.closeAllConnections();
  };
  const loaded = async (): Promise<ServerResponse> => {
    const died = child.exited.then(async () =>
      Promise.reject(new Error(`it ended: ${(await log()).slice(-2_000)}`)),
    );
    return Promise.race([asked.promise, died]);
  };

  const given = async (event: object, timeoutMs = 50_000): Promise<Invocation> => {
    const next = await loaded();
    asked = Promise.withResolvers();
    ended = Promise.withResolvers();
    next.writeHead(200, {
      'lambda-runtime-aws-request-id': crypto.randomUUID(),
      'lambda-runtime-deadline-ms': Date.now() + timeoutMs,
    });
    next.end(JSON.stringify(event));
    return Promise.race([ended.promise, child.exited.then((): Invocation => ({ run: 'killed' }))]);
  };

  return {
    invoke(scheduledTime, clusters, timeoutMs) {
      const event: ScheduledEvent = { scheduledTime, ...(clusters && { clusters }) };
      return given(event, timeoutMs);
    },
    ask: (event) => given(event),
    kill: () => end(() => child.signal('SIGKILL')),
    log,
    stop: () => end(() => child.stop()),
  };
}
