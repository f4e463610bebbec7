import type { AccountClaims } from '../../readings/decoders/account.ts';
import { memoryKey, newestDetails, remembered, type Detail, type Record } from './details.ts';
import type { FleetAccount } from './fleet.ts';

/** A smaller limit is meant to be reached: so many clients there are, and no more. */
const smallest = 10;

/** A limit of accounts' JWTs, by `memoryKey`: as this run read it, else as an earlier one did. */
export const limitsKnown = (
  record: Record,
  accounts: readonly FleetAccount[],
  details: readonly Detail[],
  limit: keyof AccountClaims['limits'],
): ReadonlyMap<string, string> =>
  remembered(record, () => {
    const newest = newestDetails(details);
    return new Map(
      accounts.flatMap((account) => {
        const detail = newest.get(account.key);
        if (detail === undefined) return [];
        const most = detail.account.claims?.limits[limit] ?? -1;
        return [[memoryKey(account), most < smallest ? '' : String(most)] as const];
      }),
    );
  });

/** Those accounts that have the limit, and how many they may have. */
export const limitedBy = (accounts: readonly FleetAccount[], known: ReadonlyMap<string, string>) =>
  accounts.flatMap((account) => {
    const most = Number(known.get(memoryKey(account)) ?? 0);
    return most < smallest ? [] : [{ account, most }];
  });
