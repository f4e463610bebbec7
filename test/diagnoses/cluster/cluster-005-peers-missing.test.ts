import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-005-peers-missing.ts';
import { failing, server, varz, watching } from '../../kit.ts';
import { linked, mesh, outcomesOf, route, toldOnceWell } from '../../links-kit.ts';

const whole = mesh(['n1', 'n2', 'n3']);
/** n1 and n3 have no route to each other, n2 has both. */
const broken = [
  linked('n1', { peers: ['n2'] }),
  linked('n2', { peers: ['n1', 'n3'] }),
  linked('n3', { peers: ['n2'] }),
];
const watched = () => watching(diagnosis, { remembers: true });
const down = server('n3', { varz: failing('unreachable') });

/** A server without cluster listener, called as 2.10 calls one that has leafnodes or gateways. */
const unclustered = (name: string, cluster = name) => linked(name, { varz: { cluster: { name: cluster } } });

describe('CLUSTER_005, servers without routes to each other', () => {
  it('is ok while each reaches all others', () => {
    expect(watching(diagnosis).look(whole)).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'no route is missing' },
      findings: [],
    });
  });

  it('is one warning for the whole cluster that names who lacks whom, once it held for three minutes', () => {
    const watch = watched();
    const looks = [whole, broken, broken, broken, broken].map((each) => watch.look(each));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'ok', 'ok', 'warning']);
    expect(looks[4]?.findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: 'east' },
        summary:
          'In cluster east 2 servers of 3 watched lack routes to others: ' +
          'n1 has no route to n3, n3 has no route to n1.',
        evidence: [
          'n1 has no route to n3',
          'n3 has no route to n1',
          'n1 (ID-n1) reaches 1 of 2 others',
          'n2 (ID-n2) reaches 2 of 2 others',
          'n3 (ID-n3) reaches 1 of 2 others',
        ],
        alarm: null,
      },
    ]);
  });

  it('is resolved when the route is back', () => {
    const watch = watched();
    expect(outcomesOf(watch, broken, 4)).toEqual(['3 ok', '1 warning']);
    watch.look(whole);
    expect(toldOnceWell(watch, whole)).toEqual(['resolved']);
  });

  it('counts servers and not connections: a peer with one route of its pool is reached', () => {
    const one = [linked('n1', { routes: [route('n2')] }), linked('n2', { routes: [route('n1')] })];
    expect(watching(diagnosis).look(one).outcomes).toEqual({ cluster: 'ok' });
  });

  it('is not met by a route to a server that nobody watches', () => {
    const strangers = [
      linked('n1', { peers: ['n2', 'x1'] }),
      linked('n2', { peers: ['n1', 'n3'] }),
      linked('n3', { peers: ['n2', 'x2'] }),
    ];
    expect(watching(diagnosis).look(strangers).outcomes).toEqual({ cluster: 'warning' });
  });

  it('is silent in a rolling restart, whose routes are back within a run', () => {
    const dip = (name: string) =>
      whole.map(({ target }) =>
        linked(target.name, {
          peers:
            target.name === name
              ? []
              : ['n1', 'n2', 'n3'].filter((other) => ![name, target.name].includes(other)),
        }),
      );
    const watch = watched();
    const looks = [whole, dip('n1'), whole, whole, dip('n2'), whole, whole, dip('n3'), whole, whole];
    expect(looks.flatMap((each) => watch.look(each).notices)).toEqual([]);
  });

  it('is told of a route that comes and goes with each look', () => {
    const watch = watched();
    const looks = [broken, whole, broken, whole, broken].map((each) => watch.look(each).outcomes['cluster']);
    expect(looks).toEqual(['ok', 'ok', 'ok', 'warning', 'warning']);
  });

  it('leaves a cluster that is split to CLUSTER_112', () => {
    const split = [linked('n1'), linked('n2', { peers: ['n3'] }), linked('n3', { peers: ['n2'] })];
    expect(watching(diagnosis).look(split).outcomes).toEqual({ cluster: 'ok' });
  });

  it('leaves a watched server that is down to SERVER_101: unknown here, and nobody is told', () => {
    const watch = watched();
    const looks = Array.from({ length: 6 }, () => watch.look([...mesh(['n1', 'n2']), down]));
    expect(looks.map(({ outcomes, findings }) => [outcomes['cluster'], findings.length])).toEqual(
      looks.map(() => ['unknown', 0]),
    );
    const back = watch.look(whole);
    expect([back.outcomes, back.findings]).toEqual([{ cluster: 'ok' }, []]);
  });

  it('is reported beside a server that is down, which both reach', () => {
    const [n1, n2] = [linked('n1', { peers: ['n3'] }), linked('n2', { peers: ['n3'] })];
    const look = watching(diagnosis).look([n1, n2, down]);
    expect(look.findings.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('is unknown where /routez cannot be read of one of two', () => {
    const [n1] = mesh(['n1', 'n2']);
    const silent = server('n2', { varz: varz({ server_id: 'ID-n2' }), routez: failing('timeout') });
    expect(watching(diagnosis).look([n1 ?? down, silent]).outcomes).toEqual({ cluster: 'unknown' });
  });

  it('counts a server under two URLs once', () => {
    const twice = [
      ...mesh(['n1', 'n2']),
      linked('other-url', { peers: ['n1'], varz: { server_id: 'ID-n2', server_name: 'n2' } }),
    ];
    expect(watching(diagnosis).look(twice).outcomes).toEqual({ cluster: 'ok' });
  });

  it('leaves two servers of one name to CLUSTER_102', () => {
    const copies = [linked('n1'), linked('n2', { varz: { server_name: 'n1' } })];
    expect(watching(diagnosis).look(copies).findings).toEqual([]);
  });

  it.each([
    ['one server', [linked('n1')]],
    ['servers without cluster', [unclustered('n1'), unclustered('n2')]],
    ['leaf servers of one name on 2.10', [unclustered('leaf', 'edge'), unclustered('leaf2', 'edge')]],
    ['servers of different clusters', [linked('n1'), linked('n2', { cluster: 'west' })]],
  ])('does not apply to %s', (_, servers) => {
    expect(watching(diagnosis).look(servers).outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('is unknown, not out of question, where the only other server cannot be read', () => {
    expect(watching(diagnosis).look([linked('n1'), down]).outcomes).toEqual({ cluster: 'unknown' });
  });
});
