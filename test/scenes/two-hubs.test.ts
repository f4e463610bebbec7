import { afterEach, describe, expect, it } from 'vitest';
import { natsVersions } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { startFaultyLeaf, startQuickLoop } from './looping-leaf.ts';
import type { LeafFault } from './looping-leaf.ts';
import { closedRows, leafnodesAre, varz } from './observed.ts';
import { startTwoHubs } from './two-hubs.ts';
import type { TwoHubs, TwoHubsOptions } from './two-hubs.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: TwoHubsOptions): Promise<TwoHubs> {
  const hubs = await startTwoHubs(options);
  cleanups.push(hubs.stop);
  return hubs;
}

describe.each(natsVersions)('two hubs of nats-server %s', (version) => {
  it('have one leafnode each, and are targets like the leaf servers', async () => {
    const hubs = await start({ version });
    expect(hubs.targets.map(({ name }) => name)).toEqual(['hub1', 'hub2', 'leaf1', 'leaf2']);
    expect((await varz(hubs.hub1)).leafnodes).toBe(1);
    expect((await varz(hubs.hub2)).leafnodes).toBe(1);
  });

  it('take over the leafnode of a hub that is gone, and settle when it is back', async () => {
    const hubs = await start({ version });
    await hubs.hub1.kill();
    await leafnodesAre(hubs.hub2, 2);
    await hubs.hub1.restart();
    await hubs.settled(2);
  });

  it('see a leaf that loops quickly as one that closes after 2 s', async () => {
    const { hub1 } = await start({ version });
    const loop = startQuickLoop(hub1, { lifetimeMs: 200, pauseMs: 10 });
    cleanups.push(loop.stop);
    const rows = await waitFor('three closes', async () => {
      const seen = await closedRows(hub1);
      return seen.length >= 3 && seen;
    });
    expect(new Set(rows.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`))).toEqual(
      new Set([`Leafnode ${loop.name}: Client Closed`]),
    );
  });

  const reasons: Record<LeafFault, string> = {
    'bad-credentials': 'Authentication Failure',
    loop: 'Protocol Violation',
    'same-cluster-name': 'Cluster Names Identical',
  };
  it.each(Object.entries(reasons) as [LeafFault, string][])(
    'close a leaf with the fault %s for %s',
    async (fault, reason) => {
      const { hub1 } = await start({ version });
      const closes = async () => (await closedRows(hub1)).filter(({ name }) => name === 'faulty');
      // A hub that finds the leaf gone while it writes its reason to it closes for that: then it comes again.
      const last = await waitFor(`the hub to close it for ${reason}`, async () => {
        const before = (await closes()).length;
        const leaf = await startFaultyLeaf(hub1, fault, version, 'faulty');
        const rows = await waitFor('the hub to close it', async () => {
          const all = await closes();
          return all.length > before && all;
        }).finally(leaf.stop);
        return rows.find((row) => row.reason === reason);
      });
      expect(last).toMatchObject({ kind: 'Leafnode', reason });
    },
  );
});
