import {
  asked,
  atLeast,
  days,
  defineDiagnosis,
  from,
  latest,
  measured,
  minutes,
  nothing,
  unknown,
} from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import type { ConnzRow } from '../../readings/decoders/connz.ts';
import { clientName, shown } from '../client-name.ts';
import { detailsOf, failureIn, inTurn, namesOf, noJwts } from './details.ts';
import { accountsOf } from './fleet.ts';
import { limitedBy, limitsKnown } from './jwt-limits.ts';
import { accountsReport } from './words.ts';
import { accountQuery } from '../shell-quoted.ts';

/** Connections of an account without so many subscriptions cannot be near the limit. */
const near = 0.9;

/**
 * `subs` of an account's JWT holds for each connection, not for the account (client.go:966; seen on all three versions: 5 + 5
 * subscriptions with a limit of 5). So who has most is asked for, where the account has as many on one server. A user's JWT may allow
 * fewer, which shows nowhere.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_006',
  title: "A client near the subscriptions that its account's JWT allows",
  brief: ['accounts', 'subscriptions near limit'],
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked(), subscribers: asked() },
  history: { limits: latest(days(1)) },
  limits: {
    used: atLeast(
      { warning: near },
      {
        unit: 'ratio',
        of: "what one connection uses of its account's limit of subscriptions, of 10 or more",
      },
    ),
  },
  for: minutes(5),
  why:
    'The next subscription is refused ("maximum subscriptions exceeded"). The connection stays open, no counter moves, and most ' +
    'clients only log it: they do not hear what they asked for.',
  remedy:
    'A client that subscribes and never unsubscribes (an inbox per request, a subscription per user) reaches any limit: look there ' +
    'first. If it needs them, raise the limit: `nsc edit account --subscriptions`, then `nsc push`.',
  evaluate({ servers, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
    if (accounts.length === 0) return noJwts;
    const known = limitsKnown(history.limits, accounts, details, 'subs');
    const failure = failureIn(servers);
    if (known.size === 0 && details.length === 0 && failure !== null) return unknown(failure);
    const limited = limitedBy(accounts, known);
    // Before 2.10 servers do not say how many an account has.
    const suspects = limited.flatMap(({ account, most }) =>
      account.on
        .filter(
          ({ stat }) =>
            stat.conns + stat.leafnodes > 0 && (stat.num_subscriptions ?? Infinity) >= near * most,
        )
        .map(({ target, stat }) => ({
          endpoint: 'subscribers' as const,
          target,
          account: account.key,
          has: stat.num_subscriptions ?? 0,
        })),
    );
    const asks = [
      ...suspects
        .toSorted((a, b) => b.has - a.has)
        .map(({ endpoint, target, account }) => ({ endpoint, target, account })),
      ...inTurn(accounts, at),
    ];
    const rows = servers.flatMap(({ target, subscribers }) =>
      subscribers?.ok
        ? subscribers.value.ofAccounts.flatMap(({ account: key, connections }) =>
            connections.map((row) => ({ target, key, row })),
          )
        : [],
    );
    const fullest = limited.flatMap(({ account, most }) => {
      const own = rows
        .filter(({ key }) => key === account.key)
        .toSorted((a, b) => b.row.subscriptions - a.row.subscriptions);
      const [first] = own;
      return first === undefined ? [] : [{ account, most, first, own }];
    });
    const seen = `${plural(limited.length, 'account')} with a limit of subscriptions, ${formatCount(fullest.length)} looked at closer`;
    if (fullest.length === 0) return nothing(seen, { asks });
    return measured(
      seen,
      fullest.map(({ account, most, first, own }) => ({
        limit: 'used' as const,
        entity: account.entity,
        value: first.row.subscriptions / most,
        data: { account, most, first, own },
      })),
      { asks },
    );
  },
  describe: ({ entity, value, data: { account, most, first, own } }) => ({
    summary:
      `${called(first.row)} of account ${entity.name} on ${first.target.name} has ${formatCount(first.row.subscriptions)} of the ` +
      `${plural(most, 'subscription')} that a connection may have (${formatPercent(value)}).`,
    evidence: [
      ...own
        .slice(0, 5)
        .map(
          ({ target, row }) =>
            `${called(row)} from ${row.ip} on ${target.name}: ${plural(row.subscriptions, 'subscription')}`,
        ),
      `account ${account.key}`,
    ],
    commands: {
      nats: accountsReport,
      curl: `curl -s '${first.target.url}/connz?${accountQuery(account.key)}&cid=${first.row.cid}&subs=1'`,
    },
  }),
});

const called = (row: ConnzRow): string => {
  const name = clientName(row);
  const what = row.kind === 'Leafnode' ? 'Leafnode' : 'Client';
  return name === undefined ? `${what} ${row.cid}` : `${what} ${shown(name)}`;
};
