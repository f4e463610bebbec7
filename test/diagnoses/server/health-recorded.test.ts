import { describe, expect, it } from 'vitest';
import serverUp from '../../../lambdas/checks/server-up.ts';
import { natsVersions } from '../../services/nats-binary.ts';
import { lookAtRecorded } from '../../recorded.ts';

describe.each(natsVersions)('health in recorded replies of nats-server %s', (version) => {
  it('tells of the last of three servers that it knows no leader, for which META_006 pages', async () => {
    const { found, outcomes } = await lookAtRecorded(serverUp, version, 'jetstream-lost-quorum/2');
    expect(found.filter((each) => each.endsWith(' n1'))).toEqual(['SERVER_014 info n1']);
    expect(outcomes['n1']).toMatchObject({
      SERVER_001: 'ok',
      SERVER_014: 'ok',
      SERVER_015: 'unknown',
      SERVER_016: version === '2.9.10' ? 'not-applicable' : 'unknown',
    });
    expect(outcomes['cluster']).toEqual({ CLUSTER_102: 'unknown', SERVER_008: 'unknown' });
  });

  it('is well in a whole cluster with JetStream, and no question to the server beside it that has none', async () => {
    const { found, outcomes } = await lookAtRecorded(serverUp, version, 'streams');
    expect(found).toEqual([]);
    expect([outcomes['east1']?.['SERVER_014'], outcomes['east1']?.['SERVER_015']]).toEqual(['ok', 'ok']);
    expect(outcomes['west1']).toMatchObject({ SERVER_014: 'not-applicable', SERVER_015: 'not-applicable' });
    expect(outcomes['cluster']).toEqual({ CLUSTER_102: 'ok', SERVER_008: 'ok' });
  });

  it('is no matter of a lame-duck drain', async () => {
    const { found, outcomes } = await lookAtRecorded(serverUp, version, 'lame-duck');
    expect([found, outcomes['hub1']?.['SERVER_001']]).toEqual([[], 'ok']);
  });
});
