import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-122-identical-subscriptions.ts';
import { client, lookingAt, many, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const every = minutes(5);
const repeating = (times: number) => {
  const rows = [
    client({ cid: 7, name: 'gateway', subscriptions: 2_000 }),
    ...many(5, (i) => ({ cid: 20 + i })),
  ];
  const subjects = {
    ...{ server_id: 'S1', now: 0, cid: 7, subscriptions: 2_000, subjects: 2_001 - times },
    repeated: times > 1 ? ([['orders.new', times]] as const) : [],
  };
  return [serving('n1', rows, { subjects })];
};
const outcome = (times: number, options = {}) => {
  const same = repeating(times);
  return lookingAt(watching(diagnosis, { every, ...options }), same, same);
};

describe('CONN_122, a client subscribes to one subject many times', () => {
  it.each([
    [1, 'ok'],
    [499, 'ok'],
    [500, 'warning'],
  ])('%d times: %s, in two looks', (times, expected) => {
    expect(outcome(times).outcomes).toEqual({ n1: expected });
  });

  it('names client, subject and figures', () => {
    expect(outcome(900).findings).toMatchObject([
      {
        summary:
          'A client of n1 subscribes to orders.new 900 times: gateway (APP) from 10.0.0.9:50000, cid 7.',
        evidence: ['2,000 subscriptions to 1,101 subjects', '900 × orders.new'],
      },
    ]);
  });

  it('is silent where no client has a thousand, and about who settings ignore', () => {
    expect(watching(diagnosis, { every }).look([serving('n1', many(5))]).seen).toEqual({
      n1: 'at most 1 subscription of one client',
    });
    expect(outcome(900, { facts: { clients: { ignore: [{ name: 'gateway' }] } } }).outcomes).toEqual({
      n1: 'ok',
    });
  });
});
