import type { NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';

/** What the scenes look at in `/varz` to know that they are ready. */
export type ObservedVarz = {
  readonly server_id: string;
  readonly connections: number;
  readonly total_connections: number;
  readonly routes: number;
  readonly leafnodes: number;
  readonly slow_consumers: number;
};

/** What the scenes look at in a row of the closed ring. */
export type ClosedRow = {
  readonly cid: number;
  readonly kind: string;
  readonly name?: string;
  readonly reason: string;
};

/** The server's `/varz`. */
export async function varz(server: NatsServer): Promise<ObservedVarz> {
  return (await server.get('/varz')) as ObservedVarz;
}

/** All rows of the server's closed ring, newest first. */
export async function closedRows(server: NatsServer): Promise<readonly ClosedRow[]> {
  const reply = (await server.get('/connz?state=closed&sort=stop&auth=1&limit=10000')) as {
    readonly connections: readonly ClosedRow[];
  };
  return reply.connections;
}

/** Resolves once the closed ring has so many rows, or more: the server records them a moment after the close. */
export async function ringReaches(server: NatsServer, rows: number): Promise<void> {
  await waitUntil(
    `${server.name} to hold ${rows} closed rows`,
    async () => (await closedRows(server)).length,
    (held) => held >= rows,
  );
}

/** Resolves once the server has so many leafnodes. */
export async function leafnodesAre(server: NatsServer, count: number): Promise<void> {
  await waitUntil(
    `${server.name} to have ${count} leafnodes`,
    async () => (await varz(server)).leafnodes,
    (leafnodes) => leafnodes === count,
  );
}
