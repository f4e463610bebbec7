import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-002-slow-consumers.ts';
import { failing, varz } from '../../kit.ts';
import { keyOf, knowing, watchingAccounts } from './kit.ts';

const slow = (n1: number, n2: number) => [
  knowing('n1', [{ slow_consumers: n1 }, { acc: keyOf('Q'), name: 'QUIET' }]),
  knowing('n2', [{ slow_consumers: n2 }]),
];
const summaries = (findings: readonly { readonly summary: string }[]) =>
  findings.map(({ summary }) => summary);

describe('ACCOUNTS_002, slow consumers of an account', () => {
  it('are counted over all servers since the last look, for information', () => {
    const watch = watchingAccounts(diagnosis);
    expect(watch.look(slow(7, 0)).findings).toEqual([]);
    const look = watch.look(slow(9, 1));
    expect(look.outcomes).toEqual({ cluster: 'ok' });
    expect(look.findings).toMatchObject([
      {
        severity: 'info',
        entity: { kind: 'account', name: 'APP' },
        summary: 'Account APP had 3 slow consumers within 30 min.',
        evidence: ['by server: n2 1, n1 2', `account ${keyOf('P')}`],
      },
    ]);
  });

  it('are told for half an hour', () => {
    const watch = watchingAccounts(diagnosis);
    watch.look(slow(7, 0));
    const looks = Array.from({ length: 8 }, () => watch.look(slow(8, 0)));
    expect(looks.map(({ findings }) => findings.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('of a first look are old ones', () => {
    expect(watchingAccounts(diagnosis).look(slow(7, 3)).findings).toEqual([]);
  });

  it('count anew on a server that started', () => {
    const watch = watchingAccounts(diagnosis);
    watch.look(slow(7, 0));
    const anew = varz({ server_id: 'N-anew', server_name: 'n1' });
    const again = knowing('n1', [{ slow_consumers: 2 }], null, { varz: anew });
    expect(summaries(watch.look([again]).findings)).toEqual([
      'Account APP had 2 slow consumers within 30 min.',
    ]);
  });

  it('of a server that could not be read before are not new', () => {
    const watch = watchingAccounts(diagnosis);
    const [n1] = slow(7, 0);
    if (n1 === undefined) throw new Error('no server');
    watch.look([n1, knowing('n2', [], null, { accstatz: failing() })]);
    expect(watch.look(slow(7, 4)).findings).toEqual([]);
  });
});
