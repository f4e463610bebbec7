import {
  above,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  pages,
  trend,
  unknown,
} from '../../define.ts';
import { formatCount, formatTime, plural } from '../../engine/format.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { accountOf, censusOf, countBy, isTold } from '../clients/census.ts';
import { clientsCommand, clientWords } from '../clients/client-words.ts';
import { steadyRise } from '../clients/steady-rise.ts';

/** Fewer are not followed. */
const fewest = 500;

/** Of an account by how many each of its clients has in the mean, so that more clients are no growth. */
export default defineDiagnosis({
  id: 'CONN_121',
  title: 'Subscriptions grow without end',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages(), ofClients: trend(hours(24)), ofAccounts: trend(hours(24)) },
  limits: {
    client: above(
      { warning: 1_000 },
      {
        unit: 'count',
        of: 'subscriptions of one client more than 8 hours or longer ago, which only ever rose',
      },
    ),
    account: above(
      { warning: 10_000 },
      {
        unit: 'count',
        of: 'the same of all clients of an account, by what each has in the mean',
      },
    ),
  },
  for: minutes(10),
  why:
    'A client that subscribes and never unsubscribes makes each message dearer, for the server and for all servers that learn of ' +
    'its subjects, until it is refused at a limit: `max_subscriptions`, or `subs` of its account.',
  remedy:
    'Look in the application for a subscription that is made with each request and not ended: replies to an inbox of their own, ' +
    'a reconnect that subscribes again beside the library. CONN_122 names subjects that a client has more than once. A restart of the client frees them for now.',
  evaluate({ servers, history }, { at, cluster }) {
    const clientsKey = (account: string) => keyOf('clients', account);
    const census = censusOf(servers, cluster, (rows) => {
      const sums = new Map(
        countBy(
          rows,
          (row) => [keyOf('subscriptions', accountOf(row))],
          (row) => row.subscriptions,
        ),
      );
      for (const [key, count] of countBy(rows, (row) => [clientsKey(accountOf(row))])) sums.set(key, count);
      return sums;
    });
    if ('unknown' in census) return unknown(census.unknown);
    const clients = new Map(
      servers.flatMap(({ target, clients: read }) =>
        (read.most.subs ?? [])
          .filter((row) => isTold(cluster)(row) && row.subscriptions >= fewest)
          .map((row) => [keyOf(read.server_id, String(row.cid)), { target, row }] as const),
      ),
    );
    const ofClients = history.ofClients(
      new Map([...clients].map(([key, { row }]) => [key, row.subscriptions])),
    );
    const accounts = [...census.counts].flatMap(([key, subscriptions]) => {
      const [what = '', account = ''] = partsOf(key);
      const count = census.counts.get(clientsKey(account)) ?? 0;
      return what === 'subscriptions' && subscriptions >= fewest && count > 0
        ? [{ account, subscriptions, count }]
        : [];
    });
    const ofAccounts = history.ofAccounts(
      new Map(accounts.map(({ account, subscriptions, count }) => [account, subscriptions / count])),
    );
    const rising = [
      ...[...clients].flatMap(([key, { target, row }]) => {
        const samples = ofClients.samples(key);
        const rise = steadyRise(samples, at, row.subscriptions);
        return rise === null
          ? []
          : [
              {
                limit: 'client' as const,
                entity: { kind: 'client' as const, name: clientWords(row) },
                value: rise.growth,
                data: { ...rise, now: row.subscriptions, samples, target, who: clientWords(row) },
              },
            ];
      }),
      ...accounts.flatMap(({ account, subscriptions, count }) => {
        const samples = ofAccounts.samples(account);
        const rise = steadyRise(samples, at, subscriptions / count);
        return rise === null
          ? []
          : [
              {
                limit: 'account' as const,
                entity: { kind: 'account' as const, name: account },
                value: rise.growth * count,
                data: {
                  ...rise,
                  now: subscriptions / count,
                  samples,
                  target: servers[0]?.target,
                  who: `${plural(count, 'client')} of account ${account}`,
                },
              },
            ];
      }),
    ];
    const most = Math.max(0, ...[...clients.values()].map(({ row }) => row.subscriptions));
    return measured(
      most === 0
        ? `no client has ${fewest} subscriptions`
        : `at most ${plural(most, 'subscription')} of one client`,
      rising.sort((a, b) => b.value - a.value).slice(0, 20),
    );
  },
  describe: ({ limit, value, data: { from: before, now, span, samples, target, who } }) => ({
    summary:
      limit === 'client'
        ? `A client has ${plural(value, 'subscription')} more than ${formatDuration(span)} ago (${formatCount(before)} then, ${formatCount(now)} now), and they only ever rose: ${who}.`
        : `The ${who} have ${plural(Math.round(value), 'subscription')} more than ${formatDuration(span)} ago ` +
          `(each ${formatCount(before)} in the mean then, ${formatCount(now)} now), and they only ever rose.`,
    evidence: [
      `over time: ${samples
        .slice(-8)
        .map(([sampledAt, count]) => `${formatTime(sampledAt).slice(11, 16)} ${formatCount(count)}`)
        .join(', ')}`,
    ],
    commands: {
      nats: 'nats server report connections --sort subs --top 20',
      curl: target === undefined ? '' : clientsCommand(target, 'subs', ['subscriptions']),
    },
  }),
});
