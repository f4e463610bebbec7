import type { Entity, Target } from '../../define.ts';
import type { Accstatz, Varz } from '../../readings/endpoints.ts';
import type { AccountStat } from '../../readings/decoders/accstatz.ts';

/** An account on one server. */
export type OnServer = { readonly target: Target; readonly varz: Varz; readonly stat: AccountStat };

/** An account as the watched servers have it that know it. */
export type FleetAccount = {
  /** Its public key in operator mode, its name else. */
  readonly key: string;
  readonly entity: Entity;
  /** It comes with a JWT. */
  readonly hasJwt: boolean;
  readonly on: readonly OnServer[];
};

/** The global account, where nobody configured any. */
export const globalAccount = '$G';

/** The public key of an account, which is its name where an operator signs accounts. */
export const isAccountKey = (name: string): boolean => /^A[A-Z2-7]{55}$/.test(name);

type Seen = { readonly target: Target; readonly varz: Varz; readonly accstatz: Accstatz };

/** What an account is called; its key where servers before 2.11 do not say and nobody else does. */
const nameOf = (key: string, on: readonly OnServer[], names: ReadonlyMap<string, string>): string =>
  on.map(({ stat }) => stat.name ?? '').find((name) => name !== '' && name !== key) ?? names.get(key) ?? key;

/**
 * Accounts of all servers, each once, sorted by key. Of several that one name means it is told with the key.
 * @param names of accounts by key, where servers before 2.11 do not say them
 */
export function accountsOf(
  servers: readonly Seen[],
  names: ReadonlyMap<string, string> = new Map(),
): readonly FleetAccount[] {
  const rows = servers.flatMap(({ target, varz, accstatz }) =>
    accstatz.accounts.map((stat) => ({ target, varz, stat })),
  );
  const byKey = [...Map.groupBy(rows, ({ stat }) => stat.acc)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const named = byKey.map(([key, on]) => ({ key, on, name: nameOf(key, on, names) }));
  const sharing = Map.groupBy(named, ({ name }) => name);
  return named.map(({ key, on, name }) => ({
    ...{ key, on, hasJwt: isAccountKey(key) },
    entity: entityOf(key, name, (sharing.get(name)?.length ?? 0) > 1),
  }));
}

/** @param isShared whether other accounts go by that name too */
export const entityOf = (key: string, name: string, isShared = false): Entity => ({
  kind: 'account',
  name: isShared ? `${name} (${key})` : name,
});

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** `n1 60, n2 35`, the most first; servers without any are left out. */
export const perServer = (
  on: readonly OnServer[],
  figure: (stat: AccountStat) => number,
): readonly string[] =>
  on
    .map(({ target, stat }) => ({ name: target.name, figure: figure(stat) }))
    .filter((each) => each.figure > 0)
    .toSorted((a, b) => b.figure - a.figure)
    .map((each) => `${each.name} ${each.figure}`);
