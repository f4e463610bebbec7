import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { startTrouble, type Trouble } from '../scenes/trouble.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

describe.each(['2.15.1', '2.10.27'] as const)('everything at once, on nats-server %s', (version) => {
  let scene: Trouble;
  let first: Readonly<Record<string, LiveLook>>;
  let second: Readonly<Record<string, LiveLook>>;
  beforeAll(async () => {
    scene = await startTrouble({ version, pings: 6 });
    await scene.stopLeaf();
    await scene.loop.stop();
    const cluster = { expect: { leafnodes: ['leaf1', 'leaf2'] } };
    const watched: (readonly [string, ReturnType<typeof watchingLive>])[] = [];
    for (const { id } of checks) {
      watched.push([id, watchingLive(id, targetsOf(scene.hub1, scene.hub2), { cluster })]);
      // The scene's clients answer meanwhile: they are of this process.
      await nextTurn();
    }
    const lookAll = async () =>
      Object.fromEntries(
        await Promise.all(watched.map(async ([id, watch]) => [id, await watch.look()] as const)),
      );
    first = await lookAll();
    second = await lookAll();
  });
  afterAll(() => scene.stop());

  it('is found on a first run, each trouble once and by its name, and nothing else', () => {
    const found = Object.entries(first).map(([id, look]) => [id, look.found.toSorted()] as const);
    expect(Object.fromEntries(found)).toEqual({
      accounts: [],
      clients: [],
      // What differs in this cluster may be a change that goes on; its port is as open as that of any older server.
      configuration: version === '2.15.1' ? [] : ['SERVER_155 info live'],
      'cluster-links': [],
      'connection-count': ['SERVER_011 warning hub2'],
      'connection-stopped': [
        'CONN_003 info hub1',
        'CONN_003 info hub2',
        'CONN_101 warning billing-old',
        'CONN_102 warning hub1',
        'CONN_103 warning max_connections of hub2',
        'LEAF_104 warning APP/edge-loop',
      ],
      'jetstream-consumers': [],
      'jetstream-meta': [],
      'jetstream-server': [],
      'jetstream-streams': [],
      'leafnode-connections': ['LEAF_102 warning leaf2'],
      'leafnode-subscriptions': [],
      'rule-series': [],
      'server-load': [],
      'server-up': [],
      'stale-connections': [],
    });
  });

  it('is reported in one message a check, as warnings', () => {
    expect(Object.values(first).flatMap(({ messages }) => messages.map(({ subject }) => subject))).toEqual([
      '[warning] live connection-count: opened SERVER_011 hub2',
      expect.stringMatching(/^\[warning\] live connection-stopped: opened CONN_10\d .* and 3 more$/),
      '[warning] live leafnode-connections: opened LEAF_102 leaf2',
    ]);
  });

  it('is reported once', () => {
    expect(Object.values(second).flatMap(({ messages }) => messages)).toEqual([]);
  });
});
