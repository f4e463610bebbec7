import { describe, expect, it } from 'vitest';
import stopped from '../../../lambdas/checks/connection-stopped.ts';
import connections from '../../../lambdas/checks/leafnode-connections.ts';
import subscriptions from '../../../lambdas/checks/leafnode-subscriptions.ts';
import { lookAtRecorded } from '../../recorded.ts';
import { natsVersions } from '../../services/nats-binary.ts';

const expecting = (leafnodes: number | readonly string[]) => ({ facts: { expect: { leafnodes } } });
const short = (look: Awaited<ReturnType<typeof lookAtRecorded>>) =>
  look.observations
    .filter(({ series }) => series.startsWith('gnatsd_'))
    .map(({ series, labels, value }) => `${series} ${labels['server_id'] ?? 'cluster'} ${value}`);
/** Leafnodes that are closed again and again. */
const loopsIn = async (...[version, scene]: [Parameters<typeof lookAtRecorded>[1], string]) =>
  (await lookAtRecorded(stopped, version, scene)).findings.filter(
    ({ diagnosis }) => diagnosis === 'LEAF_104',
  );

describe.each(natsVersions)('recorded replies of nats-server %s', (version) => {
  describe('of two hubs and two leaf servers that are well', () => {
    it('raise no finding', async () => {
      expect((await lookAtRecorded(connections, version, 'healthy', expecting(2))).found).toEqual([]);
      expect((await lookAtRecorded(subscriptions, version, 'healthy')).found).toEqual([]);
      expect(await loopsIn(version, 'healthy')).toEqual([]);
    });

    it('are looked at from both ends', async () => {
      const { outcomes } = await lookAtRecorded(connections, version, 'healthy', expecting(2));
      expect(outcomes).toMatchObject({
        hub1: { LEAF_103: 'not-applicable', SERVER_102: 'ok' },
        hub2: { LEAF_103: 'not-applicable', SERVER_102: 'ok' },
        leaf1: { LEAF_103: 'ok', SERVER_102: 'ok' },
        leaf2: { LEAF_103: 'ok', SERVER_102: 'ok' },
        cluster: { LEAF_101: 'ok', LEAF_102: 'ok' },
      });
    });

    it('count leafnodes and their subscriptions', async () => {
      const look = await lookAtRecorded(connections, version, 'healthy', expecting(2));
      expect(short(look)).toEqual([
        'gnatsd_varz_leafnodes hub1 1',
        'gnatsd_varz_leafnodes hub2 1',
        'gnatsd_varz_leafnodes leaf1 1',
        'gnatsd_varz_leafnodes leaf2 1',
      ]);
      const worst = short(await lookAtRecorded(subscriptions, version, 'healthy'));
      const [hub, leaf] = version === '2.9.10' ? [14, 78] : [15, 79];
      expect(worst).toEqual([
        `gnatsd_leafz_conn_subscriptions_total hub1 ${hub}`,
        `gnatsd_leafz_conn_subscriptions_total hub2 ${hub}`,
        `gnatsd_leafz_conn_subscriptions_total leaf1 ${leaf}`,
        `gnatsd_leafz_conn_subscriptions_total leaf2 ${leaf}`,
      ]);
    });

    it('name what most subscriptions are, once there are too many', async () => {
      const limits = { LEAF_003: { subscriptions: { warning: 60, critical: 'off' } } } as const;
      const look = await lookAtRecorded(subscriptions, version, 'healthy', { limits });
      const [finding] = look.findings.filter(({ target }) => target === 'leaf1');
      expect(finding?.evidence[0]).toMatch(/^\d+(\.\d)? % \(\d+\) are clients' inboxes \(`_INBOX\.>`\)$/);
      expect(finding?.summary).toMatch(
        / subscriptions to leaf1, limit 60; \d+(\.\d)? % \(\d+\) are clients' inboxes/,
      );
    });
  });

  describe('of a leaf in a reconnect loop beside healthy ones', () => {
    it('name that one only, with its lifetime of 2 s', async () => {
      const [loop, ...others] = await loopsIn(version, 'trouble/1');
      expect([loop?.severity, loop?.entity.name, others]).toEqual(['warning', 'APP/edge-loop', []]);
      expect(loop?.summary).toMatch(
        /^Leafnode APP\/edge-loop was closed 4 times in 10 min by hub1 \(limit 3\): each lasts about 2\.0 s and the next comes about 10\d ms later; the leaf gives up 2 s after its CONNECT, before the hub has confirmed it\.$/,
      );
    });
  });

  it('of a leaf server that was stopped are unknown: a run without memory does not know that it is no hub', async () => {
    const look = await lookAtRecorded(connections, version, 'trouble/2', expecting(2));
    expect(look.outcomes['cluster']).toEqual({ LEAF_101: 'ok', LEAF_102: 'unknown' });
    expect(look.seen['cluster']?.['LEAF_102']).toBe('leaf2 could not be read: a leafnode may be there');
  });

  describe('of a leaf server with wrong credentials', () => {
    it('have no leafnode: the attempts, by reason', async () => {
      const look = await lookAtRecorded(connections, version, 'leaf-refused', expecting(1));
      expect(look.found).toEqual([
        'LEAF_103 warning leaf3 -> APP',
        'LEAF_101 critical c1',
        'LEAF_102 warning c1',
      ]);
      expect(look.findings[1]?.summary).toBe(
        'No leafnode is connected to cluster c1 (2 servers), expected: 1; 3 attempts in 10 min failed (Authentication Failure 3).',
      );
    });

    it('are a loop that is reported once, by the hub, which knows the reason', async () => {
      const [loop, ...others] = await loopsIn(version, 'leaf-refused');
      expect([loop?.severity, loop?.entity.name, others]).toEqual(['warning', 'leaf3', []]);
      expect(loop?.summary).toMatch(/; the hub refuses its credentials\.$/);
    });
  });

  describe('of a drain', () => {
    it('are no loop and no loss: leafnodes move to the other hub', async () => {
      expect(
        (await lookAtRecorded(connections, version, 'lame-duck', expecting(['leaf1', 'leaf2']))).found,
      ).toEqual([]);
      expect((await lookAtRecorded(subscriptions, version, 'lame-duck')).found).toEqual([]);
      expect(await loopsIn(version, 'lame-duck')).toEqual([]);
    });
  });

  it('of a server alone are no matter of leafnodes', async () => {
    const { outcomes } = await lookAtRecorded(connections, version, 'alone');
    expect(outcomes).toMatchObject({
      alone: { LEAF_103: 'not-applicable', SERVER_102: 'ok' },
      cluster: { LEAF_101: 'not-applicable', LEAF_102: 'ok' },
    });
    expect(short(await lookAtRecorded(subscriptions, version, 'alone'))).toEqual([
      'gnatsd_leafz_conn_subscriptions_total alone 0',
    ]);
  });
});
