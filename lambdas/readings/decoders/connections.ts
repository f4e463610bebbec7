import * as z from 'zod/mini';
import { countProblem, decodeWith, goTime, gaugeCount, text } from './decoded.ts';
import type { Decoded } from './decoded.ts';
import {
  countField,
  decodeRows,
  heldBytesField,
  numberField,
  optionalTextField,
  textField,
  timeField,
} from './fields.ts';
import type { Row } from './fields.ts';
import type { EpochMs } from './go-values.ts';
import { problemOfAll, type LeftOut } from './left-out.ts';

/** With the ids of those that have one, by which a later reading of the same rows knows them again. */
export type LeftOutConnections = LeftOut & { readonly cids: readonly number[] };

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
  /** Rows of this page that are not as expected; absent without any. */
  readonly leftOut?: LeftOutConnections;
};

const schema = z.object({
  server_id: text,
  now: goTime,
  num_connections: gaugeCount,
  total: gaugeCount,
  offset: gaugeCount,
  limit: gaugeCount,
  connections: z.array(z.unknown()),
});

/** What open and closed connections have in common. `start` is epoch ms. */
export type Connection = {
  readonly cid: number;
  /** `Client` or `Leafnode`. */
  readonly kind: string;
  /** `nats`, `websocket` or `mqtt`. */
  readonly type?: string | undefined;
  readonly ip: string;
  readonly port: number;
  readonly start: EpochMs;
  readonly pending_bytes: number;
  readonly in_msgs: number;
  readonly out_msgs: number;
  readonly in_bytes: number;
  readonly out_bytes: number;
  readonly subscriptions: number;
  readonly name?: string | undefined;
  /** What an MQTT client is called: it has neither name nor lang nor version. */
  readonly mqtt_client?: string | undefined;
  readonly lang?: string | undefined;
  readonly version?: string | undefined;
  readonly account?: string | undefined;
};

/** Throws for a field that is not as expected: `decodeConnections` leaves the row out and tells the field. */
export const decodeConnection = (row: Row): Connection => ({
  cid: countField(row['cid'], 'cid'),
  kind: textField(row['kind'], 'kind'),
  type: optionalTextField(row['type'], 'type'),
  ip: textField(row['ip'], 'ip'),
  port: numberField(row['port'], 'port'),
  start: timeField(row['start'], 'start'),
  pending_bytes: heldBytesField(row['pending_bytes'], 'pending_bytes'),
  in_msgs: countField(row['in_msgs'], 'in_msgs'),
  out_msgs: countField(row['out_msgs'], 'out_msgs'),
  in_bytes: countField(row['in_bytes'], 'in_bytes'),
  out_bytes: countField(row['out_bytes'], 'out_bytes'),
  subscriptions: countField(row['subscriptions'], 'subscriptions'),
  name: optionalTextField(row['name'], 'name'),
  mqtt_client: optionalTextField(row['mqtt_client'], 'mqtt_client'),
  lang: optionalTextField(row['lang'], 'lang'),
  version: optionalTextField(row['version'], 'version'),
  account: optionalTextField(row['account'], 'account'),
});

/** Both states of /connz have the same frame: the rows' decoder is all that differs. */
export function decodeConnections<T extends Connection>(
  json: unknown,
  decodeRow: (row: Row) => T,
): Decoded<ConnectionsPage<T>> {
  const page = decodeWith(schema, json);
  if (!page.ok) return page;
  const { num_connections: count, connections: rows } = page.value;
  if (rows.length !== count) {
    return { ok: false, problem: countProblem('connections', 'num_connections', count, rows.length) };
  }
  const decoded = decodeRows(rows, 'connections', decodeRow);
  // A later page may hold a bad row alone: whether the list has others only its reader knows.
  const problem = page.value.offset === 0 ? problemOfAll(decoded) : null;
  if (problem !== null) return { ok: false, problem };
  const { rows: connections, leftOut } = decoded;
  if (leftOut === null) return { ok: true, value: { ...page.value, connections } };
  const cids = cidsLeftOut(rows, connections);
  return { ok: true, value: { ...page.value, connections, leftOut: { ...leftOut, cids } } };
}

function cidsLeftOut(rows: readonly unknown[], kept: readonly Pick<Connection, 'cid'>[]): readonly number[] {
  const known = new Set(kept.map(({ cid }) => cid));
  return rows.flatMap((row) => {
    const { cid } = (row ?? {}) as { readonly cid?: unknown };
    return typeof cid === 'number' && !known.has(cid) ? [cid] : [];
  });
}
