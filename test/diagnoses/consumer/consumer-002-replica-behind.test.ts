import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-002-replica-behind.ts';
import type { Replica } from '../../../lambdas/readings/decoders/assets.ts';
import { assets, consumer, ledBy, member, replica, stream } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

/** ORDERS > shipping, led by n1, which sees n2 like this. */
const seen = (changes: Partial<Replica>) =>
  ['n1', 'n2', 'n3'].map((name) =>
    member(name, {
      consumers: assets(
        stream({
          group: ledBy('n1', name),
          consumers: [
            consumer({
              group: {
                ...ledBy('n1', name),
                // Followers of 2.10 say that others lack the whole log.
                replicas:
                  name === 'n1'
                    ? [replica('n2', changes), replica('n3')]
                    : [replica('n1', { lag: 9_999 }), replica('n9', { lag: 9_999 })],
              },
            }),
          ],
        }),
      ),
    }),
  );

const after = (minutes: number, changes: Partial<Replica>) => {
  const watch = watching(diagnosis, { remembers: true });
  for (let i = 0; i < minutes; i += 1) watch.look(seen(changes));
  return watch.look(seen(changes));
};

describe('CONSUMER_002, a replica of a consumer that is behind', () => {
  it.each([
    [5, { lag: 1_001 }, 'warning'],
    [5, { lag: 1_000 }, 'ok'],
    [4, { lag: 1_001 }, 'ok'],
    [5, { lag: 1_001, offline: true }, 'ok'],
    [5, { lag: 1_001, current: false, active: 20e9 }, 'ok'],
    [5, { lag: 1_001, current: false, active: 1e9 }, 'warning'],
  ])('for %d minutes with %j is %s', (minutes, changes, outcome) => {
    expect(after(minutes, changes).outcomes).toEqual({ cluster: outcome });
  });

  it('says which, by how much, and who leads', () => {
    expect(after(5, { lag: 2_500 }).findings).toMatchObject([
      {
        entity: { kind: 'consumer', name: 'ORDERS > shipping (APP)' },
        summary: 'Replica n2 of consumer ORDERS > shipping (APP) is 2,500 entries behind, limit 1,000.',
        evidence: ['n2: 2,500 behind, current', 'led by n1, replicas on n2, n3'],
      },
    ]);
  });
});
