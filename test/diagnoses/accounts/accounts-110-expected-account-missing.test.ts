import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-110-expected-account-missing.ts';
import { failing } from '../../kit.ts';
import { keyOf, knowing, watchingAccounts } from './kit.ts';

const expecting = (...accounts: readonly string[]) =>
  watchingAccounts(diagnosis, { facts: { expect: { accounts } } });
const servers = [
  knowing('n1', [{}]),
  knowing('n2', [{ acc: 'BILLING', name: undefined }], null, { version: '2.10.27' }),
];

describe('ACCOUNTS_110, an account that settings expect', () => {
  it('is there by name or by key, on any server', () => {
    expect(expecting('APP', keyOf('P'), 'BILLING').look(servers)).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: '3 expected accounts, all there' },
    });
  });

  it('is missing where no server knows it', () => {
    const look = expecting('APP', 'ORDERS').look(servers);
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'ORDERS' },
        summary: 'Account ORDERS, which settings expect, is on none of 2 servers.',
        evidence: ['they know 2 accounts'],
      },
    ]);
  });

  it('may be on a server that was not read', () => {
    const silent = knowing('n3', [], null, { accstatz: failing() });
    expect(expecting('APP', 'ORDERS').look([...servers, silent]).outcomes).toEqual({ cluster: 'unknown' });
    expect(expecting('APP').look([...servers, silent]).outcomes).toEqual({ cluster: 'ok' });
  });

  it('is asked for nowhere unless settings say so', () => {
    expect(watchingAccounts(diagnosis).look(servers).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
