// /connz?acc=&sort=subs: the open connections of an account that have most subscriptions, most first.
// - An account that the server has not loaded has an empty server_id and `connections: null`.
// - nats-server sorts all connections of the account for it.
import type { Decoded } from './decoded.ts';
import { decodeConnz, type ConnzRow } from './connz.ts';
import type { LeftOut } from './left-out.ts';

/** Who of an account has most subscriptions on a server. */
export type Subscribers = {
  readonly ofAccounts: readonly { readonly account: string; readonly connections: readonly ConnzRow[] }[];
  /** Accounts of which it could not be read. */
  readonly leftOut?: LeftOut;
};

export function decodeSubscribers(account: string, json: unknown): Decoded<Subscribers> {
  const decoded = decodeConnz(json);
  if (!decoded.ok) return decoded;
  return { ok: true, value: { ofAccounts: [{ account, connections: decoded.value.connections }] } };
}
