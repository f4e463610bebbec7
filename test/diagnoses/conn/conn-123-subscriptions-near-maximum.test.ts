import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-123-subscriptions-near-maximum.ts';
import { client, lookingAt, many, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const every = minutes(5);
const outcome = (subscriptions: number, most: number | undefined = 1_000) => {
  const rows = [client({ cid: 7, name: 'gateway', subscriptions }), ...many(5, (i) => ({ cid: 20 + i }))];
  const same = [serving('n1', rows, { varz: { max_subscriptions: most } })];
  return lookingAt(watching(diagnosis, { every }), same, same);
};

describe('CONN_123, a client is near max_subscriptions', () => {
  it.each([
    [799, 'ok'],
    [800, 'warning'],
    [999, 'warning'],
    [1_000, 'critical'],
  ])('%d of 1,000: %s', (subscriptions, expected) => {
    expect(outcome(subscriptions).outcomes).toEqual({ n1: expected });
  });

  it('names the clients', () => {
    expect(outcome(900).findings).toMatchObject([
      {
        summary: 'A client of n1 has up to 90 % of the 1,000 subscriptions that one may have, limit 80 %.',
        evidence: ['900: gateway (APP) from 10.0.0.9:50000, cid 7'],
      },
    ]);
  });

  it('does not concern a server without the limit', () => {
    const look = watching(diagnosis, { every }).look([serving('n1', many(3))]);
    expect(look.outcomes).toEqual({ n1: 'not-applicable' });
  });
});
