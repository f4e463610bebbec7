import { afterEach, describe, expect, it } from 'vitest';
import { hubConfig } from '../scenes/configs.ts';
import { startFaultyLeaf } from '../scenes/looping-leaf.ts';
import { closedRows } from '../scenes/observed.ts';
import { strangers } from '../scenes/strangers.ts';
import { loopback } from '../services/loopback.ts';
import { natsVersions, startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

let hub: NatsServer;
const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of ended.splice(0).reverse()) await stop();
});

async function start(version: NatsVersion, config?: string) {
  hub = await startNatsServer({
    version,
    name: 'hub1',
    config: (ports) =>
      config === undefined
        ? hubConfig(ports, [])
        : `leafnodes { listen: "${loopback}:${ports.leaf}" }\n${config}`,
  });
  ended.push(hub.stop);
}
const leafRows = async () => (await closedRows(hub)).filter(({ kind }) => kind === 'Leafnode');
const ringHolds = (count: number, reason?: string) =>
  waitFor(
    `${count} closed leafnodes`,
    async () =>
      (await leafRows()).filter((row) => reason === undefined || row.reason === reason).length >= count,
  );
async function reported(check: string, id: string, leafnodes?: number) {
  const cluster = leafnodes === undefined ? {} : { expect: { leafnodes } };
  const { findings } = await watchingLive(check, targetsOf(hub), { cluster }).look();
  return findings.find(({ diagnosis }) => diagnosis === id);
}

describe.each(natsVersions)('the port for leafnodes on nats-server %s', (version) => {
  describe.each([
    ['with accounts', undefined],
    ['without authorization', ''],
  ])('%s', (_, config) => {
    it.each(strangers)('hears %s: neither loop, permission nor credentials', async (__, speak) => {
      await start(version, config);
      for (let i = 0; i < 3; i += 1) await speak(hub.leafPort);
      await ringHolds(3);
      const loop = await reported('connection-stopped', 'LEAF_104');
      expect(loop?.summary).toMatch(/^A leafnode connection from 127\.0\.0\.1 .*; it does not speak NATS /);
      expect(`${loop?.summary} ${loop?.remedy} ${loop?.evidence.join(' ')}`).not.toMatch(
        /[Ll]oop detected|two ways|permission|credentials/,
      );
      const none = await reported('leafnode-connections', 'LEAF_101', 1);
      expect(none?.summary).toMatch(/; 3 attempts in 10 min did not speak NATS\.$/);
      expect(none?.evidence).toContain('who tried: 127.0.0.1');
      expect(`${none?.summary} ${none?.remedy}`).not.toMatch(/loop|permission|credentials|password|login/);
    });
  });

  it('refuses a wrong password, which is reported as credentials', async () => {
    await start(version);
    ended.push((await startFaultyLeaf(hub, 'bad-credentials', version)).stop);
    await ringHolds(3, 'Authentication Failure');
    expect((await reported('connection-stopped', 'LEAF_104'))?.summary).toMatch(
      /the hub refuses its credentials\.$/,
    );
    expect((await reported('leafnode-connections', 'LEAF_101', 1))?.summary).toMatch(
      /\(Authentication Failure \d+\)\.$/,
    );
  });

  it('finds a loop, which is reported as one', async () => {
    await start(version);
    ended.push((await startFaultyLeaf(hub, 'loop', version)).stop);
    await ringHolds(1, 'Protocol Violation');
    const limits = { LEAF_104: { closes: { warning: 1 } } };
    const { findings } = await watchingLive('connection-stopped', targetsOf(hub), { limits }).look();
    expect(
      findings.some(({ summary }) => summary.includes('the hub finds a loop or a permission violation')),
    ).toBe(true);
  });
});
