import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-003-import-inactive.ts';
import type { Account, Import } from '../../../lambdas/readings/decoders/account.ts';
import { account, claims, keyOf, knowing, watchingAccounts } from './kit.ts';

const from = keyOf('Q');
const orders: Import = { type: 'stream', subject: 'orders.>', account: from };
const prices: Import = { type: 'service', subject: 'prices.get', account: from };

/** Account APP, which imports these by its JWT, of which those work. */
const importing = (wanted: readonly Import[], working: readonly Import[], hasToken = false) =>
  account({
    claims: claims({ imports: wanted.map((each) => ({ ...each, hasToken })) }),
    // nats-server imports some by itself.
    imports: [...working, { type: 'service', subject: '$SYS.REQ.USER.INFO', account: keyOf('S') }].map(
      (each) => ({ ...each, local: each.subject }),
    ),
  });

const exporting = (changes: Partial<Account> = {}) => account({ key: from, name: 'SHOP', ...changes });
const there = { acc: from, name: 'SHOP' };
const offers = (isPrivate: boolean) => ({ exports: [{ type: 'stream', subject: 'orders.>', isPrivate }] });

describe('ACCOUNTS_003, imports that do not work', () => {
  it('are told with the exporting account, and how many others do not', () => {
    const own = importing([orders, prices], []);
    const look = watchingAccounts(diagnosis).look([knowing('n1', [{}, there], [own, exporting()])]);
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'APP' },
        summary:
          'Account APP does not get stream orders.> of account SHOP: that account exports no stream that holds it, and 1 other import.',
        evidence: [
          'stream orders.> of SHOP: that account exports no stream that holds it',
          'service prices.get of SHOP: that account exports no service that holds it',
          `account ${keyOf('P')}`,
        ],
      },
    ]);
  });

  it.each<[string, Account | null, boolean]>([
    ['the JWT of that account has expired', exporting({ isExpired: true }), false],
    ['it is private, and the import has no activation token', exporting(offers(true)), false],
    [
      'its activation token is refused: expired, revoked, or for something else',
      exporting(offers(true)),
      true,
    ],
    ['cause not known', exporting(offers(false)), false],
    ['cause not known', null, false],
  ])('for a cause: %s', (cause, exporter, hasToken) => {
    const own = importing([orders], [], hasToken);
    const accounts = exporter === null ? [own] : [own, exporter];
    const look = watchingAccounts(diagnosis).look([knowing('n1', [{}, there], accounts)]);
    expect(look.findings[0]?.summary).toBe(
      `Account APP does not get stream orders.> of account SHOP: ${cause}.`,
    );
  });

  it('may be of an account that no server knows', () => {
    const look = watchingAccounts(diagnosis).look([knowing('n1', [{}], [importing([orders], [])])]);
    expect(look.findings[0]?.summary).toBe(
      `Account APP does not get stream orders.> of account ${from}: no server knows that account.`,
    );
  });

  it('are none where all of them work, nor of an account that has expired itself', () => {
    const working = importing([orders, prices], [orders, prices]);
    expect(watchingAccounts(diagnosis).look([knowing('n1', [{}], [working])]).outcomes).toEqual({
      cluster: 'ok',
    });
    const expired = { ...importing([orders], []), isExpired: true };
    expect(watchingAccounts(diagnosis).look([knowing('n1', [{}], [expired])]).outcomes).toEqual({
      cluster: 'ok',
    });
  });

  it('hold for ten minutes, stay where it is not the turn of the account, and end', () => {
    const watch = watchingAccounts(diagnosis, { remembers: true });
    const broken = [knowing('n1', [{}], [importing([orders], [])])];
    const mended = [knowing('n1', [{}], [importing([orders], [orders])])];
    const looks = [broken, [knowing('n1', [{}], [])], broken, mended, mended].map((each) => watch.look(each));
    expect(looks.map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([
      [],
      [],
      ['opened'],
      [],
      ['resolved'],
    ]);
  });
});
