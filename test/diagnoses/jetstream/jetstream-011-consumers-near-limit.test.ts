import { describe, expect, it } from 'vitest';
import { hours } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-011-consumers-near-limit.ts';
import { assets, consumer, ledBy, member, stream } from '../../jetstream-kit.ts';
import { firstMinute, watching } from '../../kit.ts';

/** ORDERS with so many consumers of one replica, each on one of two servers in turn. */
const having = (count: number, maxConsumers: number) =>
  ['n1', 'n2'].map((name, which) =>
    member(name, {
      consumers: assets(
        stream({
          group: ledBy('n1', name, ['n1', 'n2']),
          config: { maxConsumers },
          consumers: Array.from({ length: count }, (_, i) =>
            consumer({
              name: `c${i}`,
              group: ledBy(name, name, [name]),
              created: firstMinute - hours(i),
              config: { durable: i > 0 },
            }),
          ).filter((_, i) => i % 2 === which),
        }),
      ),
    }),
  );

const twice = (count: number, most: number) => {
  const watch = watching(diagnosis, { remembers: true });
  watch.look(having(count, most));
  return watch.look(having(count, most));
};

describe('JETSTREAM_011, consumers near the limit', () => {
  it.each([
    [17, 20, 'ok'],
    [18, 20, 'warning'],
    [19, 20, 'warning'],
    [20, 20, 'critical'],
    [10, 10, 'critical'],
  ])('%d of %d, on whichever server they are, are %s', (count, most, outcome) => {
    expect(twice(count, most).outcomes).toEqual({ cluster: outcome });
  });

  it.each([
    ['a handful of consumers, and they are there', 9, 9],
    ['any number', 9, -1],
  ])('is no matter of a stream made for %s', (_, count, most) => {
    expect(twice(count, most).seen).toEqual({ cluster: 'no stream limits its consumers' });
  });

  it('is told with who they are', () => {
    const [finding] = twice(20, 20).findings;
    expect(finding).toMatchObject({
      summary:
        'Stream ORDERS (APP) has 20 consumers of at most 20: 100 %, limit 100 %. Every new one is refused.',
      evidence: [
        '20 of 20 consumers serve nobody now',
        '19 durable that stay for ever (no inactive_threshold), 1 ephemeral',
        '1 created within the last hour; the newest: c0, c1, c2',
        'led by n1, replicas on n2',
      ],
    });
  });
});
