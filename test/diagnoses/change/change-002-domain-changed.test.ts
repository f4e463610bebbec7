import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/change/change-002-domain-changed.ts';
import { jsz, lookingOn, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const inDomain = (name: string, domain?: string) =>
  member(name, { jsz: jsz({ config: { max_memory: 1, max_storage: 1, domain } }) });

describe('CHANGE_002, another JetStream domain', () => {
  it.each([
    ['hub', 'leaf', 'domain leaf now, until 2026-11-20 10:00 UTC it was in domain hub'],
    [undefined, 'leaf', 'domain leaf now, until 2026-11-20 10:00 UTC it was in no domain'],
    ['hub', undefined, 'no domain now, until 2026-11-20 10:00 UTC it was in domain hub'],
  ])('from %s to %s is a warning for an hour', (from, to, words) => {
    const watch = watching(diagnosis, { remembers: true });
    const n2 = inDomain('n2', 'hub');
    watch.look([inDomain('n1', from), n2]);
    watch.look([inDomain('n1', to), n2]);
    expect(watch.look([inDomain('n1', to), n2]).findings).toMatchObject([
      {
        severity: 'warning',
        summary: `JetStream of n1 is in ${words}.`,
        evidence: ['others of its cluster: n2: domain hub'],
      },
    ]);
    expect(lookingOn(watch, [inDomain('n1', to), n2], 65).findings).toEqual([]);
  });

  it('is silent while it stays, and where JetStream was off meanwhile', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([inDomain('n1', 'hub')]);
    watch.look([member('n1', { jsz: jsz({ disabled: true }) })]);
    expect(watch.look([inDomain('n1', 'hub')]).seen).toEqual({ n1: 'domain hub' });
  });
});
