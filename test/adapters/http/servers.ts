import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { httpSource } from '../../../lambdas/adapters/http/source.ts';
import type { HttpSourceOptions } from '../../../lambdas/adapters/http/source.ts';
import type { Failure, Target } from '../../../lambdas/readings/reading.ts';

export const varz = { path: '/varz', statuses: [200] };

/** Listens on a port that the system gives, until the test ends. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

export const serve = async (handler: RequestListener) =>
  `http://127.0.0.1:${await listen(createServer(handler))}`;

export const serveTcp = (handler: (socket: Socket) => void) => listen(createTcpServer(handler));

/** A target whose `/varz` is 23 bytes of JSON. */
export async function healthyTarget(): Promise<Target> {
  return { name: 'healthy', url: await serve((_, response) => response.end('{"server_id":"healthy"}')) };
}

/** A source with a deadline that no test waits for, unless it says so. */
export function source(options: Partial<HttpSourceOptions> = {}) {
  const opened = httpSource({ timeoutMs: 10_000, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

/** The failure of `url`, once a healthy target read at the same time has given its full result. */
export async function failureBesideHealthy(
  url: string,
  options: Partial<HttpSourceOptions> = {},
  tls?: Target['tls'],
): Promise<Failure> {
  const reader = source(options);
  const healthy = await healthyTarget();
  const [bad, good] = await Promise.all([
    reader.read({ name: 'hub1', url, ...(tls === undefined ? {} : { tls }) }, varz),
    reader.read(healthy, varz),
  ]);
  expect(good).toEqual({ ok: true, value: { status: 200, bytes: 23, json: { server_id: 'healthy' } } });
  if (bad.ok) throw new Error(`expected a failure, received ${JSON.stringify(bad.value)}`);
  return bad.failure;
}
