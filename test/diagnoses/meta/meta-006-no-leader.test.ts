import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-006-no-leader.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';
import { group, silent, withoutJetStream } from './group.ts';

const dead = (name: string) => server(name, { varz: failing(), jsz: failing() });
/** The last of three as it really answers: no leader, and itself among the replicas. */
const lastOfThree = [
  ...group(['n1'], { leader: null, size: 3, meta: { replicas: [silent('n1'), silent('n2'), silent('n3')] } }),
  dead('n2'),
  dead('n3'),
];

describe('META_006, a meta group without a leader', () => {
  it('is critical in the second look, though two servers could not be read', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(lastOfThree);
    const { findings, outcomes } = watch.look(lastOfThree);
    expect(outcomes).toEqual({ cluster: 'critical' });
    expect(findings).toMatchObject([
      {
        entity: { kind: 'meta', name: 'domain east, cluster east' },
        summary:
          'JetStream of domain east, cluster east has no meta leader: the one server that was read knows none, and 2 of 3 members are needed.',
        evidence: ['read: n1', 'not read: n2, n3 (SERVER_101)', 'n1 does not hear n2, n3'],
      },
    ]);
  });

  it('is silent about a change of leader, which one run sees, and ends when there is a leader again', () => {
    const watch = watching(diagnosis, { remembers: true });
    const [without, led] = [group(['n1', 'n2', 'n3'], { leader: null }), group(['n1', 'n2', 'n3'])];
    watch.look(led);
    watch.look(without);
    expect(lookingOn(watch, led, 2).findings).toEqual([]);
    lookingOn(watch, without, 2);
    expect(lookingOn(watch, led, 6).findings).toEqual([]);
  });

  it('does not say of servers that have just started that they have none', () => {
    const started = group(['n1', 'n2', 'n3'], { varz: { uptime: 5 } });
    expect(watching(diagnosis).look(started)).toMatchObject({
      findings: [],
      seen: { cluster: 'servers that have just started' },
    });
  });

  it('leaves a server that knows no leader while others do to SERVER_014', () => {
    const cutOff = group(['n1', 'n2', 'n3'], { leader: null }).slice(2);
    const look = lookingOn(
      watching(diagnosis, { remembers: true }),
      [...group(['n1', 'n2', 'n3']).slice(0, 2), ...cutOff],
      3,
    );
    expect([look.findings, look.seen]).toEqual([[], { cluster: 'led by n1' }]);
  });

  it('is fine where a leader is named that nobody watches, or while another server cannot be read', () => {
    const elsewhere = lookingOn(watching(diagnosis), group(['n1', 'n2'], { leader: 'w1', size: 5 }), 2);
    expect(elsewhere).toMatchObject({ outcomes: { cluster: 'ok' }, seen: { cluster: 'led by w1' } });
    expect(watching(diagnosis).look([...group(['n1', 'n2'], { size: 3 }), dead('n3')]).outcomes).toEqual({
      cluster: 'ok',
    });
  });

  it('says nothing of a server that has just started', () => {
    const started = group(['n1'], { leader: null, size: 3, varz: { uptime: 3 } });
    expect(lookingOn(watching(diagnosis), started, 3).findings).toEqual([]);
  });

  it('does not apply where JetStream is off, and is unknown where nothing was read', () => {
    expect(watching(diagnosis).look([withoutJetStream('n1')]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
    expect(watching(diagnosis).look([dead('n1')]).outcomes).toEqual({ cluster: 'unknown' });
  });
});
