import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-113-gateway-never-up.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, server, watching } from '../../kit.ts';
import { linked, toldOnceWell } from '../../links-kit.ts';

const configured = ['east', 'west', 'south'];
const never = ['n1', 'n2'].map((name) =>
  linked(name, { configured, outbound: ['west'], inbound: { south: 1 } }),
);
const up = ['n1', 'n2'].map((name) => linked(name, { configured, outbound: ['west', 'south'] }));
const expecting = (gateways: number | readonly string[]) =>
  watching(diagnosis, { facts: { expect: { gateways } } });

describe('CLUSTER_113, a gateway that was never up', () => {
  it('is a warning after five minutes: configured, and nowhere in /gatewayz', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 6 }, () => watch.look(never));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
      'ok',
      'warning',
    ]);
    expect(looks.at(-1)?.findings).toMatchObject([
      {
        entity: { name: 'gateways of east to south' },
        summary: 'The gateways of 2 of 2 servers of east to south were never up.',
        evidence: [
          'n1 to south: never seen up; configured at south:7222; 1 gateway comes in from there',
          'n2 to south: never seen up; configured at south:7222; 1 gateway comes in from there',
        ],
      },
    ]);
    expect(toldOnceWell(watch, up)).toEqual(['resolved']);
  });

  it('is not the own cluster, which may be in the list, nor one that is up', () => {
    expect(watching(diagnosis).look(up)).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'every gateway that is configured or expected is up' },
    });
  });

  it('that was up is left to CLUSTER_007', () => {
    const watch = watching(diagnosis, { remembers: true, limits: { CLUSTER_113: { for: minutes(0) } } });
    expect([up, never].map((each) => watch.look(each).outcomes['cluster'])).toEqual(['ok', 'ok']);
  });

  it('to a cluster whose watched servers are all down is left to SERVER_101', () => {
    const watch = watching(diagnosis, { remembers: true, limits: { CLUSTER_113: { for: minutes(0) } } });
    const alone = [linked('n1', { gateways: false }), linked('s1', { cluster: 'south' })];
    watch.look(alone);
    const look = watch.look([
      linked('n1', { configured: ['south'] }),
      server('s1', { varz: failing('unreachable') }),
    ]);
    expect(look.findings).toEqual([]);
  });

  it.each([
    [['west'], []],
    [['west', 'east'], []],
    [['north'], ['gateways of east to north']],
    [1, []],
    [2, ['gateways of c1']],
  ])('is what settings expect: %j', (gateways, entities) => {
    const servers = ['n1', 'n2'].map((name) => linked(name, { outbound: ['west'] }));
    expect(
      expecting(gateways)
        .look(servers)
        .findings.map(({ entity }) => entity.name),
    ).toEqual(entities);
  });

  it('counts one that is configured, or was lost, among those that are missing by name', () => {
    expect(
      expecting(2)
        .look(never)
        .findings.map(({ entity }) => entity.name),
    ).toEqual(['gateways of east to south']);
  });

  it.each([
    [2, 'Settings expect 2 gateways of each server of c1: n1 has no gateway, n2 has no gateway.'],
    [
      ['west'],
      'Settings expect gateways to west of each server of c1: n1 has no gateway, n2 has no gateway.',
    ],
  ])('tells servers without any where settings expect %j', (gateways, summary) => {
    const servers = ['n1', 'n2'].map((name) => linked(name, { gateways: false }));
    expect(
      expecting(gateways)
        .look(servers)
        .findings.map((each) => each.summary),
    ).toEqual([summary]);
  });

  it('does not apply where nobody expects one', () => {
    expect(watching(diagnosis).look([linked('n1', { gateways: false })]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
