import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-112-split.ts';
import { failing, server, watching } from '../../kit.ts';
import { linked, mesh, toldOnceWell } from '../../links-kit.ts';

const whole = mesh(['n1', 'n2', 'n3']);
const split = [linked('n1'), linked('n2', { peers: ['n3'] }), linked('n3', { peers: ['n2'] })];
const down = server('n3', { varz: failing('unreachable') });
const watched = () => watching(diagnosis, { remembers: true });

describe('CLUSTER_112, a cluster that is split', () => {
  it('is critical after two minutes, with the groups, and resolved when they meet', () => {
    const watch = watched();
    const looks = [whole, split, split, split].map((each) => watch.look(each));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'ok', 'critical']);
    expect(looks[3]?.findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: 'east' },
        summary: 'Cluster east is split into 2 groups without a route to each other: n2, n3 | n1.',
        evidence: [
          '2 of 3 watched servers: n2, n3',
          '1 of 3 watched servers: n1',
          'n1 is ID-n1 at http://n1:8222',
          'n2 is ID-n2 at http://n2:8222',
          'n3 is ID-n3 at http://n3:8222',
        ],
      },
    ]);
    expect(toldOnceWell(watch, whole)).toEqual(['resolved']);
  });

  it.each([
    ['two servers that do not see each other', [linked('n1'), linked('n2')], 'critical'],
    [
      'a pair without a route, which a third server both reach',
      mesh(['n1', 'n2', 'n3']).with(0, linked('n1', { peers: ['n2'] })),
      'ok',
    ],
    ['a route that one end alone shows', [linked('n1', { peers: ['n2'] }), linked('n2')], 'ok'],
    [
      'servers that reach each other over one that nobody watches',
      [linked('n1', { peers: ['x'] }), linked('n2', { peers: ['x'] })],
      'ok',
    ],
  ])('%s: %s', (_, servers, outcome) => {
    expect(watching(diagnosis).look(servers).outcomes).toEqual({ cluster: outcome });
  });

  it('is decided by those that were read, beside one that is down', () => {
    const apart = watching(diagnosis).look([linked('n1'), linked('n2'), down]);
    const together = watching(diagnosis).look([
      linked('n1', { peers: ['n3'] }),
      linked('n2', { peers: ['n3'] }),
      down,
    ]);
    expect([apart.outcomes, together.outcomes]).toEqual([{ cluster: 'critical' }, { cluster: 'unknown' }]);
  });

  it('is silent while servers are restarted, one after the other', () => {
    const watch = watched();
    const looks = [whole, split, whole, split, split, whole, split, whole].map(
      (each) => watch.look(each).notices,
    );
    expect(looks.flat()).toEqual([]);
  });

  it('leaves two servers of one name to CLUSTER_102, and does not apply to a server alone', () => {
    const copies = [linked('n1'), linked('n2', { varz: { server_name: 'n1' } })];
    expect([
      watching(diagnosis).look(copies).outcomes,
      watching(diagnosis).look([linked('n1')]).outcomes,
    ]).toEqual([{ cluster: 'not-applicable' }, { cluster: 'not-applicable' }]);
  });
});
