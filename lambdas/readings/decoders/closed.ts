// /connz?state=closed: the ring of closed connections.
// - Only clients and leafnodes are kept (client.go:2073-2081), in memory, at most max_closed_clients (10,000,
//   const.go:192), the oldest overwritten (ring.go:25-78). total counts the rows held now, not all there ever were.
// - With sort=stop the newest come first. A row's identity is (server start, cid).
// - jwt, issuer_key and tags come even without auth=1 (server.go:3575-3616): they are dropped here,
//   and so is authorized_user, which is the token itself before 2.10.28 and 2.11.2.
// - account is never filled for the global account `$G`.
// - jwt holds the password of MQTT clients on 2.9.10 and 2.10.27.
// - subscriptions is reliable from 2.10.19.
import { decodeConnection, decodeConnections } from './connections.ts';
import type { Connection, ConnectionsPage } from './connections.ts';
import type { Decoded } from './decoded.ts';
import { textField, timeField } from './fields.ts';
import type { Row } from './fields.ts';
import { parseGoDuration } from './go-values.ts';
import type { EpochMs, Seconds } from './go-values.ts';

/** One closed connection. `start` and `stop` are epoch ms. */
export type ClosedRow = Connection & {
  readonly stop: EpochMs;
  readonly reason: string;
  /**
   * Of one that did not say its language: 0 if it never sent CONNECT, from which the first is taken (client.go:2286), and
   * for MQTT clients.
   */
  readonly rtt?: Seconds | undefined;
  /** Of MQTT clients: since the last message or subscription, in whole seconds. PINGREQs do not count. */
  readonly idle?: Seconds | undefined;
};

export type ClosedPage = ConnectionsPage<ClosedRow>;

export function decodeClosed(json: unknown): Decoded<ClosedPage> {
  return decodeConnections(json, decodeRow);
}

const decodeRow = (row: Row): ClosedRow => ({
  ...decodeConnection(row),
  stop: timeField(row['stop'], 'stop'),
  reason: textField(row['reason'], 'reason'),
  rtt: row['lang'] === undefined ? knownDuration(row['rtt']) : undefined,
  idle: row['type'] === 'mqtt' ? knownDuration(row['idle']) : undefined,
});

/** A row is none the worse for a duration that it does not have. Reading those of a full ring would take 20 ms. */
const knownDuration = (value: unknown): Seconds | undefined =>
  typeof value === 'string' ? parseGoDuration(value) : undefined;
