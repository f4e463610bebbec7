import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-004-name-whitespace.ts';
import { failing, server, watching } from '../../kit.ts';
import { member, unclustered } from './members.ts';

const named = (name: string, cluster: string) =>
  member(name, 1, { cluster: { name: cluster, cluster_port: 6_222 } });

describe("CLUSTER_004, white space in a cluster's name", () => {
  it('is one warning for its servers, which shows what nobody sees', () => {
    expect(watching(diagnosis).look([named('n1', 'east\t'), named('n2', 'east\t')]).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'cluster', name: 'east\\u0009' },
        summary: 'The cluster name "east\\u0009" has white space.',
        evidence: ['n1, nats-server 2.15.1', 'n2, nats-server 2.15.1'],
      },
    ]);
  });

  it.each([
    ['east', 'ok'],
    ['us-east_1.a', 'ok'],
    ['us east', 'warning'],
    [' east', 'warning'],
  ])('%j is %s', (cluster, outcome) => {
    expect(watching(diagnosis).look([named('n1', cluster)]).outcomes).toEqual({ cluster: outcome });
  });

  it('does not apply to servers without a cluster, and is unknown where one cannot be read', () => {
    expect(watching(diagnosis).look([unclustered('leaf 1')]).outcomes).toEqual({ cluster: 'not-applicable' });
    expect(watching(diagnosis).look([server('n1', { varz: failing() })]).outcomes).toEqual({
      cluster: 'unknown',
    });
  });
});
