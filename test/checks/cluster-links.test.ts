import { describe, expect, it } from 'vitest';
import clusterLinks from '../../lambdas/checks/cluster-links.ts';
import { observations } from '../../lambdas/engine/judgement/observe.ts';
import { lookAtRecorded } from '../recorded.ts';
import { natsVersions } from '../services/nats-binary.ts';
import { clusterFacts, failing, firstMinute, server } from '../kit.ts';
import { linked, mesh } from '../links-kit.ts';

describe.each(natsVersions)('routes and gateways in recorded replies of nats-server %s', (version) => {
  const look = (moment: string) => lookAtRecorded(clusterLinks, version, `links/${moment}`);

  it('are well between two clusters', async () => {
    const { found, outcomes } = await look('healthy');
    expect(found).toEqual([]);
    expect(outcomes['cluster']).toMatchObject({
      ...{ CLUSTER_005: 'ok', CLUSTER_007: 'ok', CLUSTER_111: 'ok', CLUSTER_112: 'ok' },
      ...{ CLUSTER_113: 'ok', CLUSTER_114: 'ok', CLUSTER_115: 'ok', CLUSTER_116: 'ok' },
    });
  });

  it('show a gateway that was never up by what is configured alone', async () => {
    expect((await look('never-up')).found).toEqual(['CLUSTER_113 warning gateways of east to south']);
  });

  it('show no gateway where the other cluster is gone', async () => {
    const { found, outcomes } = await look('west-lost');
    expect(found).toEqual([
      'CLUSTER_113 warning gateways of east to south',
      'CLUSTER_113 warning gateways of east to west',
    ]);
    expect(outcomes['west1']).toEqual({ SERVER_102: 'unknown' });
  });

  it('are not told of a frozen server that is watched', async () => {
    const { found, outcomes } = await look('frozen');
    expect(found.filter((each) => !each.startsWith('CLUSTER_113'))).toEqual([]);
    expect(outcomes['cluster']).toMatchObject({ CLUSTER_112: 'unknown', CLUSTER_111: 'unknown' });
  });

  it('are well in a cluster whose servers have never configured the gateway that they have', async () => {
    expect((await lookAtRecorded(clusterLinks, version, 'streams')).found).toEqual([]);
  });

  it.each(['healthy', 'alone'])('are none, or well, in scenes without gateways: %s', async (scene) => {
    const { found, outcomes } = await lookAtRecorded(clusterLinks, version, scene);
    const answers = new Set(Object.values(outcomes).flatMap((all) => Object.values(all)));
    expect([found, answers.has('unknown')]).toEqual([[], false]);
  });
});

describe('routes that are missing', () => {
  const count = (...servers: Parameters<typeof observations>[1]['servers']) =>
    observations(clusterLinks, { at: firstMinute, servers }, clusterFacts).map(
      ({ observation: { value } }) => value,
    );

  it('are counted as pairs', () => {
    expect(count(...mesh(['n1', 'n2', 'n3']))).toEqual([0]);
    expect(count(linked('n1'), linked('n2', { peers: ['n3'] }), linked('n3', { peers: ['n2'] }))).toEqual([
      2,
    ]);
    expect(count(linked('n1', { peers: ['n2'] }), linked('n2'))).toEqual([0]);
  });

  it('are not counted where a server could not be read, or where there is no cluster', () => {
    expect(count(...mesh(['n1', 'n2']), server('n3', { varz: failing() }))).toEqual([]);
    expect(count(linked('n1'))).toEqual([]);
  });
});
