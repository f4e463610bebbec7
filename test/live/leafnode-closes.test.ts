import { afterEach, describe, expect, it } from 'vitest';
import { hubConfig, leafConfig } from '../scenes/configs.ts';
import { startLink } from '../scenes/link.ts';
import { closedRows, varz } from '../scenes/observed.ts';
import { loopback } from '../services/loopback.ts';
import { natsVersions, startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of ended.splice(0).reverse()) await stop();
});

async function started(...[options]: Parameters<typeof startNatsServer>): Promise<NatsServer> {
  const server = await startNatsServer(options);
  ended.push(server.stop);
  return server;
}
const hub = (version: NatsVersion, { more = '', advertises = true } = {}) =>
  started({ version, name: 'hub1', config: (ports) => hubConfig(ports, [], more, { advertises }) });
async function linkTo(server: NatsServer) {
  const link = await startLink(server.leafPort);
  ended.push(link.stop);
  return link;
}
const leafThrough = (version: NatsVersion, leafPort: number, { listens = false, more = '' } = {}) =>
  started({
    version,
    name: 'edge1',
    config: ({ leaf }) =>
      leafConfig({ remotes: [[{ leafPort }]], more, ...(listens ? { listenPort: leaf } : {}) }),
  });

const closedLeafnodes = async (server: NatsServer) =>
  (await closedRows(server)).filter(({ kind }) => kind === 'Leafnode');
const closedBy = (server: NatsServer, reason: string, count: number) =>
  waitFor(`${server.name} to close ${count} leafnodes with ${reason}`, async () => {
    const rows = await closedLeafnodes(server);
    return rows.filter((row) => row.reason === reason).length >= count;
  });
const leafnodesOn = (server: NatsServer, count: number) =>
  waitFor(`${server.name} to have ${count} leafnodes`, async () => (await varz(server)).leafnodes === count);
const loops = async (server: NatsServer) =>
  (await watchingLive('connection-stopped', targetsOf(server)).look()).findings.filter(
    ({ diagnosis }) => diagnosis === 'LEAF_104',
  );

describe.each(natsVersions)('leafnodes that are closed again and again, on nats-server %s', (version) => {
  it('by a hub that goes down behind a load balancer and makes its own address known: one remote', async () => {
    const hub1 = await hub(version);
    const balancer = await linkTo(hub1);
    const edge1 = await leafThrough(version, balancer.port, { listens: true });
    for (let round = 1; round <= 3; round += 1) {
      await leafnodesOn(edge1, 1);
      await hub1.kill();
      await leafnodesOn(edge1, 0);
      await hub1.restart();
    }
    const [finding, ...others] = await loops(edge1);
    expect(others).toEqual([]);
    expect(finding?.entity).toEqual({ kind: 'remote', name: `edge1 -> APP/${loopback}:${balancer.port}` });
    expect(finding?.observed).toBe((await closedLeafnodes(edge1)).length);
    expect(finding?.summary).not.toMatch(/min_version|loop|violation|PINGs|2 s|reconnect`/);
  });

  it('by a link that breaks without a word: the leaf is back before the hub has noticed', async () => {
    // A leafnode that knows the hub's own address would go round the link.
    const hub1 = await hub(version, { advertises: false });
    const link = await linkTo(hub1);
    const edge1 = await leafThrough(version, link.port);
    for (const [round, lifeMs] of [3_200, 200, 4_500].entries()) {
      await leafnodesOn(hub1, 1);
      const since = performance.now();
      await waitFor('the connection to have lived', () => performance.now() - since >= lifeMs);
      link.loseAll();
      // As a host that loses power, and comes back.
      await edge1.restart();
      await closedBy(hub1, 'Duplicate Remote LeafNode Connection', round + 1);
    }
    const [finding] = await loops(hub1);
    expect(finding?.entity.name).toBe('APP/edge1');
    expect(finding?.summary).toMatch(/it comes back while the hub still holds its old connection/);
    expect(finding?.remedy).toMatch(/ping_interval/);
  });

  it('by two leaf servers of one name: they put each other out', async () => {
    const hub1 = await hub(version);
    await Promise.all([leafThrough(version, hub1.leafPort), leafThrough(version, hub1.leafPort)]);
    await closedBy(hub1, 'Duplicate Remote LeafNode Connection', 4);
    const [finding] = await loops(hub1);
    expect(finding?.entity.name).toBe('APP/edge1');
    expect(finding?.summary).toMatch(/they put each other out\.$/);
  });

  it('by a hub that gets no answer to its PINGs: that is what it says, not what times could mean', async () => {
    const hub1 = await hub(version, { more: 'ping_interval: "1s"\nping_max: 1' });
    const edge1 = await leafThrough(version, hub1.leafPort);
    for (let round = 1; round <= 3; round += 1) {
      await leafnodesOn(hub1, 1);
      await edge1.pause();
      await closedBy(hub1, 'Stale Connection', round);
      edge1.resume();
    }
    const [finding] = await loops(hub1);
    expect(finding?.entity.name).toBe('APP/edge1');
    expect(finding?.summary).toMatch(/; it does not answer PINGs\.$/);
    const stale = await watchingLive('stale-connections', targetsOf(hub1)).look();
    const reported = stale.findings.find(({ entity }) => entity.name === 'leafnodes of hub1');
    expect(reported?.summary).toBe(
      'hub1 found 3 connections of 1 leafnode stale within 10 min (limit 3): 1 s of silence is enough to be dropped.',
    );
    expect(reported?.evidence.join('\n')).not.toMatch(/dialled its hub/);
  });
});
