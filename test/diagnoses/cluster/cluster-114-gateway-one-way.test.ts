import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-114-gateway-one-way.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, server, watching } from '../../kit.ts';
import { linked, outcomesOf, toldOnceWell, type Linked } from '../../links-kit.ts';

const pair = (n1: Linked, n2: Linked) => [
  linked('n1', { peers: ['n2'], ...n1 }),
  linked('n2', { peers: ['n1'], ...n2 }),
];
const out: Linked = { outbound: ['west'] };
const both: Linked = { outbound: ['west'], inbound: { west: 2 } };
const down = server('n2', { varz: failing('unreachable') });

describe('CLUSTER_114, gateways that work in one direction only', () => {
  it('is silent where all that come in chose one of the servers', () => {
    expect(watching(diagnosis).look(pair(both, out)).outcomes).toEqual({ cluster: 'ok' });
  });

  it('tells that nothing comes in to any server of the cluster', () => {
    expect(watching(diagnosis).look(pair(out, out)).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { name: 'gateways of east from west' },
        summary: '2 servers of east send to west, and no gateway comes in from there.',
        evidence: ['n1: one to west, 0 from there', 'n2: one to west, 0 from there'],
      },
    ]);
  });

  it('tells that nothing goes out to a cluster that comes in and that nobody has configured', () => {
    const deaf: Linked = { inbound: { west: 1 } };
    expect(
      watching(diagnosis)
        .look(pair(both, deaf))
        .findings.map(({ summary }) => summary),
    ).toEqual(['n2 of east has gateways in from west and none out to it.']);
  });

  it.each<[string, readonly ReturnType<typeof linked>[]]>([
    [
      'a server of the cluster was not read: it may have those that come in',
      [...pair(out, out).slice(0, 1), down],
    ],
    ['a server of the cluster is not watched', [linked('n1', { peers: ['n2'], ...out })]],
    [
      'the one that is missing is configured: CLUSTER_113 tells',
      pair(both, { configured: ['west'], inbound: { west: 1 } }),
    ],
  ])('says nothing where %s', (_, servers) => {
    expect(watching(diagnosis).look(servers).findings).toEqual([]);
  });

  it('holds for five minutes, while clusters find each other, and ends', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(outcomesOf(watch, pair(out, out), 6)).toEqual(['5 ok', '1 warning']);
    expect(toldOnceWell(watch, pair(both, out))).toEqual(['resolved']);
  });

  it('leaves one that was lost to CLUSTER_007', () => {
    const watch = watching(diagnosis, { remembers: true, limits: { CLUSTER_114: { for: minutes(0) } } });
    watch.look(pair(both, both));
    expect(watch.look(pair(both, { inbound: { west: 1 } })).findings).toEqual([]);
  });

  it('does not apply without gateways', () => {
    expect(watching(diagnosis).look([linked('n1', { gateways: false })]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
