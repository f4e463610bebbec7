// /connz: open connections.
// - limit is 1024 unless given (monitor.go:170); num_connections counts this page, total all pages.
// - Leafnodes are listed from 2.11.5 and 2.12.0 (monitor.go:305-309), while varz.connections never counts them.
// - `connections` is null for an unknown acc= (monitor.go:283-287), with an empty server_id: a problem, not an empty list.
// - type is absent for leafnodes. Their name and version are the other server's (client.go:2300).
// - What may be secret is dropped: jwt, issuer_key, tags, and authorized_user, which is the token itself up to 2.11.2
//   (nats-server PR 6808; seen on 2.9.10 and 2.10.27). Nothing in a row tells a token from a user name.
import { decodeConnections } from './connections.ts';
import type { ConnectionsPage } from './connections.ts';
import type { Decoded } from './decoded.ts';
import {
  durationField,
  numberField,
  optionalTextField,
  textField,
  timeField,
  timeOrNullField,
} from './fields.ts';
import type { Row } from './fields.ts';
import type { EpochMs, Seconds } from './go-values.ts';

/** One open connection. Times are epoch ms; `rtt`, `uptime` and `idle` are seconds. */
export type ConnzRow = {
  readonly cid: number;
  /** `Client` or `Leafnode`. */
  readonly kind: string;
  /** `nats`, `websocket` or `mqtt`. */
  readonly type?: string | undefined;
  readonly ip: string;
  readonly port: number;
  readonly start: EpochMs;
  /** Null if there was none. */
  readonly last_activity: EpochMs | null;
  /** Up to an hour old on a busy connection (const.go:224); 0 before the first pong. */
  readonly rtt?: Seconds | undefined;
  readonly uptime: Seconds;
  readonly idle: Seconds;
  readonly pending_bytes: number;
  readonly in_msgs: number;
  readonly out_msgs: number;
  readonly in_bytes: number;
  readonly out_bytes: number;
  readonly subscriptions: number;
  readonly name?: string | undefined;
  readonly lang?: string | undefined;
  readonly version?: string | undefined;
  readonly account?: string | undefined;
};

export type Connz = ConnectionsPage<ConnzRow>;

export function decodeConnz(json: unknown): Decoded<Connz> {
  return decodeConnections(json, decodeRow);
}

function decodeRow(row: Row): ConnzRow {
  return {
    cid: numberField(row['cid'], 'cid'),
    kind: textField(row['kind'], 'kind'),
    type: optionalTextField(row['type'], 'type'),
    ip: textField(row['ip'], 'ip'),
    port: numberField(row['port'], 'port'),
    start: timeField(row['start'], 'start'),
    last_activity: timeOrNullField(row['last_activity'], 'last_activity'),
    rtt: row['rtt'] === undefined ? undefined : durationField(row['rtt'], 'rtt'),
    uptime: durationField(row['uptime'], 'uptime'),
    idle: durationField(row['idle'], 'idle'),
    pending_bytes: numberField(row['pending_bytes'], 'pending_bytes'),
    in_msgs: numberField(row['in_msgs'], 'in_msgs'),
    out_msgs: numberField(row['out_msgs'], 'out_msgs'),
    in_bytes: numberField(row['in_bytes'], 'in_bytes'),
    out_bytes: numberField(row['out_bytes'], 'out_bytes'),
    subscriptions: numberField(row['subscriptions'], 'subscriptions'),
    name: optionalTextField(row['name'], 'name'),
    lang: optionalTextField(row['lang'], 'lang'),
    version: optionalTextField(row['version'], 'version'),
    account: optionalTextField(row['account'], 'account'),
  };
}
