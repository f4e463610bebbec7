import type { ClusterFacts, Diagnosis } from '../../../lambdas/define.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { Account, AccountClaims } from '../../../lambdas/readings/decoders/account.ts';
import type { AccountStat } from '../../../lambdas/readings/decoders/accstatz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { firstMinute, server, varz, watching } from '../../kit.ts';

/** The key of an account in operator mode: `A`, and the letter 55 times. */
export const keyOf = (letter: string): string => `A${letter.repeat(55)}`;

export const stat = (changes: Partial<AccountStat> = {}): AccountStat => ({
  acc: keyOf('P'),
  name: 'APP',
  conns: 0,
  leafnodes: 0,
  num_subscriptions: 5,
  slow_consumers: 0,
  ...changes,
});

export const claims = (changes: Partial<AccountClaims> = {}): AccountClaims => ({
  issuedAt: firstMinute - 1_000,
  expiresAt: null,
  limits: { conn: -1, leaf: -1, subs: -1 },
  imports: [],
  ...changes,
});

/** Account APP with a JWT without limits, with changes. */
export const account = (changes: Partial<Account> = {}): Account => ({
  key: keyOf('P'),
  name: 'APP',
  isSystem: false,
  isExpired: false,
  subscriptions: 5,
  claims: claims(),
  imports: [],
  exports: [],
  revoked: [],
  ...changes,
});

/** Of a configuration: its name is its key. */
export const configured = (key: string, changes: Partial<Account> = {}): Account =>
  account({ key, name: key, claims: null, ...changes });

type Given = Parameters<typeof server>[1];

/** A server that has these accounts, and was asked for those. */
export const knowing = (
  name: string,
  stats: readonly Partial<AccountStat>[],
  accounts: readonly Account[] | null = null,
  { version = '2.15.1', ...more }: Given & { readonly version?: string } = {},
) => {
  const own: Varz = varz({ server_name: name, server_id: `N-${name}`, version });
  return server(name, {
    varz: own,
    accstatz: { server_id: own.server_id, now: firstMinute, accounts: stats.map(stat) },
    ...(accounts === null ? {} : { accountz: { accounts } }),
    ...more,
  });
};

/** Looks every five minutes, as the check does. */
export const watchingAccounts = (
  diagnosis: Diagnosis,
  options: { readonly facts?: Partial<ClusterFacts>; readonly remembers?: boolean } = {},
) => watching(diagnosis, { every: minutes(5), ...options });
