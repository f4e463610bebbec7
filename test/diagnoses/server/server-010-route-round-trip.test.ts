import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-010-route-round-trip.ts';
import { failing, server, varz, watching } from '../../kit.ts';
import { linked, outcomesOf, route, toldOnceWell } from '../../links-kit.ts';

/** Three servers of which n3 is so far from the others, in seconds. */
const far = (rtt: number) => [
  linked('n1', { routes: [route('n2'), route('n3', { rtt }), route('n3', { rtt: rtt * 2 })] }),
  linked('n2', { routes: [route('n1'), route('n3', { rtt })] }),
  linked('n3', { routes: [route('n1', { rtt: rtt + 0.01 }), route('n2', { rtt })] }),
];

describe('SERVER_010, a long way between servers of a cluster', () => {
  it.each([
    [0.05, 'ok', []],
    [0.051, 'warning', ['routes of n3']],
  ])('of %d s is %s: one finding for the server that is far from all', (rtt, outcome, entities) => {
    const look = watching(diagnosis).look(far(rtt));
    expect([look.outcomes['cluster'], look.findings.map(({ entity }) => entity.name)]).toEqual([
      outcome,
      entities,
    ]);
  });

  it('names the pairs with the shortest way that either end measured', () => {
    const [finding] = watching(diagnosis).look(far(0.084)).findings;
    expect(finding).toMatchObject({
      summary: 'Round trips between n3 and 2 of 2 servers of its cluster take up to 84 ms, limit 50 ms.',
      evidence: [
        'n1 and n3: 84 ms, the shortest of 3 measured connections',
        'n2 and n3: 84 ms, the shortest of 2 measured connections',
      ],
    });
  });

  it('holds for three minutes, as a busy server answers its PINGs late, and ends', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(far(0.001));
    expect(outcomesOf(watch, far(0.2), 4)).toEqual(['3 ok', '1 warning']);
    expect(toldOnceWell(watch, far(0.001))).toEqual(['resolved']);
  });

  it('is no finding for one connection of a pool that was measured in a bad moment', () => {
    const one = [
      linked('n1', { routes: [route('n2', { rtt: 0.2 }), route('n2')] }),
      linked('n2', { routes: [route('n1', { rtt: 0.2 })] }),
    ];
    expect(watching(diagnosis).look(one).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each([
    [59, 'not-applicable'],
    [60, 'warning'],
  ])('of a route that is %d s old is %s: what was measured at its start is measured anew', (age, outcome) => {
    const { now } = varz();
    const young = route('n2', { rtt: 0.2, start: now - age * 1_000 });
    expect(watching(diagnosis).look([linked('n1', { routes: [young] })]).outcomes).toEqual({
      cluster: outcome,
    });
  });

  it('takes 0 s for not measured yet', () => {
    const fresh = [linked('n1', { routes: [route('n2', { rtt: 0 })] }), linked('n2', { routes: [] })];
    expect(watching(diagnosis).look(fresh).outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('is what settings say, or off', () => {
    const raised = watching(diagnosis, { limits: { SERVER_010: { rtt: { warning: 0.2 } } } });
    const off = watching(diagnosis, { limits: { SERVER_010: { rtt: { warning: 'off' } } } });
    expect([raised.look(far(0.2)).findings, off.look(far(9)).findings]).toEqual([[], []]);
  });

  it('tells of a far server that does not answer by what the others measure', () => {
    const [n1, n2] = far(0.2);
    const look = watching(diagnosis).look([...(n1 && n2 ? [n1, n2] : []), server('n3', { varz: failing() })]);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual(['routes of n3']);
  });

  it('does not apply to a server without cluster', () => {
    expect(watching(diagnosis).look([linked('n1', { varz: { cluster: {} } })]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
