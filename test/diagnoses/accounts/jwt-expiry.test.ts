import { describe, expect, it } from 'vitest';
import soon from '../../../lambdas/diagnoses/accounts/accounts-101-jwt-expires-soon.ts';
import expired from '../../../lambdas/diagnoses/accounts/accounts-102-jwt-expired.ts';
import unhealthy from '../../../lambdas/diagnoses/accounts/accounts-104-expired-and-unhealthy.ts';
import { days, hours, minutes } from '../../../lambdas/durations.ts';
import { failing, firstMinute } from '../../kit.ts';
import { account, claims, configured, keyOf, knowing, watchingAccounts } from './kit.ts';

/** Account APP, whose JWT expires so long after the first look and was made for so long. */
const expiring = (left: number, life: number = days(365), isExpired = left <= 0) =>
  account({
    isExpired,
    claims: claims({ expiresAt: firstMinute + left, issuedAt: firstMinute + left - life }),
  });
const on = (left: number, life?: number, conns = 3) => [knowing('n1', [{ conns }], [expiring(left, life)])];
const without = [knowing('n1', [{}], [account()])];

describe("ACCOUNTS_101, an account's JWT that expires soon", () => {
  it.each([
    [days(30) + 1_000, 'ok'],
    [days(30), 'warning'],
    [days(7) + 1_000, 'warning'],
    [days(7), 'critical'],
  ])('%d ms before is %s', (left, outcome) => {
    expect(watchingAccounts(soon).look(on(left)).outcomes).toEqual({ cluster: outcome });
  });

  it.each([
    [hours(3), days(1), 'ok'],
    [hours(2), days(1), 'warning'],
    [days(6), days(59), 'ok'],
    [days(5), days(59), 'warning'],
  ])('is judged by its life where something renews it: %d ms left of %d', (left, life, outcome) => {
    expect(watchingAccounts(soon).look(on(left, life)).outcomes).toEqual({ cluster: outcome });
  });

  it('says when, who is concerned and how to renew it', () => {
    expect(watchingAccounts(soon).look(on(days(20))).findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'APP' },
        summary: 'The JWT of account APP expires in 20 d, 2026-12-10 10:00 UTC.',
        evidence: [
          'issued 2025-12-10 10:00 UTC, for 365 d',
          '3 clients and leafnodes of it now, on the watched servers',
          `account ${keyOf('P')}`,
        ],
        commands: ["nsc describe account --name 'APP'", expect.stringContaining('/accountz?acc=')],
      },
    ]);
  });

  it('ends when it is renewed, for a year or for good', () => {
    for (const renewed of [on(days(365)), without]) {
      const watch = watchingAccounts(soon);
      watch.look(on(days(5)));
      watch.look(renewed);
      expect(watch.look(renewed).notices).toMatchObject([{ kind: 'resolved', entity: 'APP' }]);
    }
  });

  it('goes by the newest JWT where servers have different ones', () => {
    const look = watchingAccounts(soon).look([
      knowing('n1', [{}], [expiring(days(5), days(365))]),
      knowing('n2', [{}], [expiring(days(300), days(365))]),
    ]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not apply where no account has a JWT', () => {
    const servers = [knowing('n1', [{ acc: '$G', name: '$G' }], [configured('$G')])];
    expect(watchingAccounts(soon).look(servers).outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('is unknown where no account could be read', () => {
    const servers = [knowing('n1', [{}], null, { accountz: failing() })];
    expect(watchingAccounts(soon).look(servers).outcomes).toEqual({ cluster: 'unknown' });
  });
});

describe("ACCOUNTS_102, an account's JWT that has expired", () => {
  it('is critical where it had clients before, and tells how many', () => {
    const watch = watchingAccounts(expired);
    expect(watch.look(on(minutes(6))).outcomes).toEqual({ cluster: 'ok' });
    const gone = [knowing('n1', [{ conns: 0 }], [expiring(minutes(6), days(365), true)])];
    watch.look(gone);
    watch.look(gone);
    const look = watch.look(gone);
    expect(look.outcomes).toEqual({ cluster: 'critical' });
    expect(look.findings[0]?.summary).toBe(
      'The JWT of account APP expired 9 min ago, 2026-11-20 10:06 UTC, and 3 clients and leafnodes of it were cut off.',
    );
  });

  it('is a warning where nobody is known to have used it', () => {
    const look = watchingAccounts(expired).look(on(0 - hours(1), days(365), 0));
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings[0]?.summary).toBe('The JWT of account APP expired 1 h ago, 2026-11-20 09:00 UTC.');
  });

  it('is told on where servers that were restarted do not know the account any more', () => {
    const watch = watchingAccounts(expired);
    watch.look(on(0 - hours(1), days(365), 0));
    const look = watch.look([knowing('n1', [{ acc: keyOf('S'), name: 'SYS' }], [])]);
    expect(look.findings).toMatchObject([
      {
        entity: { name: 'APP' },
        evidence: [
          'issued 2025-11-20 09:00 UTC',
          'no watched server knows the account any more: those that started since do not load it',
          `account ${keyOf('P')}`,
        ],
      },
    ]);
  });

  it('ends when it is renewed', () => {
    const watch = watchingAccounts(expired);
    watch.look(on(0 - hours(1)));
    watch.look(on(days(365)));
    expect(watch.look(on(days(365))).notices).toMatchObject([{ kind: 'resolved' }]);
  });

  it('is not wanted any more after a week', () => {
    expect(watchingAccounts(expired).look(on(0 - days(7))).outcomes).toEqual({ cluster: 'warning' });
    expect(watchingAccounts(expired).look(on(0 - days(7) - 1_000)).outcomes).toEqual({ cluster: 'ok' });
  });
});

describe('ACCOUNTS_104, servers that call themselves unhealthy for an account that has expired', () => {
  const words = (key: string) => `JetStream account '${key}' could not be resolved`;
  const ill = (key: string) => ({
    healthz: {
      ...{ http_status: 503, status: 'error' },
      errors: [{ type: 'ACCOUNT', account: key, error: words(key) }],
    },
  });
  const well = { healthz: { http_status: 200, status: 'ok', errors: [] } };
  const sys = { acc: keyOf('S'), name: 'SYS' };

  it('is told as the account that it is, by what was known before the restart, beside SERVER_016 for information', () => {
    const watch = watchingAccounts(unhealthy);
    expect(watch.look([knowing('n1', [{}], [expiring(minutes(1))], well)]).outcomes).toEqual({
      cluster: 'ok',
    });
    const restarted = [knowing('n1', [sys], [], ill(keyOf('P')))];
    watch.look(restarted);
    const look = watch.look(restarted);
    expect([look.outcomes, look.notices]).toEqual([{ cluster: 'ok' }, []]);
    expect(look.findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'APP' },
        evidence: [`n1 /healthz: ${words(keyOf('P'))}`],
      },
    ]);
    expect(look.findings[0]?.summary).toBe(
      '/healthz of n1 is 503 for account APP, whose JWT expired 9 min ago, 2026-11-20 10:01 UTC: nothing else is wrong there.',
    );
  });

  it('says nothing of an account that is not known to have expired: SERVER_016 tells it', () => {
    const look = watchingAccounts(unhealthy).look([knowing('n1', [{}], [account()], ill(keyOf('Q')))]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is not known of a server whose health could not be read', () => {
    const mute = { healthz: failing() };
    const watch = watchingAccounts(unhealthy);
    expect(watch.look([knowing('n1', [{}], [expiring(0 - minutes(1))], mute)]).outcomes).toEqual({
      cluster: 'unknown',
    });
    expect(watchingAccounts(unhealthy).look([knowing('n1', [{}], [account()], mute)]).outcomes).toEqual({
      cluster: 'ok',
    });
  });

  it('says nothing where an account has expired and servers are well', () => {
    const look = watchingAccounts(unhealthy).look([knowing('n1', [{}], [expiring(0 - minutes(1))], well)]);
    expect([look.outcomes, look.seen]).toEqual([
      { cluster: 'ok' },
      { cluster: '1 expired account, and no server ill of one' },
    ]);
  });
});
