import {
  asked,
  atLeast,
  defineDiagnosis,
  from,
  hours,
  latest,
  measured,
  minutes,
  notApplicable,
  nothing,
  unknown,
  type AskedOf,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { mostSubscriptions } from '../../readings/endpoints.ts';
import { mostAsked, type AccountInterest } from '../../readings/interest.ts';
import { accountQuery } from '../shell-quoted.ts';
import { asking, detailsOf, failureIn, memoryKey, namesOf, newestDetails, type Detail } from './details.ts';
import { accountsOf, entityOf, sum, type FleetAccount } from './fleet.ts';
import { overlap } from './subjects.ts';
import { unwatched } from './unwatched.ts';
import { accountsReport, describeAccount } from './words.ts';

/** How often the subscriptions of an account are read, which costs its servers as many rows. */
const readEvery = minutes(15);
/** Kept of an account; the others are counted. */
const mostKept = 5;

/** What was seen of an account, as memory has it: streams that it imports and nobody listens to, or why that is not known. */
type Seen = {
  /** The account's, which servers before 2.11 say there alone where an operator signs accounts. */
  readonly name: string;
  readonly imports: number;
  readonly count: number;
  readonly first: readonly string[];
};
type Kept = Seen | { readonly reason: string };

/** What nobody means by a wildcard: inboxes, and what belongs to servers and services. */
const isApart = (subject: string): boolean => /^[$_]/.test(subject);

const hears = (subscription: string, local: string): boolean =>
  overlap(subscription, local) && (!isApart(subscription) || isApart(local));

/** Why an account is not asked for. */
function tooMuch({ on }: FleetAccount): string | null {
  if (on.length > mostAsked) return `is on ${plural(on.length, 'server')}, at most ${mostAsked} are asked`;
  for (const { target, stat } of on) {
    const { num_subscriptions: count, leafnodes } = stat;
    if (count === undefined && leafnodes > 0)
      return `has leafnodes on ${target.name}, which does not say for how many subscriptions (before nats-server 2.10)`;
    if ((count ?? 0) > mostSubscriptions)
      return `has ${plural(count ?? 0, 'subscription')} on ${target.name}, at most ${formatCount(mostSubscriptions)} are read`;
  }
  return null;
}

/** What its servers say of an account that they were asked for; null where not all of them answered. */
function seenOf(
  { on }: FleetAccount,
  detail: Detail | undefined,
  interest: readonly AccountInterest[],
): Kept | null {
  if (detail === undefined || interest.length < on.length) return null;
  if (detail.account.isExpired) return { reason: 'has a JWT that has expired (ACCOUNTS_102)' };
  const streams = detail.account.imports.filter(({ type }) => type === 'stream');
  const unheard = streams.filter(
    ({ local }) => !interest.some(({ subjects }) => subjects.some((subject) => hears(subject, local))),
  );
  if (unheard.length > 0 && interest.some(({ isWhole }) => !isWhole))
    return {
      reason: `has more subscriptions on a server than the ${formatCount(mostSubscriptions)} that are read`,
    };
  return {
    name: detail.account.name,
    imports: streams.length,
    count: unheard.length,
    first: unheard.slice(0, mostKept).map(({ local }) => local),
  };
}

/** Subscriptions of an account on each of its servers, and what it imports. */
const asksFor = ({ key, on }: FleetAccount): readonly (AskedOf<'interest'> | AskedOf<'accountz'>)[] => [
  ...on.slice(0, 1).map(({ target }) => asking(target, key)),
  ...on.map(({ target, stat }) => ({
    endpoint: 'interest' as const,
    target,
    account: key,
    leafnodes: stat.leafnodes > 0,
  })),
];

/** The accounts that were not read for longest, as many as a run may ask for. */
function inTurn(
  accounts: readonly FleetAccount[],
  readAt: (account: FleetAccount) => number,
  at: number,
): readonly FleetAccount[] {
  let left = mostAsked;
  return accounts
    .filter((account) => at - readAt(account) >= readEvery)
    .toSorted((a, b) => readAt(a) - readAt(b))
    .filter(({ on }) => (left -= on.length) >= 0);
}

/**
 * Only of the accounts that settings name: who imports may be away on purpose, and to know who listens takes all subscriptions of the
 * account. A service that is imported needs nobody who listens.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_005',
  title: 'Nobody listens to a stream that an account imports',
  brief: ['accounts', 'imports unheard'],
  scope: 'cluster',
  expects: 'imports',
  reads: { accstatz: from(), accountz: asked(), interest: asked() },
  history: { unheard: latest(hours(1)) },
  limits: {
    unheard: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'streams that one account imports and nobody of it subscribes to' },
    ),
  },
  // Who is deployed anew listens again by then.
  for: minutes(30),
  why:
    'Settings name the account (`expect.imports`). What the other account publishes reaches nobody in it: no client, stream, service ' +
    'or leafnode subscribes to it, and nobody is told.',
  remedy:
    'Do its consumers run and can they log in (CONN_101)? Do they subscribe to the subject that the import has in their own account, with ' +
    'its prefix or mapping? If the import is left over, take it out (`nsc delete import`), else the account out of `expect.imports`.',
  evaluate({ servers, unread, history }, { at, cluster: { expect } }) {
    const { imports: expected } = expect;
    if (expected === undefined)
      return notApplicable(
        'settings name no account whose imports somebody should listen to (`expect.imports`)',
      );
    const elsewhere = unwatched(servers);
    if (elsewhere !== null) return notApplicable(`somebody may listen where nobody looks: ${elsewhere}`);
    const details = detailsOf(servers);
    const known = accountsOf(servers, namesOf(details));
    const isMeant = ({ key, on }: FleetAccount, name: string) =>
      key === name || on.some(({ stat }) => stat.name === name);
    const accounts = known.filter((account) => expected.some((name) => isMeant(account, name)));
    const absent = expected.filter((name) => !known.some((account) => isMeant(account, name)));
    const newest = newestDetails(details);
    const interest = Map.groupBy(
      servers.flatMap(({ interest: each }) => (each?.ok ? each.value.ofAccounts : [])),
      ({ account }) => account,
    );
    const readNow = new Map(
      accounts.flatMap((account) => {
        const kept = seenOf(account, newest.get(account.key), interest.get(account.key) ?? []);
        return kept === null ? [] : [[memoryKey(account), JSON.stringify(kept)] as const];
      }),
    );
    const { before } = history.unheard(() => readNow);
    const small = accounts.filter((account) => tooMuch(account) === null);
    const readAt = (account: FleetAccount): number =>
      readNow.has(memoryKey(account)) ? at : (before.get(memoryKey(account))?.lastSeen ?? 0);
    const asks = inTurn(small, readAt, at).flatMap(asksFor);
    const all = accounts.flatMap((account): { readonly account: FleetAccount; readonly kept: Kept }[] => {
      const reason = tooMuch(account);
      if (reason !== null) return [{ account, kept: { reason } }];
      const text = readNow.get(memoryKey(account)) ?? before.get(memoryKey(account))?.value;
      return text === undefined ? [] : [{ account, kept: JSON.parse(text) as Kept }];
    });
    const judged = all.flatMap(({ account, kept }) => ('reason' in kept ? [] : [{ account, kept }]));
    const others = [
      ...all.flatMap(({ account, kept }) =>
        'reason' in kept ? [`${account.entity.name} ${kept.reason}`] : [],
      ),
      ...absent.map((name) => `no server knows account ${name}`),
    ];
    if (judged.length === 0 && asks.length > 0) {
      const failure =
        failureIn(servers) ??
        servers.flatMap(({ interest: own }) => (own?.ok === false ? [own.failure.message] : []))[0];
      return failure === undefined ? nothing('not read yet', { asks }) : unknown(failure);
    }
    if (judged.length === 0)
      return absent.length > 0 ? unknown(inline(others)) : notApplicable(inline(others));
    const found = judged.filter(({ kept }) => kept.count > 0);
    const total = sum(judged.map(({ kept }) => kept.imports));
    const seen = [
      `${plural(judged.length, 'account')} with ${plural(total, 'imported stream')}, ${found.length === 0 ? 'somebody listens to each' : `${formatCount(found.length)} with streams that nobody listens to`}`,
      ...others,
    ].join('; ');
    // Somebody may listen on a server that was not read.
    if (unread.length > 0) return nothing(seen, { asks });
    // What is due is read first, and then it is evaluated anew.
    if (found.length === 0)
      return absent.length > 0 && asks.length === 0 ? unknown(seen) : nothing(seen, { asks });
    return measured(
      seen,
      found.map(({ account, kept }) => ({
        limit: 'unheard' as const,
        entity: account.entity.name === account.key ? entityOf(account.key, kept.name) : account.entity,
        value: kept.count,
        data: { account, kept },
      })),
      { asks },
    );
  },
  describe: ({ entity, value, data: { account, kept } }) => ({
    summary: `Nobody of account ${entity.name} listens to ${formatCount(value)} of ${plural(kept.imports, 'stream')} that it imports: ${inline(kept.first)}${value > kept.first.length ? ' …' : ''}.`,
    evidence: [
      ...kept.first.map((subject) => `no subscription to ${subject}`),
      ...(value > kept.first.length ? [`and ${formatCount(value - kept.first.length)} more`] : []),
      `on ${inline(
        account.on.map(({ target }) => target.name),
        5,
      )}`,
      `account ${account.key}`,
    ],
    commands: {
      nats: account.hasJwt ? describeAccount(entity.name) : accountsReport,
      curl: `curl -s '${account.on[0]?.target.url ?? ''}/subsz?subs=1&limit=${mostSubscriptions}&${accountQuery(account.key)}'`,
    },
  }),
});
