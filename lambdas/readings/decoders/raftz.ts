// /raftz?acc=ACCOUNT&group=NAME: one raft group as one server sees it, from 2.10 on.
// - Without `group` all groups of the account, a consumer's too; without `acc` the meta group alone. An unknown one is `{}`.
// - In rest committed, applied and pindex are one. pindex is the last entry of the log, committed the last that a majority has.
// - It counts batches of entries, not messages. overrun from 2.14.0.
// - It does not say which server answered; `id` is the one of the group's peer.
import * as z from 'zod/mini';
import { count, decodeWith, text } from './decoded.ts';
import type { Decoded } from './decoded.ts';

const schema = z.record(
  text,
  z.record(
    text,
    z.object({
      /** `LEADER`, `FOLLOWER`, `CANDIDATE`, `OBSERVER` or `CLOSED`. */
      state: text,
      committed: count,
      applied: count,
      pindex: count,
      overrun: z._default(z.boolean(), false),
    }),
  ),
);

export type RaftGroup = {
  readonly account: string;
  readonly name: string;
  readonly state: string;
  readonly committed: number;
  readonly applied: number;
  readonly pindex: number;
  readonly overrun: boolean;
};

/** Raft groups that a server was asked for. */
export type Raftz = { readonly groups: readonly RaftGroup[] };

export function decodeRaftz(json: unknown): Decoded<Raftz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const groups = Object.entries(decoded.value).flatMap(([account, own]) =>
    Object.entries(own).map(([name, group]) => ({ account, name, ...group })),
  );
  return { ok: true, value: { groups } };
}
