import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/change/change-003-accounts-changed.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, firstMinute } from '../../kit.ts';
import { account, claims, keyOf, knowing, watchingAccounts } from '../accounts/kit.ts';

const having = (...names: readonly string[]) => [
  knowing(
    'n1',
    names.map((acc) => ({ acc, name: acc })),
  ),
];
const summaries = (findings: readonly { readonly summary: string }[]) =>
  findings.map(({ summary }) => summary);

describe('CHANGE_003, accounts that come and go', () => {
  it('are told in one finding, for information, for an hour', () => {
    const watch = watchingAccounts(diagnosis);
    expect(watch.look(having('A', 'B')).findings).toEqual([]);
    const look = watch.look(having('B', 'C', 'D'));
    expect(look.outcomes).toEqual({ cluster: 'ok' });
    expect(look.findings).toMatchObject([
      {
        severity: 'info',
        summary: '2 accounts added: C, D; 1 account removed: A.',
        evidence: [
          'A: last seen 2026-11-20 10:00 UTC',
          'C: first seen 2026-11-20 10:05 UTC',
          'D: first seen 2026-11-20 10:05 UTC',
        ],
      },
    ]);
    const later = Array.from({ length: 12 }, () => watch.look(having('B', 'C', 'D')).findings.length);
    expect(later).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('are on some server all the time in a rolling reload', () => {
    const watch = watchingAccounts(diagnosis);
    const [n1] = having('A');
    if (n1 === undefined) throw new Error('no server');
    watch.look([n1, knowing('n2', [])]);
    expect(watch.look([n1, knowing('n2', [{ acc: 'A', name: 'A' }])]).findings).toEqual([]);
  });

  it('of a server that could not be read are neither gone nor new', () => {
    const watch = watchingAccounts(diagnosis);
    const silent = [
      knowing('n1', [], null, { accstatz: failing() }),
      ...having('B').map((each) => ({ ...each, target: { ...each.target, name: 'n2' } })),
    ];
    watch.look(silent);
    expect(watch.look(having('A', 'B')).findings).toEqual([]);
    expect(watch.look(silent).findings).toEqual([]);
  });

  describe('with an operator', () => {
    const issued = (at: number) => account({ claims: claims({ issuedAt: at }) });
    const other = { acc: keyOf('Q'), name: 'OTHER' };

    it('are new where the JWT was issued since, and not where they are used again', () => {
      for (const [at, told] of [
        [firstMinute + minutes(3), ['1 account added: APP.']],
        [firstMinute - minutes(3), []],
      ] as const) {
        const watch = watchingAccounts(diagnosis);
        watch.look([knowing('n1', [other])]);
        expect(summaries(watch.look([knowing('n1', [other, {}], [issued(at)])]).findings)).toEqual(told);
      }
    });

    it('are not gone where servers forgot them as they started', () => {
      const watch = watchingAccounts(diagnosis);
      watch.look([knowing('n1', [other, {}])]);
      expect(watch.look([knowing('n1', [other])]).findings).toEqual([]);
    });
  });
});
