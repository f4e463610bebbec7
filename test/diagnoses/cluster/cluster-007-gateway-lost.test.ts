import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-007-gateway-lost.ts';
import { hours, minutes } from '../../../lambdas/durations.ts';
import { failing, server, watching } from '../../kit.ts';
import { linked, toldOnceWell } from '../../links-kit.ts';

const names = ['n1', 'n2', 'n3'];
const configured = ['east', 'west', 'south'];
const up = names.map((name) => linked(name, { configured, outbound: ['west', 'south'] }));
/** West is lost by these servers. */
const without = (...lacking: readonly string[]) =>
  names.map((name) =>
    linked(name, { configured, outbound: lacking.includes(name) ? ['south'] : ['west', 'south'] }),
  );
const watched = () => watching(diagnosis, { remembers: true });

describe('CLUSTER_007, a gateway that is lost', () => {
  it('is one critical finding for the other cluster after two minutes, and ends', () => {
    const watch = watched();
    const lost = without('n1', 'n2', 'n3');
    const looks = [up, lost, lost, lost].map((each) => watch.look(each));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'ok', 'critical']);
    expect(looks[3]?.findings).toMatchObject([
      {
        entity: { kind: 'connections', name: 'gateways of east to west' },
        summary: 'The gateways of 3 of 3 servers of east to west are lost.',
        evidence: [
          'n1 to west: last seen up at 2026-11-20 10:00 UTC; configured at west:7222; 0 gateways come in from there',
          'n2 to west: last seen up at 2026-11-20 10:00 UTC; configured at west:7222; 0 gateways come in from there',
          'n3 to west: last seen up at 2026-11-20 10:00 UTC; configured at west:7222; 0 gateways come in from there',
        ],
      },
    ]);
    expect(toldOnceWell(watch, up)).toEqual(['resolved']);
  });

  it('by one server to several clusters is one finding for that server', () => {
    const watch = watched();
    const cut = [linked('n1', { configured }), ...up.slice(1)];
    const looks = [up, cut, cut, cut].map((each) => watch.look(each));
    expect(looks.at(-1)?.findings.map(({ entity, summary }) => [entity.name, summary])).toEqual([
      ['gateways of n1', 'The gateways of n1 to west, south are lost.'],
    ]);
  });

  it('is silent while the servers of the other cluster are restarted one by one', () => {
    const watch = watched();
    const looks = [up, without('n1'), up, without('n2', 'n3'), without('n2'), up].map((each) =>
      watch.look(each),
    );
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
  });

  it('goes on when the server that lost it restarts', () => {
    const watch = watched();
    const lost = without('n1', 'n2', 'n3');
    const restarted = lost.map((each) =>
      linked(each.target.name, {
        configured,
        outbound: ['south'],
        varz: { server_id: `ID-2-${each.target.name}` },
      }),
    );
    const looks = [up, lost, lost, lost, restarted, restarted].map((each) => watch.look(each));
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened']);
  });

  it('that no configuration names is a warning, and forgotten after an hour', () => {
    const learnt = (...outbound: readonly string[]) => [linked('n1', { outbound })];
    const watch = watched();
    const looks = [learnt('west'), learnt(), learnt(), learnt()].map((each) => watch.look(each));
    expect(looks.at(-1)?.outcomes).toEqual({ cluster: 'warning' });
    expect(watch.look(learnt(), minutes(57)).outcomes).toEqual({ cluster: 'warning' });
    expect(toldOnceWell(watch, learnt())).toEqual(['resolved']);
  });

  it('that settings expect is critical for as long as it is gone', () => {
    const watch = watching(diagnosis, { remembers: true, facts: { expect: { gateways: ['west'] } } });
    const learnt = (...outbound: readonly string[]) => [linked('n1', { outbound })];
    for (const each of [learnt('west'), learnt(), learnt(), learnt()]) watch.look(each);
    expect(watch.look(learnt(), hours(48)).outcomes).toEqual({ cluster: 'critical' });
  });

  it('is not said at the first look, nor of one that was never up: CLUSTER_113 tells', () => {
    expect(watching(diagnosis).look(without('n1', 'n2', 'n3')).outcomes).toEqual({ cluster: 'ok' });
  });

  it('is left to SERVER_101 where all watched servers of the other cluster are down', () => {
    const west = [
      linked('w1', { cluster: 'west', outbound: ['east'] }),
      linked('w2', { cluster: 'west', outbound: ['east'] }),
    ];
    const down = ['w1', 'w2'].map((name) => server(name, { varz: failing('unreachable') }));
    const lost = without('n1', 'n2', 'n3');
    const watch = watched();
    const looks = [[...up, ...west], ...Array.from({ length: 4 }, () => [...lost, ...down])].map((each) =>
      watch.look(each),
    );
    expect(looks.at(-1)?.findings).toEqual([]);
    const one = [...lost, ...west.slice(0, 1), ...down.slice(1)];
    const cut = [one, one, one].map((each) => watch.look(each));
    expect(cut.at(-1)?.findings.map(({ entity }) => entity.name)).toEqual(['gateways of east to west']);
  });

  it('does not apply without gateways', () => {
    expect(watching(diagnosis).look([linked('n1', { gateways: false })]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
