import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-105-operator-expires.ts';
import { days } from '../../../lambdas/durations.ts';
import { firstMinute, server, varz } from '../../kit.ts';
import { watchingAccounts } from './kit.ts';

const operated = (left: number | null) =>
  server('n1', {
    varz: varz({
      trusted_operators_claim: [
        {
          ...{ sub: `O${'D'.repeat(55)}`, name: 'OPS', iat: firstMinute / 1_000 - 86_400 },
          ...(left === null ? {} : { exp: (firstMinute + left) / 1_000 }),
        },
      ],
    }),
  });

describe("ACCOUNTS_105, the operator's JWT", () => {
  it.each([
    [days(30) + 1_000, []],
    [days(30), ['The JWT of operator OPS expires in 30 d, 2026-12-20 10:00 UTC.']],
    [0 - days(1), ['The JWT of operator OPS expired 1 d ago, 2026-11-19 10:00 UTC.']],
  ])('with %d ms left is for information, as no server minds', (left, summaries) => {
    const look = watchingAccounts(diagnosis).look([operated(left)]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
    expect(look.findings.map(({ severity, summary }) => [severity, summary])).toEqual(
      summaries.map((summary) => ['info', summary]),
    );
  });

  it('may never expire', () => {
    expect(watchingAccounts(diagnosis).look([operated(null)]).seen).toEqual({
      cluster: "no operator's JWT expires",
    });
  });

  it('does not apply where there is no operator', () => {
    expect(watchingAccounts(diagnosis).look([server('n1')]).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
