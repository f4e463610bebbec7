import { days, formatDuration } from '../../define.ts';
import { formatTime } from '../../engine/format.ts';
import { memoryKey, newestDetails, remembered, type Detail, type Record } from './details.ts';
import { isAccountKey, sum, type FleetAccount } from './fleet.ts';

/** The JWT of an account that expires. Times are epoch ms. */
export type Expiring = {
  readonly key: string;
  readonly name: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Connections and leafnodes that the account had when it was last seen before it expired; 0 if it was not. */
  readonly used: number;
};

type Kept = readonly [key: string, name: string, issued: number, expires: number, used: number];

const inSeconds = (ms: number): number => Math.round(ms / 1_000);

function written({ key, name, issuedAt, expiresAt, used }: Expiring): string {
  const kept: Kept = [key, name, inSeconds(issuedAt), inSeconds(expiresAt), used];
  return JSON.stringify(kept);
}

function read(text: string): Expiring {
  const [key, name, issued, expires, used] = JSON.parse(text) as Kept;
  return { key, name, issuedAt: issued * 1_000, expiresAt: expires * 1_000, used };
}

/** For so long one is remembered that no server shows any more: after a restart none knows an account that has expired. */
export const rememberedFor = days(2);

/** Accounts whose JWTs expire, as they were read in this run or an earlier one. */
export function expiringAccounts(
  record: Record,
  accounts: readonly FleetAccount[],
  details: readonly Detail[],
): readonly Expiring[] {
  const onServers = new Map(accounts.map((account) => [account.key, account.on]));
  const known = remembered(record, (before) => {
    const newest = [...newestDetails(details).values()].filter(({ account: { key } }) => isAccountKey(key));
    return new Map(
      newest.map(({ account: { key, name, claims, isExpired } }) => {
        const place = memoryKey({ key, hasJwt: true });
        if (claims === null || claims.expiresAt === null) return [place, ''];
        const { issuedAt, expiresAt } = claims;
        const earlier = before.get(place)?.value ?? '';
        const open = sum((onServers.get(key) ?? []).map(({ stat }) => stat.conns + stat.leafnodes));
        const usedBefore = earlier === '' ? 0 : read(earlier).used;
        return [place, written({ key, name, issuedAt, expiresAt, used: isExpired ? usedBefore : open })];
      }),
    );
  });
  return [...known.values()].map(read);
}

/** One that is renewed by itself, in proportion to its life. */
export const isShortLived = ({ issuedAt, expiresAt }: Pick<Expiring, 'issuedAt' | 'expiresAt'>): boolean =>
  expiresAt - issuedAt < days(60);

/** `on 2026-12-24 10:00 UTC, in 24 days`, `2 h ago`. */
export function expiryWords({ expiresAt }: Pick<Expiring, 'expiresAt'>, at: number): string {
  const left = expiresAt - at;
  const when = left > 0 ? `in ${formatDuration(left)}` : `${formatDuration(-left)} ago`;
  return `${when}, ${formatTime(expiresAt)}`;
}
