import { endpoints, mostSubscriptions, readEndpoint } from './endpoints.ts';
import type { Reading, Target } from './reading.ts';
import type { Source } from './source.ts';
import type { LeftOut } from './decoders/left-out.ts';

/** Servers that a run asks: small replies, but one each. */
export const mostAsked = 256;

/** What somebody of an account listens to on one server. */
export type AccountInterest = {
  readonly account: string;
  /** Subjects of its subscriptions, each once. */
  readonly subjects: readonly string[];
  /** False where there may be more of them than are read. */
  readonly isWhole: boolean;
};

/** Of accounts that a server was asked for. */
export type Interest = {
  readonly ofAccounts: readonly AccountInterest[];
  /** Accounts of which it could not be read. */
  readonly leftOut?: LeftOut;
};

type Asked = { readonly target: Target; readonly account: string; readonly leafnodes: boolean };

/** One request, two where the account has leafnodes there: `/subsz` does not list what is subscribed to for them. */
export async function readInterest(
  source: Source,
  { target, account, leafnodes }: Asked,
): Promise<Reading<Interest>> {
  const own = await readEndpoint(source, target, endpoints.subscriptions(account));
  if (!own.ok) return own;
  const remote = leafnodes ? await readEndpoint(source, target, endpoints.leafzSubs(account)) : null;
  if (remote?.ok === false) return remote;
  const { subscriptions_list: rows } = own.value;
  const leafs = remote?.value.leafs ?? [];
  const subjects = new Set([
    ...rows.map(({ subject }) => subject),
    ...leafs.flatMap(({ subscriptions_list: list = [] }) => list),
  ]);
  const isWhole = rows.length < mostSubscriptions && remote?.value.leftOut === undefined;
  return { ok: true, value: { ofAccounts: [{ account, subjects: [...subjects], isWhole }] } };
}
