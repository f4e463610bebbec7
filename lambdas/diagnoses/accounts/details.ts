import { minutes, notApplicable, type AskedOf, type Known, type Target } from '../../define.ts';
import type { Account } from '../../readings/decoders/account.ts';
import type { Accountz } from '../../readings/endpoints.ts';
import type { Reading } from '../../readings/reading.ts';
import type { FleetAccount } from './fleet.ts';

/** An account as one server showed it in this run. */
export type Detail = { readonly target: Target; readonly account: Account };

type Asking = { readonly target: Target; readonly accountz: Reading<Accountz> | null };

export const detailsOf = (servers: readonly Asking[]): readonly Detail[] =>
  servers.flatMap(({ target, accountz }) =>
    accountz?.ok ? accountz.value.accounts.map((account) => ({ target, account })) : [],
  );

const issuedAt = ({ account: { claims } }: Detail): number => claims?.issuedAt ?? 0;

/** Of each account by key what the server said of it that has the newest JWT. */
export const newestDetails = (details: readonly Detail[]): ReadonlyMap<string, Detail> =>
  new Map(
    details.toSorted((a, b) => issuedAt(a) - issuedAt(b)).map((detail) => [detail.account.key, detail]),
  );

export const namesOf = (details: readonly Detail[]): ReadonlyMap<string, string> =>
  new Map(details.map(({ account: { key, name } }) => [key, name]));

/** Why nothing is known of any account: no server told it. */
export const failureIn = (servers: readonly Asking[]): string | null =>
  servers.flatMap(({ accountz }) => (accountz?.ok === false ? [accountz.failure.message] : []))[0] ?? null;

export const noJwts = notApplicable('no account of its servers has a JWT (no operator)');

/** Accounts that are asked for in a run: one small reply each. */
const inARun = 96;
const runEvery = minutes(5);

/** Every account of one server, of another one in the next run; of many accounts some, the next ones then. */
export function inTurn(accounts: readonly FleetAccount[], at: number): readonly AskedOf<'accountz'>[] {
  const run = Math.floor(at / runEvery);
  const start = accounts.length <= inARun ? 0 : (run * inARun) % accounts.length;
  return [...accounts.slice(start), ...accounts.slice(0, start)]
    .slice(0, inARun)
    .flatMap(({ key, on }, i) => {
      const server = on[(run + i) % on.length];
      return server === undefined ? [] : [asking(server.target, key)];
    });
}

/** Beside those whose turn it is. */
const mostAnew = 24;

/** These accounts, where it may not be their turn: what an earlier run read is read anew before it is told. */
export const again = (
  accounts: readonly FleetAccount[],
  wanted: ReadonlySet<string>,
  at: number,
): readonly AskedOf<'accountz'>[] =>
  accounts.length <= inARun
    ? []
    : inTurn(accounts.filter(({ key }) => wanted.has(key)).slice(0, mostAnew), at);

export const asking = (target: Target, account: string): AskedOf<'accountz'> => ({
  endpoint: 'accountz',
  target,
  account,
});

/** Keys are long, and nothing of them can be packed: the first 80 bits of theirs tell accounts apart. */
export const memoryKey = ({ key, hasJwt }: Pick<FleetAccount, 'key' | 'hasJwt'>): string =>
  hasJwt ? key.slice(1, 17) : key;

type Values = ReadonlyMap<string, string>;
type Before = ReadonlyMap<string, Known>;
/** A history of the kind `latest`. */
export type Record = (update: (before: Before) => Values) => { readonly before: Before };

/**
 * What is known of each thing: what this run read, else what an earlier one did.
 * @param readNow an empty text for one of which there is nothing to know
 */
export function remembered(record: Record, readNow: (before: Before) => Values): Values {
  let now: Values = new Map();
  const { before } = record((known) => {
    now = readNow(known);
    return new Map([...now].filter(([key, value]) => value !== '' || known.has(key)));
  });
  const earlier = [...before].map(([key, { value }]) => [key, value] as const);
  const all = new Map([...earlier, ...now]);
  return new Map([...all].filter(([, value]) => value !== ''));
}
