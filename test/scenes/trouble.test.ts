import { afterEach, expect, it } from 'vitest';
import { natsVersions } from '../services/nats-server.ts';
import { startHealthy } from './healthy.ts';
import { startLameDuck } from './lame-duck.ts';
import { closedRows, varz } from './observed.ts';
import type { ClosedRow } from './observed.ts';
import { startTrouble } from './trouble.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** How many rows there are of each kind, name and reason; a slow consumer is one whichever way it was found. */
function tally(rows: readonly ClosedRow[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind, name, reason } of rows) {
    const key = `${kind} ${name ?? '(unnamed)'}: ${reason.replace(/^(Slow Consumer).*/, '$1')}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

it.each(natsVersions)('trouble on nats-server %s is all there once it has started', async (version) => {
  const trouble = await startTrouble({ version, loops: 1, pings: 6 });
  cleanups.push(trouble.stop);
  await trouble.stopLeaf();
  expect(tally(await closedRows(trouble.hub1))).toEqual({
    'Client (unnamed): Client Closed': 2,
    'Client billing-old: Authentication Failure': 52,
    'Client report-source: Client Closed': 1,
    'Client report-writer: Slow Consumer': 1,
    'Client thumbnailer: Stale Connection': 1,
    'Leafnode edge-loop: Client Closed': expect.any(Number) as number,
  });
  expect(tally(await closedRows(trouble.hub2))).toEqual({
    'Client (unnamed): Maximum Connections Exceeded': 1,
    'Client web-burst: Client Closed': 3,
    'Leafnode leaf2: Client Closed': 1,
  });
  expect(await varz(trouble.hub2)).toMatchObject({ connections: 17, max_connections: 20, leafnodes: 0 });
});

it('in a healthy scene nothing was closed', async () => {
  const healthy = await startHealthy({ version: '2.15.1' });
  cleanups.push(healthy.stop);
  expect(await closedRows(healthy.hub1)).toEqual([]);
  expect(await closedRows(healthy.hub2)).toEqual([]);
});

it('a draining hub closes its clients, and they are on the other one', async () => {
  const draining = await startLameDuck({ version: '2.15.1' });
  cleanups.push(draining.stop);
  await draining.drain(3);
  expect(new Set((await closedRows(draining.hub1)).map(({ reason }) => reason))).toEqual(
    new Set(['Server Shutdown']),
  );
  expect((await varz(draining.hub2)).connections).toBeGreaterThanOrEqual(3);
});
