// /accountz?acc=: one account as one server knows it. An account that it has not loaded is 400 and no JSON.
// - decoded_jwt is there in operator mode alone, and shows the limits; those of a configuration show nowhere. In it -1 is
//   no limit, and what is absent is 0. iat and exp are seconds since 1970; exp is absent where it does not expire.
// - limits.subs holds for each connection (client.go:966), limits.conn for all servers together, leafnodes of the server that
//   counts included (accounts.go:670).
// - imports are those that work, beside what nats-server imports by itself from the system account; what the JWT says and is
//   not among them does not, and complete is false then. subject is the exporter's, type `stream` or `service`; local_subject is
//   what the importer hears it as, with `*` for what its JWT has as `$1`, and absent of services before 2.10.
// - expired is by the server's clock, and stays after the JWT's time until a new one comes.
// - Dropped are the JWT's text, tokens of imports, permissions, tags.
import * as z from 'zod/mini';
import {
  decodeWith,
  epochSeconds,
  gaugeCount,
  number,
  optionalEpochSeconds,
  optionalText,
  text,
} from './decoded.ts';
import type { Decoded } from './decoded.ts';
import type { EpochMs } from './go-values.ts';
import type { LeftOut } from './left-out.ts';

const share = z.object({ subject: z._default(text, ''), type: optionalText });
const oneImport = z.extend(share, {
  account: z._default(text, ''),
  local_subject: optionalText,
  invalid: z._default(z.boolean(), false),
});
const oneExport = z.extend(share, { token_req: z._default(z.boolean(), false) });
const claimedImport = z.extend(share, { account: z._default(text, ''), token: optionalText });

const limits = z.object({
  conn: z._default(number, 0),
  leaf: z._default(number, 0),
  subs: z._default(number, 0),
});

const claims = z.object({
  name: optionalText,
  iat: epochSeconds,
  exp: optionalEpochSeconds,
  nats: z.object({
    limits: z._default(limits, { conn: 0, leaf: 0, subs: 0 }),
    imports: z._default(z.array(claimedImport), []),
  }),
});

const schema = z.object({
  server_id: text,
  account_detail: z.object({
    account_name: text,
    is_system: z._default(z.boolean(), false),
    expired: z.boolean(),
    subscriptions: gaugeCount,
    imports: z._default(z.array(oneImport), []),
    exports: z._default(z.array(oneExport), []),
    decoded_jwt: z.optional(claims),
    /** When up to, by the keys of users; `*` for all of them. */
    revoked_user: z._default(z.record(text, text), {}),
  }),
});

/** `type` is `stream` or `service`. */
type Share = { readonly subject: string; readonly type: string };
/** What an account gives to others; what is private only to those that have a token of it. */
export type Export = Share & { readonly isPrivate: boolean };
/** What an account takes from another one. */
export type Import = Share & { readonly account: string };
/** `local` is the subject that it has in the account that takes it. */
export type WorkingImport = Import & { readonly local: string };

/** What the JWT of an account says. */
export type AccountClaims = {
  readonly issuedAt: EpochMs;
  /** Null: it does not expire. */
  readonly expiresAt: EpochMs | null;
  /** -1 is no limit. */
  readonly limits: { readonly conn: number; readonly leaf: number; readonly subs: number };
  readonly imports: readonly (Import & { readonly hasToken: boolean })[];
};

/** An account as one server knows it. */
export type Account = {
  /** Its key in operator mode. */
  readonly key: string;
  readonly name: string;
  readonly isSystem: boolean;
  readonly isExpired: boolean;
  readonly subscriptions: number;
  /** Null where it comes from the configuration. */
  readonly claims: AccountClaims | null;
  /** Those that work. */
  readonly imports: readonly WorkingImport[];
  readonly exports: readonly Export[];
  /** Keys of users whose JWTs are revoked. */
  readonly revoked: readonly string[];
};

/** Accounts that a server was asked for, and how many of them could not be read. */
export type Accountz = { readonly accounts: readonly Account[]; readonly leftOut?: LeftOut };

const typed = ({ subject, type = 'stream' }: z.output<typeof share>): Share => ({ subject, type });

function claimsOf({ iat, exp, nats }: z.output<typeof claims>): AccountClaims {
  return {
    issuedAt: iat * 1_000,
    expiresAt: exp === undefined || exp === 0 ? null : exp * 1_000,
    limits: nats.limits,
    imports: nats.imports.map(({ account, token = '', ...rest }) => ({
      ...typed(rest),
      account,
      hasToken: token !== '',
    })),
  };
}

export function decodeAccount(json: unknown): Decoded<Accountz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { account_detail: detail } = decoded.value as z.output<typeof schema>;
  const { account_name: key, decoded_jwt: jwt } = detail;
  const account: Account = {
    key,
    name: jwt?.name ?? key,
    isSystem: detail.is_system,
    isExpired: detail.expired,
    subscriptions: detail.subscriptions,
    claims: jwt === undefined ? null : claimsOf(jwt),
    imports: detail.imports
      .filter(({ invalid }) => !invalid)
      .map(({ account: from, local_subject: local, ...rest }) => ({
        ...{ ...typed(rest), account: from },
        local: local ?? rest.subject,
      })),
    exports: detail.exports.map(({ token_req: isPrivate, ...rest }) => ({ ...typed(rest), isPrivate })),
    revoked: Object.keys(detail.revoked_user),
  };
  return { ok: true, value: { accounts: [account] } };
}
