import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-004-export-orphaned.ts';
import type { Import } from '../../../lambdas/readings/decoders/account.ts';
import { account, configured, knowing, watchingAccounts } from './kit.ts';

const shop = configured('SHOP', {
  exports: [
    { type: 'stream', subject: 'orders.>', isPrivate: false },
    { type: 'service', subject: 'prices.*', isPrivate: false },
  ],
});
const system = configured('SYS', {
  isSystem: true,
  exports: [{ type: 'service', subject: '$SYS.REQ.>', isPrivate: false }],
});
const importing = (...imports: readonly Omit<Import, 'account'>[]) =>
  configured('APP', {
    imports: imports.map((each) => ({ ...each, account: 'SHOP', local: each.subject })),
  });
const stats = ['SHOP', 'SYS', 'APP'].map((acc) => ({ acc, name: acc }));

describe('ACCOUNTS_004, exports that nobody imports', () => {
  it('are told for information, with the account', () => {
    const app = importing({ type: 'stream', subject: 'orders.new' });
    const look = watchingAccounts(diagnosis).look([knowing('n1', stats, [shop, system, app])]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
    expect(look.findings).toMatchObject([
      {
        severity: 'info',
        entity: { name: 'SHOP' },
        summary: 'Account SHOP has 1 export that no account imports.',
        evidence: ['service prices.*'],
      },
    ]);
  });

  it('are none where any account imports a part of each', () => {
    const app = importing(
      { type: 'stream', subject: 'orders.new' },
      { type: 'service', subject: 'prices.eu' },
    );
    const look = watchingAccounts(diagnosis).look([knowing('n1', stats, [shop, system, app])]);
    expect([look.findings, look.seen]).toEqual([[], { cluster: 'every export is imported' }]);
  });

  it('are not told before all accounts were read', () => {
    const look = watchingAccounts(diagnosis).look([knowing('n1', stats, [shop, system])]);
    expect([look.outcomes, look.seen]).toEqual([
      { cluster: 'unknown' },
      { cluster: '3 accounts, not all of them read' },
    ]);
  });

  it('cannot be told with an operator, nor where the global account is alone', () => {
    const operated = [knowing('n1', [{}], [account()])];
    expect(watchingAccounts(diagnosis).look(operated).outcomes).toEqual({ cluster: 'not-applicable' });
    const alone = [knowing('n1', [{ acc: '$G', name: '$G' }], [configured('$G')])];
    expect(watchingAccounts(diagnosis).look(alone).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
