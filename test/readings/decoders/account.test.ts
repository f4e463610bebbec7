import { describe, expect, it } from 'vitest';
import { decodeAccount } from '../../../lambdas/readings/decoders/account.ts';
import { decodeAccstatz } from '../../../lambdas/readings/decoders/accstatz.ts';

const key = `A${'P'.repeat(55)}`;
const detail = {
  ...{ account_name: key, expired: false, subscriptions: 7, jwt: 'eyJsecret' },
  exports: [{ subject: 'orders.>', type: 'stream', token_req: true }],
  imports: [
    { subject: 'prices', account: 'B', type: 'service', invalid: false },
    { subject: 'orders.>', local_subject: 'b.orders.>', account: 'B', type: 'stream', invalid: false },
    { subject: 'gone', account: 'B', type: 'stream', invalid: true },
  ],
  decoded_jwt: {
    ...{ iat: 1_700_000_000, exp: 1_800_000_000, name: 'APP' },
    nats: {
      limits: { conn: 5, subs: -1 },
      imports: [{ subject: 'prices', account: 'B', type: 'service', token: 'eyJsecret' }],
    },
  },
  revoked_user: { U1: '2026-11-30T15:15:21Z' },
};
const reply = (changes: object = {}) => ({ server_id: 'N', account_detail: { ...detail, ...changes } });

describe('/accountz?acc=', () => {
  it('is decoded without the texts of JWTs', () => {
    const decoded = decodeAccount(reply());
    expect(decoded).toEqual({
      ok: true,
      value: {
        accounts: [
          {
            ...{ key, name: 'APP', isSystem: false, isExpired: false, subscriptions: 7 },
            claims: {
              ...{ issuedAt: 1_700_000_000_000, expiresAt: 1_800_000_000_000 },
              limits: { conn: 5, leaf: 0, subs: -1 },
              imports: [{ subject: 'prices', account: 'B', type: 'service', hasToken: true }],
            },
            imports: [
              { subject: 'prices', account: 'B', type: 'service', local: 'prices' },
              { subject: 'orders.>', account: 'B', type: 'stream', local: 'b.orders.>' },
            ],
            exports: [{ subject: 'orders.>', type: 'stream', isPrivate: true }],
            revoked: ['U1'],
          },
        ],
      },
    });
    expect(JSON.stringify(decoded)).not.toContain('eyJ');
  });

  it('has no claims where a configuration has the account, and goes by its name', () => {
    const decoded = decodeAccount(reply({ account_name: 'APP', decoded_jwt: undefined }));
    expect(decoded.ok && decoded.value.accounts[0]).toMatchObject({ key: 'APP', name: 'APP', claims: null });
  });

  it('does not expire without a time', () => {
    const { iat, nats } = detail.decoded_jwt;
    const decoded = decodeAccount(reply({ decoded_jwt: { iat, nats } }));
    expect(decoded.ok && decoded.value.accounts[0]?.claims?.expiresAt).toBe(null);
  });

  it('is a problem without the account', () => {
    expect(decodeAccount({ server_id: 'N' })).toEqual({
      ok: false,
      problem: 'account_detail: expected object, received nothing',
    });
  });
});

describe('times in a JWT', () => {
  it.each([-1, 1e300])('are a problem where they cannot be: %d', (iat) => {
    const decoded = decodeAccount(reply({ decoded_jwt: { ...detail.decoded_jwt, iat } }));
    expect(decoded).toMatchObject({
      ok: false,
      problem: expect.stringContaining('decoded_jwt.iat') as string,
    });
  });
});

describe('/accstatz', () => {
  const row = { acc: 'APP', conns: 1, leafnodes: 0, total_conns: 1, slow_consumers: 0, sent: { msgs: 1 } };
  const now = '2026-11-30T15:15:21Z';

  it.each([[[]], [null], [undefined]])('is a problem without the global account: %j', (account_statz) => {
    expect(decodeAccstatz({ server_id: 'N', now, account_statz })).toMatchObject({ ok: false });
  });

  it('leaves out a row that is not as expected, and says so', () => {
    const decoded = decodeAccstatz({ server_id: 'N', now, account_statz: [row, { ...row, conns: -1 }] });
    expect(decoded).toEqual({
      ok: true,
      value: {
        ...{ server_id: 'N', now: Date.parse(now) },
        accounts: [{ acc: 'APP', conns: 1, leafnodes: 0, slow_consumers: 0 }],
        leftOut: { count: 1, problem: 'account_statz[1].conns: expected count, received number -1' },
      },
    });
  });
});
