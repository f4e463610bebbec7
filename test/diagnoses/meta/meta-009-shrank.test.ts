import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-009-shrank.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';
import { group, offline } from './group.ts';

const three = group(['n1', 'n2', 'n3']);
const two = group(['n1', 'n2']);

describe('META_009, a meta group that became smaller', () => {
  it('is told in the second look, with who is gone and what the group survives, for an hour', () => {
    const watch = watching(diagnosis, { remembers: true });
    lookingOn(watch, three, 3);
    expect(watch.look(two).findings).toEqual([]);
    expect(watch.look(two).findings).toMatchObject([
      {
        severity: 'warning',
        summary:
          'The meta group of domain east, cluster east has 2 members; it had 3 until 2026-11-20 10:02 UTC. Gone: n3.',
        evidence: ['2 of 2 are needed for a majority: it survives the loss of 0', 'members: n1, n2'],
      },
    ]);
    expect(lookingOn(watch, two, 70).findings).toEqual([]);
  });

  it('is silent where a server is gone, for it stays a member', () => {
    const watch = watching(diagnosis, { remembers: true });
    lookingOn(watch, three, 3);
    const without = [
      ...group(['n1', 'n2'], { peers: [offline('n3')] }),
      server('n3', { varz: failing(), jsz: failing() }),
    ];
    expect(lookingOn(watch, without, 3).findings).toEqual([]);
  });

  it('is silent about a group that grows, or that one run alone saw larger', () => {
    const grows = watching(diagnosis, { remembers: true });
    lookingOn(grows, two, 3);
    expect(lookingOn(grows, three, 3).findings).toEqual([]);
    const blips = watching(diagnosis, { remembers: true });
    lookingOn(blips, two, 3);
    blips.look(three);
    expect(lookingOn(blips, two, 3).findings).toEqual([]);
  });

  it('goes by the members where the leader is in a cluster that is not watched', () => {
    const watch = watching(diagnosis, { remembers: true });
    lookingOn(watch, group(['n1'], { leader: 'w1', size: 5 }), 3);
    const [finding] = lookingOn(watch, group(['n1'], { leader: 'w1', size: 4 }), 2).findings;
    expect(finding?.summary).toBe(
      'The meta group of domain east, cluster east has 4 members; it had 5 until 2026-11-20 10:02 UTC.',
    );
  });
});
