import { bothOf } from './refusals.ts';

type Counted = { readonly total: number };

/** Clients that reach a limit themselves and are reported by their address, with their refusals from there. */
export type Under = readonly (readonly [who: string, count: number])[];

/**
 * Which clients and which addresses are reported, so that one cause is reported once.
 * A client belongs to an address if fewer of its refusals than the lowest level come from elsewhere, they are at most two
 * thirds of the address's, and the address reaches a level as high. Then the address is the cause (someone guesses, or
 * a host has several clients) and tells of the client; else the client is the cause, wherever it runs. An address is not
 * reported where other clients that reach its level themselves leave it fewer refusals than that.
 * @param pairs refusals by address and client; those too many to keep apart count as of no client
 * @param levels those of the limit
 */
export function causesOf<Kept extends Counted>(
  clients: ReadonlyMap<string, Kept>,
  addresses: ReadonlyMap<string, Kept>,
  pairs: ReadonlyMap<string, Counted>,
  levels: readonly number[],
) {
  const least = Math.min(...levels);
  const levelOf = ({ total }: Counted) => Math.max(0, ...levels.filter((level) => total >= level));
  const shares = [...pairs].flatMap(([key, { total: count }]) => {
    const { ip, who } = bothOf(key);
    const whole = clients.get(who);
    if (whole === undefined || levelOf(whole) === 0) return [];
    return [{ ip, who, count, elsewhere: whole.total - count, level: levelOf(whole) }];
  });
  const sharesOf = Map.groupBy(shares, ({ ip }) => ip);
  const reported = [...addresses].flatMap(([ip, kept]) => {
    const level = levelOf(kept);
    const all = sharesOf.get(ip) ?? [];
    const own = all.filter(
      (share) => share.elsewhere < least && share.count <= (kept.total * 2) / 3 && share.level <= level,
    );
    const others = all.filter((share) => !own.includes(share) && share.level >= level);
    const left = others.reduce((rest, { count }) => rest - count, kept.total);
    const under: Under = own.map(({ who, count }) => [who, count]);
    return left < level ? [] : [{ ip, kept, under }];
  });
  const belonging = new Set(reported.flatMap(({ under }) => under.map(([who]) => who)));
  return { clients: [...clients].filter(([who]) => !belonging.has(who)), addresses: reported };
}
