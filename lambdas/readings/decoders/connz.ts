// /connz: open connections.
// - limit is 1024 unless given (monitor.go:170); num_connections counts this page, total all pages.
// - Leafnodes are listed from 2.11.5 and 2.12.0 (monitor.go:305-309), while varz.connections never counts them.
// - `connections` is null for an unknown acc= (monitor.go:283-287), with an empty server_id: a problem, not an empty list.
// - type is absent for leafnodes. Their name and version are the other server's (client.go:2300).
// - What may be secret is dropped: jwt, issuer_key, tags, and authorized_user, which is the token itself before 2.10.28 and 2.11.2
//   (nats-server PR 6808; seen on 2.9.10 and 2.10.27). Nothing in a row tells a token from a user name.
import { decodeConnection, decodeConnections } from './connections.ts';
import type { Connection, ConnectionsPage } from './connections.ts';
import type { Decoded } from './decoded.ts';
import { durationField, roundTripField, timeOrNullField } from './fields.ts';
import type { Row } from './fields.ts';
import type { EpochMs, Seconds } from './go-values.ts';

/** One open connection. Times are epoch ms; `rtt`, `uptime` and `idle` are seconds. */
export type ConnzRow = Connection & {
  /** Null if there was none. */
  readonly last_activity: EpochMs | null;
  /** Up to an hour old on a busy connection (const.go:224); 0 before the first pong. */
  readonly rtt?: Seconds | undefined;
  readonly uptime: Seconds;
  readonly idle: Seconds;
};

export type Connz = ConnectionsPage<ConnzRow>;

export function decodeConnz(json: unknown): Decoded<Connz> {
  return decodeConnections(json, decodeRow);
}

const decodeRow = (row: Row): ConnzRow => ({
  ...decodeConnection(row),
  last_activity: timeOrNullField(row['last_activity'], 'last_activity'),
  rtt: row['rtt'] === undefined ? undefined : roundTripField(row['rtt'], 'rtt'),
  uptime: durationField(row['uptime'], 'uptime'),
  idle: durationField(row['idle'], 'idle'),
});
