import { afterEach, describe, expect, it } from 'vitest';
import { understand } from '../../infra/settings.ts';
import { minutes } from '../../lambdas/durations.ts';
import { startAlone } from '../scenes/alone.ts';
import { hubConfig, leafConfig } from '../scenes/configs.ts';
import { leafnodesAre } from '../scenes/observed.ts';
import { startTwoHubs, type TwoHubs } from '../scenes/two-hubs.ts';
import { loopback } from '../services/loopback.ts';
import { natsVersions, startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const check = 'leafnode-connections';
const essential = ['2.15.1', '2.10.27'] as const;

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

async function twoHubs(version: NatsVersion): Promise<TwoHubs> {
  const scene = await startTwoHubs({ version });
  stop = scene.stop;
  return scene;
}

const of = (look: LiveLook | undefined, diagnosis: string) =>
  look?.findings.find((finding) => finding.diagnosis === diagnosis);
const reported = (looks: readonly LiveLook[]) => looks.map((look) => look.reported);
const quiet = (count: number) => Array.from({ length: count }, () => []);

describe('no leafnode connected', () => {
  const alone = (server: NatsServer) => {
    stop = server.stop;
    return watchingLive(check, targetsOf(server), { cluster: { expect: { leafnodes: 2 } } });
  };

  it('is reported as not one attempt seen where none arrives', async () => {
    const config = (ports: NatsServer['ports']) => hubConfig(ports, []);
    const watch = alone(await startNatsServer({ version: '2.15.1', name: 'hub1', config }));
    const finding = of(await watch.look(), 'LEAF_101');
    expect(finding?.summary).toMatch(/expected: 2; no attempt was seen in 10 min/);
    expect(finding?.remedy).toContain('nc -vz <hub> 7422');
  });

  it('is reported as no listener where no server listens for leafnodes', async () => {
    const { servers } = await startAlone({ version: '2.15.1' });
    const [server] = servers;
    if (server === undefined) throw new Error('the scene has no server');
    const watch = alone(server);
    expect(of(await watch.look(), 'LEAF_101')?.summary).toMatch(
      /expected: 2; no server listens for leafnodes/,
    );
  });

  it('after there were some is critical once it lasted 5 minutes, and names the alarm of the built-in rule', async () => {
    const { hub1, hub2, leaf1, leaf2 } = await twoHubs('2.15.1');
    const cluster = { expect: { leafnodes: 2 } };
    const targets = targetsOf(hub1, hub2);
    const { plan } = understand(
      { clusters: [{ name: 'live', targets, ...cluster }] },
      'live test',
    ).translated;
    const watch = watchingLive(check, targets, { cluster, plan });
    const before = await watch.look();
    await Promise.all([leaf1.stop(), leaf2.stop()]);
    await Promise.all([leafnodesAre(hub1, 0), leafnodesAre(hub2, 0)]);
    const after = await watch.looks(6);
    expect(reported([before, ...after])).toEqual([
      ...quiet(6),
      [
        'opened LEAF_101 critical live',
        'opened LEAF_102 warning APP/leaf1',
        'opened LEAF_102 warning APP/leaf2',
      ],
    ]);
    expect(of(after.at(-1), 'LEAF_101')?.alarm).toBe('nats/live/NatsLeafNodeConnectionIssue/critical');
  });
});

describe.each(essential)('a leafnode stopped, on nats-server %s', (version) => {
  it('is reported once, after 5 minutes on no hub, and resolved when it was back for two runs', async () => {
    const { hub1, hub2, leaf2, ...scene } = await twoHubs(version);
    const watch = watchingLive(check, targetsOf(hub1, hub2));
    expect((await watch.look()).outcomes).toEqual({ hub1: 'ok', hub2: 'ok', cluster: 'ok' });
    await leaf2.stop();
    await leafnodesAre(hub2, 0);
    const gone = await watch.looks(9);
    expect(reported(gone)).toEqual([...quiet(5), ['opened LEAF_102 warning APP/leaf2'], ...quiet(3)]);
    expect(of(gone[5], 'LEAF_102')).toMatchObject({
      severity: 'warning',
      target: null,
      durationKnown: true,
      summary: expect.stringMatching(/^Leafnode APP\/leaf2 .* last seen 6 min( \d+ s)? ago/) as string,
    });
    expect(of(gone[5], 'LEAF_102')?.evidence.join('\n')).toMatch(/hub2 closed it .* with Client Closed/);
    expect(of(gone[5], 'LEAF_102')?.evidence).toContain('leafnodes now: hub1 1, hub2 0');
    await leaf2.restart();
    await scene.settled(2);
    const back = await watch.looks(4);
    expect(reported(back)).toEqual([[], ['resolved LEAF_102 warning APP/leaf2'], [], []]);
    const subjects = [...gone, ...back].flatMap(({ messages }) => messages.map(({ subject }) => subject));
    expect(subjects).toEqual([
      '[warning] live leafnode-connections: opened LEAF_102 APP/leaf2',
      '[warning] live leafnode-connections: resolved LEAF_102 APP/leaf2',
    ]);
  });
});

/** By address where servers tell no names. */
const twins = { '2.9.10': 'APP/unnamed', '2.10.27': 'APP/nats-0', '2.15.1': 'APP/nats-0' } as const;

it.each(natsVersions)(
  'of two sites that are both named nats-0 one is missed, on nats-server %s',
  async (version) => {
    const { hub1, hub2, leaf1, leaf2, ...scene } = await twoHubs(version);
    await Promise.all([leaf1.stop(), leaf2.stop()]);
    const site = (hub: NatsServer) =>
      startNatsServer({ version, name: 'nats-0', config: () => leafConfig({ remotes: [[hub]] }) });
    const siteA = await site(hub1);
    const siteB = await site(hub2);
    stop = async () => {
      await Promise.all([siteA.stop(), siteB.stop(), scene.stop()]);
    };
    await scene.settled(2);
    const watch = watchingLive(check, targetsOf(hub1, hub2));
    await watch.look();
    await siteB.stop();
    await leafnodesAre(hub2, 0);
    const gone = await watch.looks(9);
    const id = twins[version];
    expect(reported(gone)).toEqual([...quiet(5), [`opened LEAF_102 warning ${id}`], ...quiet(3)]);
    expect(of(gone[5], 'LEAF_102')?.summary).toMatch(
      `Leafnode ${id} has 1 of 2 connections to cluster live: the missing one was last seen 6 min`,
    );
    await siteB.restart();
    await leafnodesAre(hub2, 1);
    expect(reported(await watch.looks(2))).toEqual([[], [`resolved LEAF_102 warning ${id}`]]);
  },
);

it('a leafnode replaced under another name is no warning while as many are connected as settings expect', async () => {
  const { hub1, hub2, leaf2, ...scene } = await twoHubs('2.15.1');
  const watch = watchingLive(check, targetsOf(hub1, hub2), { cluster: { expect: { leafnodes: 2 } } });
  await watch.look();
  await leaf2.stop();
  const config = () => leafConfig({ remotes: [[hub2, hub1]] });
  const leaf3 = await startNatsServer({ version: '2.15.1', name: 'leaf3', config });
  stop = async () => {
    await Promise.all([leaf3.stop(), scene.stop()]);
  };
  await scene.settled(2);
  const looks = await watch.looks(7);
  expect(looks.map((look) => answersOf(look, 'LEAF_102')['cluster'])).toEqual(
    looks.map(() => ({
      outcome: 'ok',
      seen: '2 leafnodes connected, 0 missing; 1 gone that may come and go',
    })),
  );
  expect(reported(looks)).toEqual(quiet(7));
  expect(of(looks.at(-1), 'LEAF_102')).toMatchObject({
    severity: 'info',
    summary:
      '1 leafnode is on no server of cluster live any more, and settings do not miss it (expected: 2): APP/leaf2.',
  });
});

it('a leafnode whose hub is down is unknown, and on the other hub it is no finding', async () => {
  const { hub1, hub2 } = await twoHubs('2.15.1');
  const watch = watchingLive(check, targetsOf(hub1, hub2), {
    cluster: { expect: { leafnodes: ['leaf1', 'leaf2'] } },
  });
  await watch.look();
  await hub1.kill();
  await leafnodesAre(hub2, 2);
  const down = await watch.looks(7);
  expect(down.map((look) => answersOf(look, 'LEAF_102')['cluster'])).toEqual(
    down.map(() => ({ outcome: 'unknown', seen: 'hub1 could not be read: a leafnode may be there' })),
  );
  await hub1.restart();
  const moved = await watch.looks(7);
  expect(moved.map((look) => answersOf(look, 'LEAF_102')['cluster'])).toEqual(
    moved.map(() => ({ outcome: 'ok', seen: '2 leafnodes connected, 0 missing' })),
  );
  expect(reported([...down, ...moved])).toEqual(quiet(14));
});

describe.each(essential)('on the leaf side, on nats-server %s', (version) => {
  it('a remote whose hubs are down is reported after 5 minutes, and resolved once it is connected', async () => {
    const { hub1, hub2, leaf1 } = await twoHubs(version);
    const watch = watchingLive(check, targetsOf(leaf1));
    await watch.look();
    await Promise.all([hub1.kill(), hub2.kill()]);
    await leafnodesAre(leaf1, 0);
    const down = await watch.looks(6);
    expect(reported(down)).toEqual([...quiet(5), ['opened LEAF_103 warning leaf1 -> APP']]);
    const later = await watch.look(minutes(10));
    expect(of(later, 'LEAF_103')?.summary).toMatch(
      new RegExp(
        `^leaf1 .* account APP: ${loopback}:${hub1.leafPort}, ${loopback}:${hub2.leafPort}; no connection`,
      ),
    );
    await hub2.restart();
    await leafnodesAre(leaf1, 1);
    expect(reported(await watch.looks(3))).toEqual([[], ['resolved LEAF_103 warning leaf1 -> APP'], []]);
  });
});

it('a remote whose hubs are down is reported as not reaching them, not as closed by them', async () => {
  const { hub1, hub2, leaf1 } = await twoHubs('2.15.1');
  const watch = watchingLive(check, targetsOf(leaf1));
  await watch.look();
  await Promise.all([hub1.kill(), hub2.kill()]);
  await leafnodesAre(leaf1, 0);
  // Its one close, of the connection that was good, was 5 minutes before.
  const opened = of((await watch.looks(6)).at(-1), 'LEAF_103');
  expect(opened?.remedy).toMatch(/"connection refused" \(wrong port, or the hub is down\)/);
});
