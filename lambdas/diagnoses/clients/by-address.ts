import type { ClientRow } from '../../readings/decoders/clients.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { countBy, nameKey, type Counts } from './census.ts';

/** So many different names come from a proxy or NAT: what one of them holds there is not of one process. */
const mostNames = 8;

/** How many connections of a name come from each address. */
export const countByAddress = (rows: readonly ClientRow[]): Counts =>
  countBy(rows, (row) => {
    const name = nameKey(row);
    return name === null ? [] : [keyOf(name, row.ip)];
  });

export type AtAddress = {
  readonly address: string;
  /** Of the name there. */
  readonly most: number;
  /** Of the name at all addresses that are known. */
  readonly total: number;
  readonly addresses: number;
};

/** By name, the address that most of its connections come from; not of addresses that many share. */
export function byAddress(counts: Counts): ReadonlyMap<string, AtAddress> {
  const parts = [...counts].map(([key, count]) => {
    const [name = '', address = ''] = partsOf(key);
    return { name, address, count };
  });
  const namesAt = new Map<string, number>();
  for (const { address } of parts) namesAt.set(address, (namesAt.get(address) ?? 0) + 1);
  const found = new Map<string, AtAddress>();
  for (const { name, address, count } of parts) {
    const { total = 0, addresses = 0, ...before } = found.get(name) ?? { address: '', most: 0 };
    const isOwn = (namesAt.get(address) ?? 0) <= mostNames;
    found.set(name, {
      ...(isOwn && count > before.most ? { address, most: count } : before),
      total: total + count,
      addresses: addresses + 1,
    });
  }
  return found;
}
