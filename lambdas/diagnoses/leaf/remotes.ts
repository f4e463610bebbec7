import type { Leafz, Varz } from '../../readings/endpoints.ts';
import { globalAccount, isDialled, portsOf } from '../leafnodes.ts';
import { formatLeafnode } from './identity.ts';

export type Remote = Varz['leaf']['remotes'][number];

/** The remotes of one account: how many are configured, and which have no connection. */
export type AccountRemotes = {
  readonly account: string;
  readonly configured: number;
  readonly missing: number;
  /** The missing ones, where addresses tell them from the others. */
  readonly down: readonly Remote[] | null;
};

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const hasAddress = ({ urls }: Remote, { ip, port }: Address): boolean =>
  urls.includes(`${ip}:${port}`) || urls.includes(`[${ip}]:${port}`);
const hasPort = ({ urls }: Remote, { port }: Address): boolean => portsOf(urls).includes(port);

type Address = { readonly ip: string; readonly port: number };

/** Remotes as text: one, or those of which a connection may be any. In one order, as it is a key. */
const formatRemotes = (remotes: readonly Remote[]): string =>
  remotes
    .map(({ urls }) => urls.toSorted().join(', '))
    .sort()
    .join('; ') || 'no remote of its configuration';

/**
 * The remote that a connection was dialled for: by its account, and where that has several by the address or port of a
 * URL. A load balancer, several A records, or hubs that the configured ones made known give one remote many
 * addresses; where these tell nothing it may be any of its account.
 */
export function remoteOf(
  varz: Pick<Varz, 'leaf'>,
  row: Address & { readonly account?: string | undefined },
): string {
  const own = varz.leaf.remotes.filter(
    ({ local_account: account }) => (account ?? globalAccount) === (row.account ?? globalAccount),
  );
  const fitting = [hasAddress, hasPort]
    .map((fits) => own.filter((remote) => fits(remote, row)))
    .find(({ length }) => length > 0);
  const account = row.account === globalAccount ? undefined : row.account;
  const name = formatRemotes(own.length > 1 && fitting?.length === 1 ? fitting : own);
  return formatLeafnode({ account, name });
}

/**
 * Puts connections to the remotes that were surely meant: first where address and port are a URL's, then where the
 * port is. A connection may also lead to a hub that the configured ones made known, and then fits none.
 */
function assign(remotes: readonly Remote[], rows: Leafz['leafs']) {
  const free = new Set(rows);
  const open = new Set(remotes);
  const fits = [hasAddress, hasPort];
  let isCertain = true;
  for (const [i, fit] of fits.entries()) {
    for (const row of free) {
      const candidates = [...open].filter((remote) => fit(remote, row));
      const [first] = candidates;
      if (first === undefined) continue;
      if (i > 0 && candidates.length > 1) isCertain = false;
      free.delete(row);
      open.delete(first);
    }
  }
  return { free, open, isCertain };
}

/**
 * Each account's remotes against the server's own connections. A remote with several URLs is one; `/varz` shows
 * neither `hub: true` nor `disabled: true`.
 */
export function compareRemotes(
  varz: Pick<Varz, 'leaf'>,
  { leafs }: Pick<Leafz, 'leafs'>,
): readonly AccountRemotes[] {
  const dialled = groupBy(
    leafs.filter((row) => isDialled(varz, row)),
    ({ account }) => account,
  );
  const remotes = groupBy(varz.leaf.remotes, ({ local_account: account }) => account ?? globalAccount);
  return [...remotes].map(([account, configured]) => {
    const { free, open, isCertain } = assign(configured, dialled.get(account) ?? []);
    const missing = Math.max(0, open.size - free.size);
    const isReported = missing > 0 && free.size === 0 && isCertain;
    return {
      account,
      configured: configured.length,
      missing,
      down: isReported || missing === configured.length ? [...open] : null,
    };
  });
}
