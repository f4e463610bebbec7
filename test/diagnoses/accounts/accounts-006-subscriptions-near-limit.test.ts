import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-006-subscriptions-near-limit.ts';
import { judge } from '../../../lambdas/engine/judgement/judge.ts';
import { limitBook } from '../../../lambdas/engine/limit-book.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type { ConnzRow } from '../../../lambdas/readings/decoders/connz.ts';
import { clusterFacts, closedRow, firstMinute } from '../../kit.ts';
import { account, claims, keyOf, knowing, watchingAccounts } from './kit.ts';

const row = (changes: Partial<ConnzRow>): ConnzRow => ({
  ...closedRow(),
  ...{ last_activity: null, uptime: 60, idle: 0, name: 'worker', subscriptions: 5, ...changes },
});

const limited = (subs: number) => account({ claims: claims({ limits: { conn: -1, leaf: -1, subs } }) });

/** Account APP has so many subscriptions on n1, and its connections those. */
const having = (subscriptions: readonly number[], subs = 100) => {
  const connections = subscriptions.map((each, i) =>
    row({ cid: i + 1, name: `worker-${i}`, subscriptions: each }),
  );
  const total = subscriptions.reduce((sum, each) => sum + each, 0);
  return knowing('n1', [{ conns: subscriptions.length, num_subscriptions: total }], [limited(subs)], {
    subscribers: { ofAccounts: [{ account: keyOf('P'), connections }] },
  });
};

/** Of which accounts it asks who has most subscriptions. */
function asked(servers: readonly TargetReadings[]): readonly string[] {
  const { judgements } = judge(
    diagnosis,
    { at: firstMinute, servers },
    {
      ...{ facts: clusterFacts, at: firstMinute, firstRun: false, history: {} },
      book: limitBook([diagnosis], {}).book,
      failures: () => [],
    },
  );
  return judgements.flatMap(({ asks = [] }) =>
    asks.flatMap((each) => (each.endpoint === 'subscribers' ? [`${each.target.name} ${each.account}`] : [])),
  );
}

describe('ACCOUNTS_006, a client near the subscriptions that its account allows', () => {
  it('warns of the connection that has most, from 90 % on', () => {
    expect(watchingAccounts(diagnosis).look([having([89, 80])]).outcomes).toEqual({ cluster: 'ok' });
    const look = watchingAccounts(diagnosis).look([having([90, 80])]);
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings).toMatchObject([
      {
        summary:
          'Client worker-0 of account APP on n1 has 90 of the 100 subscriptions that a connection may have (90 %).',
        evidence: [
          'Client worker-0 from 10.0.0.9 on n1: 90 subscriptions',
          'Client worker-1 from 10.0.0.9 on n1: 80 subscriptions',
          `account ${keyOf('P')}`,
        ],
      },
    ]);
  });

  it('says nothing of many connections with a few subscriptions each, as the limit is of each', () => {
    const many = having(Array.from({ length: 50 }, () => 20));
    expect(watchingAccounts(diagnosis).look([many]).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each([
    ['no limit', -1],
    ['a limit of a few', 9],
  ])('says nothing of %s', (_, subs) => {
    expect(watchingAccounts(diagnosis).look([having([9], subs)]).outcomes).toEqual({ cluster: 'ok' });
  });

  it('asks who has most only where the account has as many on a server', () => {
    expect(asked([having([40, 49])])).toEqual([]);
    expect(asked([having([40, 50])])).toEqual([`n1 ${keyOf('P')}`]);
  });

  it('asks of each account with a limit where servers before 2.10 do not count subscriptions', () => {
    const old = knowing('n1', [{ conns: 1, num_subscriptions: undefined }], [limited(100)], {
      version: '2.9.10',
    });
    expect(asked([old])).toEqual([`n1 ${keyOf('P')}`]);
  });
});
