import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-002-leaders-disagree.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { group } from './group.ts';

const names = ['n1', 'n2', 'n3'];
const torn = [...group(names, { leader: 'n1' }).slice(0, 2), ...group(names, { leader: 'n3' }).slice(2)];

describe('META_002, servers that name different leaders', () => {
  it('are critical in the second look, with who names whom', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look(torn).outcomes).toEqual({ cluster: 'ok' });
    expect(watch.look(torn).findings).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'meta', name: 'domain east, cluster east' },
        summary: 'Servers of domain east, cluster east name 2 meta leaders: n1, n3.',
        evidence: ['n1 is named by n1, n2', 'n3 is named by n3'],
      },
    ]);
  });

  it('are silent while a leader is elected, which one run sees', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(group(names));
    watch.look(torn);
    expect(watch.look(group(names, { leader: 'n3' })).findings).toEqual([]);
  });

  it('do not disagree where one of them knows none, or has just started and names itself', () => {
    const noLeader = group(names, { leader: null }).slice(2);
    const started = group(names, { leader: 'n3', varz: { uptime: 1 } }).slice(2);
    for (const last of [noLeader, started]) {
      const watch = watching(diagnosis, { remembers: true });
      expect(lookingOn(watch, [...group(names).slice(0, 2), ...last], 3).outcomes).toEqual({ cluster: 'ok' });
    }
  });
});
