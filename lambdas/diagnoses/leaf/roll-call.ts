import { minutes, type SetDifference } from '../../define.ts';
import { tally } from '../tally.ts';
import { formatLeafnode, parseLeafnode } from './identity.ts';

/** A connection that was there and is not: of leafnodes alike, as two sites' `nats-0`, the n-th at one time. */
export type Gone = {
  readonly id: string;
  readonly nth: number;
  /** When the first and the last run saw it, epoch ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
};

export type RollCall = {
  /** Connections there are, by id. */
  readonly present: ReadonlyMap<string, number>;
  /** The longest gone first. */
  readonly gone: readonly Gone[];
};

type Recorded = {
  /** Of the ids. */
  readonly ids: SetDifference;
  /** Ids of leafnodes and accounts are apart in the sets that follow. */
  readonly kind: 'name' | 'account';
  /** Second and further connections of an id, without a break. */
  readonly together: (members: Iterable<string>) => SetDifference;
  /** Those of them that are no old connection of the same leafnode. */
  readonly further: (members: Iterable<string>) => SetDifference;
};

const byLastSeen = (a: Gone, b: Gone) => a.lastSeen - b.lastSeen;

/**
 * Who is there, who was, and how many of each: the sets hold `name 2 APP/nats-0`. A leafnode whose link broke
 * without a word comes back while a hub still lists its dead connection: a further one that was seen to come counts
 * only once it stayed for longer than a hub takes to notice (`noticedWithin`, ms).
 */
export function callRoll(
  ids: readonly string[],
  { at, noticedWithin }: { readonly at: number; readonly noticedWithin: number },
  { ids: once, kind, ...record }: Recorded,
): RollCall {
  const present = new Map(tally(ids));
  const further = [...present].flatMap(([id, count]) =>
    Array.from({ length: count - 1 }, (_, i) => ({ id, member: `${kind} ${i + 2} ${id}` })),
  );
  const together = record.together(further.map(({ member }) => member));
  const counting = further.filter(({ id, member }) => {
    const since = together.since.get(member) ?? at;
    return at - since > noticedWithin || since <= (once.since.get(id) ?? at);
  });
  const more = record.further(counting.map(({ member }) => member)).gone.flatMap(({ member, ...times }) => {
    const [, itsKind, nth, id = ''] = /^(\w+) (\d+) (.*)$/s.exec(member) ?? [];
    return itsKind === kind ? [{ id, nth: Number(nth), ...times }] : [];
  });
  const gone = [
    ...once.gone.map(({ member: id, ...times }) => ({ id, nth: 1, ...times })),
    ...more.filter(({ id, nth }) => nth > (present.get(id) ?? 0)),
  ];
  return { present, gone: gone.sort(byLastSeen) };
}

/** Names were remembered up to so many characters, without quotes around accounts and names that hold slashes. */
const formerlyLongest = 64;
const formerId = (id: string): string => {
  const { account, name } = parseLeafnode(id);
  return `${account ?? ''}/${name.slice(0, formerlyLongest)}`;
};

/** Adds those that are known from before ids were whole, unless they are there, or gone, under their whole id. */
export function withFormer({ present, gone }: RollCall, former: SetDifference['gone']): RollCall {
  const known = new Set([...present.keys(), ...gone.map(({ id }) => id)].map(formerId));
  const others = former
    .filter(({ member }) => !known.has(member))
    .map(({ member: id, ...times }) => ({ id, nth: 1, ...times }));
  return { present, gone: [...gone, ...others].sort(byLastSeen) };
}

/** How far apart the same loss may be in two counts. */
const atOnce = minutes(5);

/**
 * On servers that tell no names only how many an account has is sure: the addresses of many sites change. An account's
 * missing connection is named after the address that went when it did.
 * @param call of accounts
 * @param addresses that are gone, as `APP/10.0.9.1`
 */
export function nameByAddress({ present, gone }: RollCall, addresses: SetDifference['gone']): RollCall {
  const unnamed = (account: string) => formatLeafnode({ account, name: 'unnamed' });
  const free = new Set(addresses);
  const named = gone.map((each): Gone => {
    const far = ({ lastSeen }: { readonly lastSeen: number }) => Math.abs(lastSeen - each.lastSeen);
    const [nearest] = [...free]
      .filter((address) => parseLeafnode(address.member).account === each.id && far(address) <= atOnce)
      .sort((a, b) => far(a) - far(b));
    if (nearest === undefined) return { ...each, id: unnamed(each.id) };
    free.delete(nearest);
    const { member: id, firstSeen, lastSeen } = nearest;
    return { id, nth: 1, firstSeen, lastSeen };
  });
  return {
    present: new Map([...present].map(([account, count]) => [unnamed(account), count])),
    gone: named,
  };
}
