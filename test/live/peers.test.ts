import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { clusterConfig } from '../scenes/configs.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

const started: NatsServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

type Given = { readonly name: string; readonly routes?: readonly NatsServer[] };

/** A server of cluster `east` with routes to these. */
async function member(version: NatsVersion, { name, routes = [] }: Given): Promise<NatsServer> {
  const server = await startNatsServer({
    version,
    name,
    config: ({ cluster }) => clusterConfig('east', cluster, routes),
  });
  started.push(server);
  return server;
}

const remotes = async (server: NatsServer) =>
  ((await server.get('/varz')) as { readonly remotes: number }).remotes;
const routed = (servers: readonly NatsServer[]) =>
  waitFor(
    'routes between all servers',
    async () => (await Promise.all(servers.map(remotes))).every((n) => n >= servers.length - 1),
    { timeoutMs: 120_000 },
  );
const reported = (looks: readonly LiveLook[]) => looks.flatMap((look) => look.reported);

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)(
  'servers of one cluster of nats-server %s',
  (version) => {
    it('that have routes to each other are well, also after one was restarted', async () => {
      const n1 = await member(version, { name: 'n1' });
      const n2 = await member(version, { name: 'n2', routes: [n1] });
      await routed([n1, n2]);
      const watch = watchingLive('cluster-links', targetsOf(n1, n2));
      const first = await watch.look();
      expect([first.found, first.outcomes]).toEqual([[], { n1: 'ok', n2: 'ok', cluster: 'ok' }]);
      const expecting = (servers: number | readonly string[]) =>
        watchingLive('cluster-links', targetsOf(n1), { cluster: { expect: { servers } } }).look();
      const isNamed = version !== '2.9.10';
      expect((await expecting(2)).found).toEqual([]);
      expect((await expecting(['n1', 'n2'])).found).toEqual([]);
      expect((await expecting(3)).found).toEqual(['CLUSTER_117 warning live']);
      expect((await expecting(['n1'])).found).toEqual(isNamed ? ['CLUSTER_117 warning n2'] : []);
      await n2.restart();
      const during = await watch.look();
      await routed([n1, n2]);
      expect(reported([during, ...(await watch.looks(4))])).toEqual([]);
    });

    it('of which one has no route to the others are told as split, by name', async () => {
      const n1 = await member(version, { name: 'n1' });
      const n2 = await member(version, { name: 'n2', routes: [n1] });
      const n3 = await member(version, { name: 'n3' });
      await routed([n1, n2]);
      const [look] = await watchingLive('cluster-links', targetsOf(n1, n2, n3)).looks(1);
      expect(look?.found).toEqual(['CLUSTER_112 critical east']);
      expect(look?.findings[0]?.evidence.slice(0, 2)).toEqual([
        '2 of 3 watched servers: n1, n2',
        '1 of 3 watched servers: n3',
      ]);
      expect(look?.datapoints.map(({ series, value }) => [series, value])).toContainEqual([
        'nats_routes_missing',
        2,
      ]);
    });

    it('with the same name are reported as such, and not as lacking routes', async () => {
      const a = await member(version, { name: 'nats-0' });
      const b = await member(version, { name: 'nats-0', routes: [a] });
      const targets = [
        { name: 'a', url: a.monitoringUrl },
        { name: 'b', url: b.monitoringUrl },
      ];
      const links = watchingLive('cluster-links', targets);
      expect(reported(await links.looks(5))).toEqual([]);
      const every = minutes(5);
      const configured = watchingLive('configuration', targets);
      const settled = [await configured.look(every), await configured.look(every)];
      expect(settled.flatMap(({ found }) => found).filter((each) => !each.includes(' info '))).toEqual([]);
      const looks = await watchingLive('server-up', targets).looks(5);
      expect(reported(looks)).toEqual(['opened CLUSTER_102 warning nats-0']);
      expect(looks[0]?.findings[0]?.summary).toBe('2 servers of cluster east have the name nats-0: a, b.');
    });
  },
);
