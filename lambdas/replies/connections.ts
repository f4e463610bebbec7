import * as z from 'zod/mini';
import { countProblem, decodeWith, goTime, number, text } from './decoded.ts';
import type { Decoded } from './decoded.ts';
import { decodeRows } from './fields.ts';
import type { Row } from './fields.ts';
import type { EpochMs } from './go-values.ts';

/** A page of connections, open or closed. `now` is epoch ms. */
export type ConnectionsPage<T> = {
  readonly server_id: string;
  readonly now: EpochMs;
  /** Rows on this page. */
  readonly num_connections: number;
  /** Rows there are, this page or not. */
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly connections: readonly T[];
};

const schema = z.object({
  server_id: text,
  now: goTime,
  num_connections: number,
  total: number,
  offset: number,
  limit: number,
  connections: z.array(z.unknown()),
});

/** Both states of /connz have the same frame: the rows' decoder is all that differs. */
export function decodeConnections<T>(json: unknown, decodeRow: (row: Row) => T): Decoded<ConnectionsPage<T>> {
  const page = decodeWith(schema, json);
  if (!page.ok) return page;
  const { num_connections: count, connections: rows } = page.value;
  if (rows.length !== count) {
    return { ok: false, problem: countProblem('connections', 'num_connections', count, rows.length) };
  }
  const connections = decodeRows(rows, 'connections', decodeRow);
  return connections.ok
    ? { ok: true, value: { ...page.value, connections: connections.value } }
    : connections;
}
