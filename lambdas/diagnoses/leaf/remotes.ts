import type { Leafz, Varz } from '../../replies/endpoints.ts';
import { isDialled, portsOf } from '../leafnodes.ts';

export type Remote = Varz['leaf']['remotes'][number];

/** The remotes of one account: how many are configured, and which have no connection. */
export type AccountRemotes = {
  readonly account: string;
  readonly configured: number;
  readonly missing: number;
  /** The missing ones, where addresses tell them from the others. */
  readonly down: readonly Remote[] | null;
};

const globalAccount = '$G';

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/**
 * Puts connections to the remotes that were surely meant: first where address and port are a URL's, then where the
 * port is. A connection may also lead to a hub that the configured ones made known, and then fits none.
 */
function assign(remotes: readonly Remote[], rows: Leafz['leafs']) {
  const free = new Set(rows);
  const open = new Set(remotes);
  const fits = [
    (remote: Remote, { ip, port }: Leafz['leafs'][number]) =>
      remote.urls.includes(`${ip}:${port}`) || remote.urls.includes(`[${ip}]:${port}`),
    (remote: Remote, { port }: Leafz['leafs'][number]) => portsOf(remote.urls).includes(port),
  ];
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
    const isTold = missing > 0 && free.size === 0 && isCertain;
    return {
      account,
      configured: configured.length,
      missing,
      down: isTold || missing === configured.length ? [...open] : null,
    };
  });
}
