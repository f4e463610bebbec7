// /connz?state=closed: the ring of closed connections.
// - Only clients and leafnodes are kept (client.go:2073-2081), in memory, at most max_closed_clients (10,000,
//   const.go:192), the oldest overwritten (ring.go:25-78). total counts the rows held now, not all there ever were.
// - With sort=stop the newest come first. A row's identity is (server start, cid).
// - jwt, issuer_key and tags come even without auth=1 (server.go:3575-3616): they are dropped here,
//   and so is authorized_user, which is the token itself up to 2.11.2.
// - account is never filled for the global account `$G`.
// - subscriptions is reliable from 2.10.19.
import { decodeConnections } from './connections.ts';
import type { ConnectionsPage } from './connections.ts';
import type { Decoded } from './decoded.ts';
import { numberField, optionalTextField, textField, timeField } from './fields.ts';
import type { Row } from './fields.ts';
import type { EpochMs } from './go-values.ts';

/** One closed connection. `start` and `stop` are epoch ms. */
export type ClosedRow = {
  readonly cid: number;
  /** `Client` or `Leafnode`. */
  readonly kind: string;
  /** `nats`, `websocket` or `mqtt`. */
  readonly type?: string | undefined;
  readonly ip: string;
  readonly port: number;
  readonly start: EpochMs;
  readonly stop: EpochMs;
  readonly reason: string;
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

export type ClosedPage = ConnectionsPage<ClosedRow>;

export function decodeClosed(json: unknown): Decoded<ClosedPage> {
  return decodeConnections(json, decodeRow);
}

function decodeRow(row: Row): ClosedRow {
  return {
    cid: numberField(row['cid'], 'cid'),
    kind: textField(row['kind'], 'kind'),
    type: optionalTextField(row['type'], 'type'),
    ip: textField(row['ip'], 'ip'),
    port: numberField(row['port'], 'port'),
    start: timeField(row['start'], 'start'),
    stop: timeField(row['stop'], 'stop'),
    reason: textField(row['reason'], 'reason'),
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
