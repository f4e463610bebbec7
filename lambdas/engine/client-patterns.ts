import type { ClientPattern } from '../define.ts';
import { fits } from './asset-patterns.ts';

/** Whether a pattern means a client of this name; one without has the empty name. */
export const meansClient = (
  { account = '*', name }: ClientPattern,
  client: { readonly account: string; readonly name: string },
): boolean => fits(account, client.account) && fits(name, client.name);
