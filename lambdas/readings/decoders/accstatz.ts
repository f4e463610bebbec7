// /accstatz?unused=1: what each account of one server has. Without unused=1 accounts without a connection now are left out.
// - In operator mode a server knows the accounts that it has loaded: on first use, and again after each start. One whose JWT
//   has expired is not loaded any more.
// - acc is the account's key in operator mode, its name else; name from 2.11.0 on. num_subscriptions from 2.10.0 on.
// - conns are clients without leafnodes, total_conns are both. slow_consumers counts since the account was loaded.
// - The global account is always there: without rows it is no reply.
// - No paging and no filter; the order is another one each time.
import * as z from 'zod/mini';
import { count, decodeWith, gaugeCount, goTime, optionalText, problemAt, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';
import { problemOfAll, rowByRow, type LeftOut } from './left-out.ts';

const row = z.object({
  acc: text,
  name: optionalText,
  conns: gaugeCount,
  leafnodes: gaugeCount,
  num_subscriptions: z.optional(gaugeCount),
  slow_consumers: count,
});

const schema = z.object({
  server_id: text,
  /** The server's own clock, epoch ms. */
  now: goTime,
  account_statz: z.array(z.unknown()),
});

/** One account on one server. */
export type AccountStat = Immutable<z.output<typeof row>>;

/** A server's `/accstatz`. `now` is epoch ms. */
export type Accstatz = {
  readonly server_id: string;
  readonly now: number;
  readonly accounts: readonly AccountStat[];
  /** Rows that are not as expected; absent without any. */
  readonly leftOut?: LeftOut;
};

export function decodeAccstatz(json: unknown): Decoded<Accstatz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { account_statz: received, ...frame } = decoded.value;
  if (received.length === 0)
    return { ok: false, problem: problemAt(['account_statz'], 'the global account at least', received) };
  const rows = rowByRow(received, (each, index) => decodeWith(row, each, ['account_statz', index]));
  const problem = problemOfAll(rows);
  if (problem !== null) return { ok: false, problem };
  const { rows: accounts, leftOut } = rows;
  return { ok: true, value: { ...frame, accounts, ...(leftOut === null ? {} : { leftOut }) } };
}
