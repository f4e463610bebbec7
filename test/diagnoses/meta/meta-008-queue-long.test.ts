import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-008-queue-long.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { group } from './group.ts';

const waiting = (pending: number) =>
  group(['n1', 'n2'], { meta: { pending, pending_requests: 1, pending_infos: pending - 1 } });
const found = (pending: number) =>
  lookingOn(watching(diagnosis, { remembers: true }), waiting(pending), 2).findings;

describe('META_008, JetStream requests that wait on the meta leader', () => {
  it.each([
    [500, []],
    [501, ['warning']],
    [5_000, ['warning']],
    [5_001, ['critical']],
  ])('%d are %j', (pending, severities) => {
    expect(found(pending).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says how many, where, and of what kind', () => {
    expect(found(700)).toMatchObject([
      {
        summary: '700 JetStream requests wait on the meta leader n1, limit 500.',
        evidence: ['1 change something, 699 only ask', 'n1 handles 0 at the moment'],
      },
    ]);
  });

  it('is silent about a burst that one run sees', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(waiting(645));
    expect(watch.look(waiting(3)).findings).toEqual([]);
  });

  it('does not apply where no leader is watched', () => {
    const look = watching(diagnosis).look(group(['n1'], { leader: 'w1', meta: { pending: 9_999 } }));
    expect(look.outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
