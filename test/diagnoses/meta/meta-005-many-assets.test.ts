import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-005-many-assets.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { group } from './group.ts';

const found = (consumers: number) =>
  lookingOn(
    watching(diagnosis, { remembers: true }),
    group(['n1', 'n2'], { jsz: { streams: 100, consumers } }),
    6,
  ).findings;

describe('META_005, very many streams and consumers', () => {
  it.each([
    [2_399, []],
    [2_400, ['info']],
    [24_899, ['info']],
    [24_900, ['warning']],
  ])('100 streams and %d consumers on each of two servers are %j', (consumers, severities) => {
    expect(found(consumers).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says how many of what, and where', () => {
    expect(found(3_000)).toMatchObject([
      {
        summary:
          'JetStream of domain east, cluster east has 6,200 replicas of streams and consumers on the watched servers, limit 5,000.',
        evidence: [
          '200 of streams, 6,000 of consumers',
          'n1: 100 of streams, 3,000 of consumers',
          'n2: 100 of streams, 3,000 of consumers',
        ],
      },
    ]);
  });
});
