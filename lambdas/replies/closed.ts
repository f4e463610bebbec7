// /connz?state=closed: the ring of closed connections.
// - Only clients and leafnodes are kept (client.go:2073-2081), in memory, at most max_closed_clients (10,000,
//   const.go:192), the oldest overwritten (ring.go:25-78). total counts the rows held now, not all there ever were.
// - With sort=stop the newest come first. A row's identity is (server start, cid).
// - jwt, issuer_key and tags come even without auth=1 (server.go:3575-3616): they are dropped here.
// - account is never filled for the global account `$G`; name_tag is the user's name before 2.12, the account's since.
// - subscriptions is reliable from 2.10.19. Rows of clients that failed to log in have no lang and version.
import { userFilter } from './authorized-user.ts';
import type { UserFilter } from './authorized-user.ts';
import { decodeConnections } from './connections.ts';
import type { ConnectionsPage, UserNames } from './connections.ts';
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
  readonly authorized_user?: string | undefined;
  readonly name_tag?: string | undefined;
};

export type ClosedPage = ConnectionsPage<ClosedRow>;

/** Without `tokensRedacted` only users that are public keys are kept. */
export function decodeClosed(
  json: unknown,
  { tokensRedacted }: UserNames = { tokensRedacted: false },
): Decoded<ClosedPage> {
  const visibleUser = userFilter(tokensRedacted);
  return decodeConnections(json, (row) => decodeRow(row, visibleUser));
}

function decodeRow(row: Row, visibleUser: UserFilter): ClosedRow {
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
    authorized_user: visibleUser(optionalTextField(row['authorized_user'], 'authorized_user')),
    name_tag: optionalTextField(row['name_tag'], 'name_tag'),
  };
}
