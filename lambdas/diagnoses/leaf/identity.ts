import type { LeafRow } from '../leafnodes.ts';
import { lastingName } from '../leafnodes.ts';

/** What a leafnode is known by: its account, where that is known, and its name, or its address where it has none. */
export type Leafnode = { readonly account: string | undefined; readonly name: string };

/** A JSON string at the start. */
const quoted = /^"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*"/iu;

/** Accounts and names may hold slashes: what could be taken for an account and a name is put in quotes. */
const unmistakable = (text: string): string =>
  text.includes('/') || text.startsWith('"') ? JSON.stringify(text) : text;

/** `APP/leaf1`; `"APP/eu"/leaf1`, and `"eu/leaf1"` without an account. No two leafnodes have the same. */
export const formatLeafnode = ({ account, name }: Leafnode): string =>
  account === undefined ? unmistakable(name) : `${unmistakable(account)}/${name}`;

/** The leafnode that `formatLeafnode` made this of. */
export function parseLeafnode(id: string): Leafnode {
  const [first] = quoted.exec(id) ?? [];
  if (first !== undefined) {
    const text = JSON.parse(first) as string;
    return first === id
      ? { account: undefined, name: text }
      : { account: text, name: id.slice(first.length + 1) };
  }
  const slash = id.indexOf('/');
  return slash < 0
    ? { account: undefined, name: id }
    : { account: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Account and name of a connected one, account and address where there is no name that lasts. */
export const leafnodeId = ({ account, name, ip }: Pick<LeafRow, 'account' | 'name' | 'ip'>): string =>
  formatLeafnode({ account, name: lastingName(name) ?? ip });

/** What settings may name a leafnode: its name, with its account or without. */
export const namesOf = ({ account, name }: Leafnode): readonly string[] => [
  ...new Set([
    name,
    ...(account === undefined ? [] : [`${account}/${name}`, formatLeafnode({ account, name })]),
  ]),
];
export const isNamed = (id: string, name: string): boolean =>
  name === id || namesOf(parseLeafnode(id)).includes(name);

/** The first of several alike by its own name, the others by a number: `APP/nats-0`, `APP/nats-0 (2nd)`. */
export const nthOf = (id: string, nth: number): string => (nth === 1 ? id : `${id} (${ordinal(nth)})`);

function ordinal(n: number): string {
  const teens = Math.floor(n / 10) % 10 === 1;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
