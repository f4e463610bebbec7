import type { ClientRow } from '../../readings/decoders/clients.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { countBy, nameKey, type Counts } from './census.ts';
import { userKey } from './users.ts';

/** So many different names come from a proxy or NAT: what one of them holds there is not of one process. */
const mostNames = 8;

/** Beyond so many connections of one name, an address is told of. */
export const manyAtAddress = 100;

const known = new WeakMap<readonly ClientRow[], Counts>();

/** How many connections of a name come from each address; counted once a run, however many diagnoses ask. */
export function countByAddress(rows: readonly ClientRow[]): Counts {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const counts = countBy(rows, (row) => {
    const name = nameKey(row);
    return name === null ? [] : [keyOf(name, row.ip)];
  });
  known.set(rows, counts);
  return counts;
}

export type AtAddress = {
  readonly address: string;
  /** Of the name there. */
  readonly most: number;
  /** Of the name at all addresses that are known. */
  readonly total: number;
  readonly addresses: number;
};

type Part = {
  readonly name: string;
  readonly address: string;
  readonly count: number;
  /** The address is that of a few processes, and not one that many share. */
  readonly isOwn: boolean;
};

function partsAt(counts: Counts): readonly Part[] {
  const parts = [...counts].map(([key, count]) => {
    const [name = '', address = ''] = partsOf(key);
    return { name, address, count };
  });
  const namesAt = new Map<string, number>();
  for (const { address } of parts) namesAt.set(address, (namesAt.get(address) ?? 0) + 1);
  return parts.map((part) => ({ ...part, isOwn: (namesAt.get(part.address) ?? 0) <= mostNames }));
}

/** By name, the address that most of its connections come from; not of addresses that many share. */
export function byAddress(counts: Counts): ReadonlyMap<string, AtAddress> {
  const found = new Map<string, AtAddress>();
  for (const { name, address, count, isOwn } of partsAt(counts)) {
    const { total = 0, addresses = 0, ...before } = found.get(name) ?? { address: '', most: 0 };
    found.set(name, {
      ...(isOwn && count > before.most ? { address, most: count } : before),
      total: total + count,
      addresses: addresses + 1,
    });
  }
  return found;
}

/** The same of each user; of those who logged in as none, together. */
export const countByUserAtAddress = (rows: readonly ClientRow[]): Counts =>
  countBy(rows, (row) => {
    const name = nameKey(row);
    return name === null ? [] : [keyOf(name, row.ip, userKey(row) ?? '')];
  });

/** By user, how many connections are of a name that holds very many from one address. */
export function crowdedOf(counts: Counts): Counts {
  const withUser = [...counts].map(([key, count]) => {
    const [name = '', address = '', user = ''] = partsOf(key);
    return { place: keyOf(name, address), user, count };
  });
  const places = new Map<string, number>();
  for (const { place, count } of withUser) places.set(place, (places.get(place) ?? 0) + count);
  const crowded = new Set(
    partsAt(places)
      .filter(({ count, isOwn }) => isOwn && count > manyAtAddress)
      .map(({ name, address }) => keyOf(name, address)),
  );
  const byUser = new Map<string, number>();
  for (const { place, user, count } of withUser)
    if (crowded.has(place)) byUser.set(user, (byUser.get(user) ?? 0) + count);
  return byUser;
}
