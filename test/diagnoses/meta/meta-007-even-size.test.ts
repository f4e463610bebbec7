import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-007-even-size.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { group } from './group.ts';

const found = (servers: ReturnType<typeof group>) => lookingOn(watching(diagnosis), servers, 2).findings;
const east = ['e1', 'e2', 'e3'];
const west = ['w1', 'w2', 'w3'];
/** A server of two clusters of three, whose JetStream has one leader in the east. */
const inSuperCluster = (names: readonly string[], cluster: string) =>
  group(names, {
    leader: 'e1',
    size: 6,
    varz: { cluster: { name: cluster, cluster_port: 6_222 }, gateway: { name: cluster } },
  });

describe('META_007, a meta group of an even number of servers', () => {
  it('is information', () => {
    expect(found(group(['n1', 'n2', 'n3', 'n4']))).toMatchObject([
      {
        severity: 'info',
        summary: "JetStream's meta group of domain east, cluster east has 4 members, an even number.",
      },
    ]);
    expect(found(group(['n1', 'n2', 'n3']))).toEqual([]);
  });

  it('is told once of clusters that gateways join, for their meta group is one', () => {
    const servers = [...inSuperCluster(east, 'east'), ...inSuperCluster(west, 'west')];
    expect(found(servers)).toMatchObject([
      {
        summary: "JetStream's meta group of domain east has 6 members, an even number.",
        evidence: ['watched of it: e1, e2, e3, w1, w2, w3'],
      },
    ]);
  });
});
