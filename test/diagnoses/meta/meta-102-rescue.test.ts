import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-102-rescue.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { group } from './group.ts';

describe('META_102, a lowered quorum', () => {
  it('is a warning in the second look, with what is needed now', () => {
    const watch = watching(diagnosis, { remembers: true });
    const rescued = group(['n1'], { size: 3, meta: { rescue: true, quorum_needed: 1 } });
    expect(watch.look(rescued).findings).toEqual([]);
    expect(watch.look(rescued).findings).toMatchObject([
      {
        severity: 'warning',
        summary:
          'The meta group of domain east, cluster east is in rescue on 1 server: its quorum was lowered by hand.',
        evidence: ['n1 needs 1 of 3 members, led by n1'],
      },
    ]);
    expect(lookingOn(watch, group(['n1', 'n2', 'n3']), 6).findings).toEqual([]);
  });

  it('is no question to servers before 2.15', () => {
    const old = group(['n1'], { varz: { version: '2.14.5' } });
    expect(watching(diagnosis).look(old).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
