import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-003-many-raft-groups.ts';
import { jsz, lookingOn, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const holding = (ha_assets: number, max_ha_assets?: number) =>
  member('n1', { jsz: jsz({ ha_assets, streams: 40, consumers: 4_000, limits: { max_ha_assets } }) });

/** After five minutes of it. */
const found = (ha_assets: number, most?: number) =>
  lookingOn(watching(diagnosis, { remembers: true }), [holding(ha_assets, most)], 6).findings;

describe('CLUSTER_003, many raft groups on one server', () => {
  it.each([
    [999, undefined, []],
    [1_000, undefined, ['info']],
    [4_999, undefined, ['info']],
    [5_000, undefined, ['warning']],
    [89, 100, []],
    [90, 100, ['warning']],
    [99, 100, ['warning']],
    [100, 100, ['critical']],
  ])('%d of at most %s are %j', (groups, most, severities) => {
    expect(found(groups, most).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says how many there are, and of what', () => {
    expect(found(95, 100)).toMatchObject([
      {
        summary: 'n1 takes part in 95 of at most 100 raft groups: 95 %, limit 90 %.',
        evidence: ['it holds 40 replicas of streams and 4,000 of consumers, those without raft included'],
      },
    ]);
  });

  it('does not apply where JetStream is off', () => {
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
