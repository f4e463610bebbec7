import {
  atLeast,
  defineDiagnosis,
  earlier,
  formatDuration,
  from,
  measured,
  minutes,
  window,
} from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { accountsOf, type OnServer } from './fleet.ts';
import { accountsReport } from './words.ts';
import { accountQuery } from '../shell-quoted.ts';

type Note = { readonly server: string; readonly times: number };

/** Since the account was loaded, which starts anew with the process. */
const placeOf = (key: string, { varz, target }: OnServer): string =>
  JSON.stringify([key, target.name, varz.server_id]);

/**
 * For information: CONN_102 and SERVER_004 page, and name clients and links. This one says whose they are, and counts on where a
 * late write is tried again (`write_timeout: retry`, from 2.11.11 and 2.12.2), which closes no connection.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_002',
  title: 'Slow consumers of an account',
  scope: 'cluster',
  reads: { accstatz: from() },
  history: { totals: earlier(), slow: window<Note>('slow') },
  limits: {
    slow: atLeast(
      { info: 1 },
      { unit: 'count', of: 'slow consumers of one account on all servers', over: minutes(30) },
    ),
  },
  for: minutes(0),
  why: 'Clients of this account, or leafnodes, did not read as fast as they were sent to. What waited for those that were cut off is lost.',
  remedy:
    'CONN_102 names clients that were cut off and SERVER_004 leafnodes: look there. If neither is open, the servers tried again ' +
    '(`write_timeout: retry`) and nothing was lost yet: the `curl` below shows for whom most is waiting.',
  evaluate({ servers, unread, history }, { at, limits }) {
    const accounts = accountsOf(servers);
    const rows = accounts.flatMap((account) =>
      account.on.map((own) => ({ account, own, place: placeOf(account.key, own) })),
    );
    // Most of them never had any: what is not kept was 0, where the last run saw all.
    const counting = rows.filter(({ own: { stat } }) => stat.slow_consumers > 0);
    const before = history.totals(
      new Map(counting.map(({ place, own: { stat } }) => [place, () => [stat.slow_consumers]])),
      unread.length === 0,
    );
    const grown = counting.flatMap(({ account, own, place }) => {
      const [was] = before.of(place) ?? [
        before.at === null || !before.wasWhole ? own.stat.slow_consumers : 0,
      ];
      const times = own.stat.slow_consumers - (was ?? 0);
      return times > 0 ? [{ account, own, times }] : [];
    });
    const { keys } = history.slow(
      grown.map(({ account, own, times }) => ({
        ...{ key: account.key, at, count: times },
        note: { server: own.target.name, times },
      })),
    );
    const byKey = new Map(accounts.map((account) => [account.key, account]));
    const told = [...keys].flatMap(([key, kept]) => {
      const account = byKey.get(key);
      return account === undefined ? [] : [{ account, kept }];
    });
    return measured(
      told.length === 0
        ? 'no slow consumer of any account'
        : `slow consumers of ${plural(told.length, 'account')}`,
      told.map(({ account, kept }) => ({
        limit: 'slow' as const,
        entity: account.entity,
        value: kept.total,
        data: { account, kept, over: limits.slow.over },
      })),
    );
  },
  describe: ({ entity, value, data: { account, kept, over } }) => ({
    summary: `Account ${entity.name} had ${plural(value, 'slow consumer')} within ${formatDuration(over)}.`,
    evidence: [
      `by server: ${inline(
        kept.samples.toReversed().map(({ note }) => `${note.server} ${note.times}`),
        8,
      )}`,
      `account ${account.key}`,
    ],
    commands: {
      nats: accountsReport,
      curl: `curl -s '${account.on[0]?.target.url ?? ''}/connz?${accountQuery(account.key)}&sort=pending&limit=10'`,
    },
  }),
});
