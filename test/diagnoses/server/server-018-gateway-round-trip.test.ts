import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-018-gateway-round-trip.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { watching } from '../../kit.ts';
import { gateway, linked, toldOnceWell } from '../../links-kit.ts';

/** A server whose gateways to these clusters take so many seconds. */
const to = (name: string, rtts: Readonly<Record<string, number>>) =>
  linked(name, {
    outbound: Object.fromEntries(Object.entries(rtts).map(([remote, rtt]) => [remote, gateway({ rtt })])),
  });
const both = (rtt: number) => [to('n1', { west: rtt }), to('n2', { west: rtt })];
const watched = () => watching(diagnosis, { remembers: true, limits: { SERVER_018: { for: minutes(0) } } });

describe('SERVER_018, a long way to another cluster', () => {
  it.each([
    [0.5, 'ok'],
    [0.501, 'warning'],
  ])('of %d s is %s: longer than any way on earth', (rtt, outcome) => {
    expect(watching(diagnosis).look(both(rtt)).outcomes).toEqual({ cluster: outcome });
  });

  it('of 200 ms is what it is between continents, as long as it was so before', () => {
    const watch = watched();
    const looks = Array.from({ length: 5 }, () => watch.look(both(0.2)).outcomes['cluster']);
    expect(looks).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it.each([
    [0.02, 0.06, 'ok'],
    [0.02, 0.061, 'warning'],
    [0.001, 0.05, 'ok'],
    [0.001, 0.051, 'warning'],
  ])('that was usually %d s and is %d is %s', (usual, now, outcome) => {
    const watch = watched();
    watch.look(both(usual), minutes(1));
    expect(watch.look(both(now), minutes(0)).outcomes).toEqual({ cluster: outcome });
  });

  it('is one finding for a remote cluster, with what was usual, and ends', () => {
    const watch = watched();
    watch.look(both(0.02));
    const look = watch.look(both(0.1));
    expect(look.findings).toMatchObject([
      {
        entity: { kind: 'connections', name: 'gateways of east to west' },
        summary: 'Round trips of gateways of east to west: up to 5 times as long as usual, limit 3.',
        evidence: ['n1 to west: 100 ms, usually 20 ms', 'n2 to west: 100 ms, usually 20 ms'],
      },
    ]);
    expect(toldOnceWell(watch, both(0.02))).toEqual(['resolved']);
  });

  it('is one finding for a server that is far from all clusters', () => {
    const watch = watched();
    const near = { west: 0.02, south: 0.03 };
    watch.look([to('n1', near), to('n2', near)]);
    const look = watch.look([to('n1', { west: 0.3, south: 0.3 }), to('n2', near)]);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual(['gateways of n1']);
  });

  it('holds for three minutes', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = [0.02, 0.2, 0.2, 0.2, 0.2].map((rtt) => watch.look(both(rtt)).outcomes['cluster']);
    expect(looks).toEqual(['ok', 'ok', 'ok', 'ok', 'warning']);
  });

  it('takes 0 s for not measured yet, and does not apply without gateways', () => {
    const outcomes = [both(0), [linked('n1', { gateways: false })]].map(
      (servers) => watching(diagnosis).look(servers).outcomes['cluster'],
    );
    expect(outcomes).toEqual(['not-applicable', 'not-applicable']);
  });
});
