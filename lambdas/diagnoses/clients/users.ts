import { formatCount } from '../../engine/format.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { clientName, shown } from '../client-name.ts';
import { tally } from '../tally.ts';
import { accountOf, type Client } from './census.ts';

/** Key of the user that logged in; null where there was none, or where all log in with one token. */
export function userKey(row: ClientRow): string | null {
  if (row.user === undefined) return null;
  const own = 'name' in row.user ? ['name', row.user.name] : ['mark', String(row.user.mark)];
  return keyOf(accountOf(row), ...own);
}

/** `orders (APP)`; of one whose name may be a token what most of its clients are called: `user of ingest (APP)`. */
export function userWords(key: string, clients: readonly Client[]): string | null {
  const [account = '', kind, name = ''] = partsOf(key);
  if (kind === 'name') return `${name} (${shown(account)})`;
  const [most] = tally(clients.map(({ row }) => clientName(row) ?? row.ip));
  return most === undefined ? null : `user of ${shown(most[0])} (${shown(account)})`;
}

/** What they are called, the most frequent first. */
export const namesOf = (clients: readonly Client[]): string =>
  tally(clients.map(({ row }) => clientName(row) ?? '(unnamed)'))
    .slice(0, 5)
    .map(([name, count]) => `${shown(name)} ${formatCount(count)}`)
    .join(', ');
