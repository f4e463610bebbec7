import { textHash } from '../../text-hash.ts';

/** Up to so many characters a name is its own key. */
const longest = 200;

/** A key that two names never share: the name itself, or the beginning of a long one with a hash of it all. */
export const nameKey = (name: string): string =>
  name.length <= longest ? name : `${name.slice(0, longest)}#${digits(name, 1)}${digits(name, 2)}`;

const digits = (name: string, seed: number): string => textHash(name, seed).toString(16).padStart(14, '0');
