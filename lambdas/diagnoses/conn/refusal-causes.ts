type Counted = { readonly total: number };

/** Names that reach a limit themselves and are told by their address, with their refusals from there. */
export type Under = readonly (readonly [name: string, count: number])[];

/**
 * Which names and which addresses are told, so that one cause is told once.
 * A name belongs to an address if fewer of its refusals than the lowest level come from elsewhere, they are at most two
 * thirds of the address's, and the address reaches a level as high. Then the address is the cause (someone guesses, or
 * a host has several clients) and tells of the name; else the name is the cause (a client, wherever it runs). An address
 * is not told where other names that reach its level themselves leave it fewer refusals than that.
 * @param pairs refusals by `address name`; those too many to keep apart count as of no name
 * @param levels those of the limit
 */
export function causesOf<Kept extends Counted>(
  names: ReadonlyMap<string, Kept>,
  addresses: ReadonlyMap<string, Kept>,
  pairs: ReadonlyMap<string, Counted>,
  levels: readonly number[],
) {
  const least = Math.min(...levels);
  const levelOf = ({ total }: Counted) => Math.max(0, ...levels.filter((level) => total >= level));
  const shares = [...pairs].flatMap(([key, { total: count }]) => {
    const end = key.indexOf(' ');
    const name = key.slice(end + 1);
    const whole = names.get(name);
    if (whole === undefined || levelOf(whole) === 0) return [];
    return [{ ip: key.slice(0, end), name, count, elsewhere: whole.total - count, level: levelOf(whole) }];
  });
  const sharesOf = Map.groupBy(shares, ({ ip }) => ip);
  const told = [...addresses].flatMap(([ip, kept]) => {
    const level = levelOf(kept);
    const all = sharesOf.get(ip) ?? [];
    const own = all.filter(
      (share) => share.elsewhere < least && share.count <= (kept.total * 2) / 3 && share.level <= level,
    );
    const others = all.filter((share) => !own.includes(share) && share.level >= level);
    const left = others.reduce((rest, { count }) => rest - count, kept.total);
    const under: Under = own.map(({ name, count }) => [name, count]);
    return left < level ? [] : [{ ip, kept, under }];
  });
  const belonging = new Set(told.flatMap(({ under }) => under.map(([name]) => name)));
  return { names: [...names].filter(([name]) => !belonging.has(name)), addresses: told };
}
