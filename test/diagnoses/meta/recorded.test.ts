import { describe, expect, it } from 'vitest';
import jetStreamMeta from '../../../lambdas/checks/jetstream-meta.ts';
import jetStreamServer from '../../../lambdas/checks/jetstream-server.ts';
import { lookAtRecorded } from '../../recorded.ts';
import { natsVersions } from '../../services/nats-binary.ts';

const found = async (version: (typeof natsVersions)[number], scene: string) =>
  Promise.all(
    [jetStreamMeta, jetStreamServer].map(
      async (check) => (await lookAtRecorded(check, version, scene)).found,
    ),
  );

describe.each(natsVersions)('JetStream of recorded clusters of nats-server %s', (version) => {
  it('is well where all is', async () => {
    expect(await found(version, 'jetstream-healthy/1')).toEqual([[], []]);
  });

  it('has no leader of its meta group on the last of three servers', async () => {
    expect(await found(version, 'jetstream-lost-quorum/2')).toEqual([['META_006 critical cluster lab'], []]);
  });

  it('has stores that are full', async () => {
    const [meta, server] = await found(version, 'jetstream-store-full/2');
    expect([meta, server]).toEqual([[], expect.arrayContaining(['SERVER_019 critical n1'])]);
  });

  it('misses a server that hangs, which SERVER_101 tells', async () => {
    expect(await found(version, 'jetstream-follower-frozen/2')).toEqual([[], []]);
  });
});
