import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { clusterConfig } from '../scenes/configs.ts';
import { startLink } from '../scenes/link.ts';
import { startSuperCluster, type SuperCluster } from '../scenes/super-cluster.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const started = async <S extends { readonly stop: () => Promise<void> }>(
  starting: Promise<S>,
): Promise<S> => {
  const one = await starting;
  stops.push(one.stop);
  return one;
};
const reported = (looks: readonly LiveLook[]) => looks.flatMap((look) => look.reported);
const lost = (scene: SuperCluster) =>
  waitUntil(
    'east to have lost west',
    () => Promise.all(scene.of('east').map((server) => server.get('/gatewayz'))),
    (all) => all.every((reply) => !('west' in (reply as { outbound_gateways: object }).outbound_gateways)),
  );

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)('gateways of nats-server %s', (version) => {
  it('between two clusters are well, also while the servers of one are restarted', async () => {
    const scene = await started(startSuperCluster({ version }));
    await scene.linked('east', 'west');
    const watch = watchingLive('cluster-links', targetsOf(...scene.servers));
    const first = await watch.look();
    expect([first.found, first.outcomes]).toEqual([
      [],
      { east1: 'ok', east2: 'ok', west1: 'ok', west2: 'ok', cluster: 'ok' },
    ]);
    const looks: LiveLook[] = [];
    for (const server of scene.of('west')) {
      await server.restart();
      looks.push(await watch.look());
      await scene.linked('east', 'west');
      looks.push(await watch.look());
    }
    looks.push(...(await watch.looks(6)));
    expect(reported(looks)).toEqual([]);
    expect(looks.at(-1)?.datapoints.map(({ series, value }) => [series, value])).toContainEqual([
      'nats_routes_missing',
      0,
    ]);
  });

  it('that are lost are told, and that they are back; one that was never up is told apart', async () => {
    const remotes = { east: ['east', 'west', 'south'], west: ['east'] };
    const scene = await started(startSuperCluster({ version, remotes }));
    await scene.linked('east', 'west');
    const watch = watchingLive('cluster-links', targetsOf(...scene.of('east')));
    expect(reported(await watch.looks(6))).toEqual(['opened CLUSTER_113 warning gateways of east to south']);
    await Promise.all(scene.of('west').map((server) => server.kill()));
    await lost(scene);
    const looks = await watch.looks(3);
    expect(reported(looks)).toEqual(['opened CLUSTER_007 critical gateways of east to west']);
    expect(looks.at(-1)?.findings[0]?.summary).toBe(
      'The gateways of 2 of 2 servers of east to west are lost.',
    );
    await Promise.all(scene.of('west').map((server) => server.restart()));
    await scene.linked('east', 'west');
    const well = [await watch.look(), await watch.look(minutes(5))];
    expect(reported(well)).toEqual(['resolved CLUSTER_007 critical gateways of east to west']);
  });
});

/** A server of cluster `cut`, which finds a dead route only after half an hour. */
async function member(
  name: string,
  routes: readonly { readonly clusterPort: number }[],
): Promise<NatsServer> {
  return started(
    startNatsServer({
      version: '2.15.1',
      name,
      config: ({ cluster }) =>
        [clusterConfig('cut', cluster, routes, 'no_advertise: true'), 'ping_max: 60'].join('\n'),
    }),
  );
}

const remotes = async (server: NatsServer): Promise<number> =>
  ((await server.get('/varz')) as { readonly remotes: number }).remotes;

it('a network that is cut without a word is told while both servers take their routes for good, and its end', async () => {
  const n1 = await member('n1', []);
  const link = await started(startLink(n1.clusterPort));
  const n2 = await member('n2', [{ clusterPort: link.port }]);
  await waitUntil(
    'a route',
    () => Promise.all([n1, n2].map(remotes)),
    (all) => all.every((n) => n === 1),
  );
  const watch = watchingLive('cluster-links', targetsOf(n1, n2), {
    limits: { CLUSTER_111: { silent: { critical: 25 } } },
  });
  const told = (what: string) =>
    waitUntil(
      what,
      () => watch.look(minutes(1)),
      ({ reported: notices }) => notices.length > 0,
      { everyMs: 500 },
    );
  expect(reported(await watch.looks(3))).toEqual([]);
  link.loseAll();
  expect((await told('the dead route to be told')).reported).toEqual([
    'opened CLUSTER_111 critical routes of n1',
  ]);
  // Each server shows by a clock of its own for how long it has heard nothing.
  await waitUntil(
    'the finding to name both directions',
    async () => (await watch.look(minutes(1))).findings.map(({ summary }) => summary),
    ([summary = '', ...more]) =>
      more.length === 0 &&
      /^Routes of n1 are open, and nothing has come over them for \d+ s: (n1 from n2, n2 from n1|n2 from n1, n1 from n2)\.$/.test(
        summary,
      ),
    { everyMs: 500 },
  );
  await n2.restart();
  expect((await told('the end to be told')).reported).toEqual(['resolved CLUSTER_111 critical routes of n1']);
});
