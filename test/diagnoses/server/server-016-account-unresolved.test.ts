import { describe, expect, it } from 'vitest';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import diagnosis from '../../../lambdas/diagnoses/server/server-016-account-unresolved.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import { server, watching } from '../../kit.ts';
import { clustered, complaining, complaining29, healthy, notCurrent } from './healths.ts';

const n1 = (healthz: Healthz, version = '2.15.1') => server('n1', { varz: clustered({ version }), healthz });
const expired = ['ACCOUNT', 'JetStream can not lookup account "AC7": account expired'] as const;

describe('SERVER_016, an account that cannot be resolved', () => {
  it('is a warning in the second run, with its name, and nothing critical of any health diagnosis', () => {
    const health = checks
      .flatMap(({ diagnoses }) => diagnoses)
      .filter(({ id }) => /^SERVER_0(01|1[456])$/.test(id));
    const severities = health.map((each) => {
      const watch = watching(each, { remembers: true });
      watch.look([n1(complaining(expired))]);
      return [each.id, ...watch.look([n1(complaining(expired))]).findings.map(({ severity }) => severity)];
    });
    expect(severities).toEqual([['SERVER_001'], ['SERVER_014'], ['SERVER_015'], ['SERVER_016', 'warning']]);
  });

  it('shows what the server says of it', () => {
    const [finding] = watching(diagnosis).look([n1(complaining(expired))]).findings;
    expect([finding?.summary, finding?.evidence]).toEqual([
      'n1 holds streams of 1 account that it cannot resolve.',
      ['/healthz (503): JetStream can not lookup account "AC7": account expired'],
    ]);
  });

  it.each([
    ["JetStream account 'AC7' could not be resolved", 'warning'],
    ["JetStream stream 'A > ORDERS' is not current", 'unknown'],
  ])('of 2.9, which names one complaint only: %s', (words, outcome) => {
    expect(watching(diagnosis).look([n1(complaining29(words), '2.9.25')]).outcomes).toEqual({ n1: outcome });
  });

  it('is known beside streams that are not current', () => {
    expect(watching(diagnosis).look([n1(complaining(notCurrent('ORDERS')))]).outcomes).toEqual({ n1: 'ok' });
  });

  it('is ok where all are known, and no question to a server that never looks', () => {
    const of = (version: string) => watching(diagnosis).look([n1(healthy, version)]).outcomes['n1'];
    expect([of('2.15.1'), of('2.9.10')]).toEqual(['ok', 'not-applicable']);
  });
});
