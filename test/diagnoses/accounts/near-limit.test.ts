import { describe, expect, it } from 'vitest';
import connections from '../../../lambdas/diagnoses/accounts/accounts-001-connections-near-limit.ts';
import leafnodes from '../../../lambdas/diagnoses/accounts/accounts-106-leafnodes-near-limit.ts';
import { failing } from '../../kit.ts';
import { account, claims, configured, keyOf, knowing, watchingAccounts } from './kit.ts';

const limited = (limits: Partial<ReturnType<typeof claims>['limits']>) =>
  account({ claims: claims({ limits: { conn: -1, leaf: -1, subs: -1, ...limits } }) });

/** Connections of account APP on two servers. */
const open = (n1: number, n2: number, conn = 100) => [
  knowing('n1', [{ conns: n1 }], [limited({ conn })]),
  knowing('n2', [{ conns: n2 }]),
];

describe('ACCOUNTS_001, connections near the limit of the account', () => {
  it('counts those of all servers together, and warns from 90 % on', () => {
    expect(watchingAccounts(connections).look(open(60, 29)).outcomes).toEqual({ cluster: 'ok' });
    const look = watchingAccounts(connections).look(open(60, 30));
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'APP' },
        summary: 'Account APP has 90 of the 100 connections that its JWT allows (90 %).',
        evidence: ['connections by server: n1 60, n2 30', `account ${keyOf('P')}`],
      },
    ]);
  });

  it('counts the leafnodes of the server that has most of them, as that server does', () => {
    const look = watchingAccounts(connections).look([
      knowing('n1', [{ conns: 50, leafnodes: 2 }], [limited({ conn: 100 })]),
      knowing('n2', [{ conns: 36, leafnodes: 4 }]),
    ]);
    expect(look.findings[0]?.observed).toBe(0.9);
  });

  it.each([
    ['no limit', -1],
    ['none allowed at all', 0],
    ['a limit of a few, which is meant to be reached', 9],
  ])('says nothing of %s', (_, conn) => {
    const look = watchingAccounts(connections).look(open(conn, 0, conn));
    expect([look.outcomes, look.seen]).toEqual([
      { cluster: 'ok' },
      { cluster: '1 account, none with a limit of connections' },
    ]);
  });

  it('holds for a run before it is told', () => {
    const watch = watchingAccounts(connections, { remembers: true });
    expect(watch.look(open(90, 0)).notices).toEqual([]);
    expect(watch.look(open(90, 0)).notices).toMatchObject([{ kind: 'opened', entity: 'APP' }]);
  });

  it('knows the limit of an account whose turn it is not', () => {
    const watch = watchingAccounts(connections);
    watch.look(open(10, 0));
    const later = [knowing('n1', [{ conns: 95 }], []), knowing('n2', [])];
    watch.look(later);
    expect(watch.look(later).outcomes).toEqual({ cluster: 'warning' });
  });

  it('forgets a limit that was taken away', () => {
    const watch = watchingAccounts(connections);
    watch.look(open(95, 0));
    watch.look(open(95, 0, -1));
    expect(watch.look([knowing('n1', [{ conns: 95 }], [])]).outcomes).toEqual({ cluster: 'ok' });
  });

  it('tells accounts of one name apart by their keys', () => {
    const other = { ...limited({ conn: 100 }), key: keyOf('Q') };
    const look = watchingAccounts(connections).look([
      knowing('n1', [{ conns: 95 }, { acc: keyOf('Q'), conns: 1 }], [limited({ conn: 100 }), other]),
    ]);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual([`APP (${keyOf('P')})`]);
  });

  it('does not apply to accounts of a configuration, whose limits show nowhere', () => {
    const servers = [
      knowing('n1', [{ acc: 'APP', name: 'APP', conns: 900 }, { acc: '$G' }], [configured('APP')]),
    ];
    expect(watchingAccounts(connections).look(servers)).toMatchObject({
      outcomes: { cluster: 'not-applicable' },
      seen: { cluster: 'no account of its servers has a JWT (no operator)' },
    });
  });

  it('is unknown where no account could be read, and never ok beside a silent server', () => {
    const unread = knowing('n1', [{ conns: 95 }], null, { accountz: failing() });
    expect(watchingAccounts(connections).look([unread]).outcomes).toEqual({ cluster: 'unknown' });
    const silent = knowing('n2', [], null, { accstatz: failing() });
    expect(watchingAccounts(connections).look([...open(1, 0).slice(0, 1), silent]).outcomes).toEqual({
      cluster: 'unknown',
    });
  });
});

describe('ACCOUNTS_106, leafnodes near the limit of the account', () => {
  const open = (n1: number, n2: number) => [
    knowing('n1', [{ leafnodes: n1, conns: 500 }], [limited({ leaf: 20 })]),
    knowing('n2', [{ leafnodes: n2 }]),
  ];

  it('counts those of all servers together, and warns from 90 % on', () => {
    expect(watchingAccounts(leafnodes).look(open(10, 7)).outcomes).toEqual({ cluster: 'ok' });
    expect(watchingAccounts(leafnodes).look(open(10, 8)).findings).toMatchObject([
      { summary: 'Account APP has 18 of the 20 leafnodes that its JWT allows (90 %).' },
    ]);
  });
});
