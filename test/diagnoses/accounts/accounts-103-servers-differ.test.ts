import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-103-servers-differ.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { Account } from '../../../lambdas/readings/decoders/account.ts';
import { firstMinute } from '../../kit.ts';
import { account, claims, keyOf, knowing, watchingAccounts } from './kit.ts';

const issued = (ago: number, changes: Partial<Account> = {}) =>
  account({ claims: claims({ issuedAt: firstMinute - ago }), ...changes });

const user = `U${'B'.repeat(55)}`;
const newer = issued(minutes(10), { revoked: [user] });
const older = issued(minutes(600));
const two = (n1: Account | null, n2: Account | null, conns = 2) => [
  knowing('n1', [{ conns: 1 }], n1 === null ? [] : [n1]),
  knowing('n2', [{ conns }], n2 === null ? [] : [n2]),
];

describe('ACCOUNTS_103, servers with different JWTs of an account', () => {
  it('are told with who may still be connected although it is revoked', () => {
    const look = watchingAccounts(diagnosis).look(two(newer, older));
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'APP' },
        summary:
          'n2 goes by an older JWT of account APP than n1; 1 user revoked since may still be connected there.',
        evidence: [
          'n2: issued 2026-11-20 00:00 UTC, 2 clients and leafnodes',
          'n1: issued 2026-11-20 09:50 UTC, 1 client or leafnode',
          `not revoked there: ${user}`,
          `account ${keyOf('P')}`,
        ],
        commands: ["nsc push --account 'APP'", expect.stringContaining('http://n2:8222/accountz?acc=')],
      },
    ]);
  });

  it('may take a quarter of an hour to be reloaded one after the other', () => {
    const watch = watchingAccounts(diagnosis, { remembers: true });
    const looks = Array.from({ length: 4 }, () => watch.look(two(newer, older)));
    expect(looks.map(({ notices }) => notices.length)).toEqual([0, 0, 0, 1]);
  });

  it('do no harm where nobody uses the account on the server that is behind', () => {
    expect(watchingAccounts(diagnosis).look(two(newer, older, 0)).outcomes).toEqual({ cluster: 'ok' });
  });

  it('are no finding where they agree', () => {
    expect(watchingAccounts(diagnosis).look(two(newer, newer)).outcomes).toEqual({ cluster: 'ok' });
  });

  it('are not guessed from what an earlier run read', () => {
    const watch = watchingAccounts(diagnosis);
    watch.look(two(older, null));
    expect(watch.look(two(null, newer)).outcomes).toEqual({ cluster: 'ok' });
  });
});
