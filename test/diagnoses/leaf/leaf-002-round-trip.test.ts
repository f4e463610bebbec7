import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-002-round-trip.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { watching } from '../../kit.ts';
import { toldOnceWell } from '../../links-kit.ts';
import { hub, leafServer, spoke } from './servers.ts';

/** A hub whose leafnodes are so far, in seconds. */
const far = (...rtts: readonly number[]) =>
  hub('hub1', { leafs: rtts.map((rtt, i) => ({ id: i + 1, name: `leaf${i + 1}`, rtt })) });
const watched = () => watching(diagnosis, { remembers: true, limits: { LEAF_002: { for: minutes(0) } } });

describe('LEAF_002, a long way to leafnodes', () => {
  it.each([
    [1, 'ok'],
    [1.01, 'warning'],
  ])('of %d s is %s, however far it usually is', (rtt, outcome) => {
    expect(watching(diagnosis).look([far(rtt)]).outcomes['hub1']).toBe(outcome);
  });

  it.each([
    [0.05, 0.15, 'ok'],
    [0.05, 0.16, 'warning'],
    [0.01, 0.1, 'ok'],
    [0.01, 0.11, 'warning'],
    [0.25, 0.25, 'ok'],
  ])('that was usually %d s and is %d is %s', (usual, now, outcome) => {
    const watch = watched();
    watch.look([far(usual)]);
    expect(watch.look([far(now)]).outcomes['hub1']).toBe(outcome);
  });

  it('is one finding for all leafnodes of a server, the farthest first, and ends', () => {
    const watch = watched();
    watch.look([far(0.02, 0.02, 0.02)]);
    expect(watch.look([far(0.3, 0.02, 0.4)]).findings).toMatchObject([
      {
        entity: { kind: 'connections', name: 'leafnodes of hub1' },
        summary:
          'Round trips to 2 of 3 leafnodes of hub1 (APP/leaf3, APP/leaf1): up to 20 times as long as usual, limit 3.',
        evidence: ['APP/leaf3: 400 ms, usually 20 ms', 'APP/leaf1: 300 ms, usually 20 ms'],
      },
    ]);
    expect(toldOnceWell(watch, [far(0.02, 0.02, 0.02)])).toEqual(['resolved']);
  });

  it('takes 0 s for not measured yet', () => {
    expect(watching(diagnosis).look([far(0)]).seen['hub1']).toBe(
      'no leafnode, or none that was measured yet',
    );
  });

  it('is told by the hub, and by the leaf server only where the hub is not watched', () => {
    const leaf = leafServer('leaf1', [{ urls: ['10.0.0.1:7422'] }], { leafs: [spoke({ rtt: 2 })] });
    const [both, alone] = [[far(2), leaf], [leaf]].map(
      (servers) => watching(diagnosis).look(servers).outcomes,
    );
    expect([both, alone]).toEqual([{ hub1: 'warning', leaf1: 'ok' }, { leaf1: 'warning' }]);
  });
});
