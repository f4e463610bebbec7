import type { Target } from '../../lambdas/readings/reading.ts';
import { connect } from '../services/nats-client.ts';
import type { ClientOptions, NatsClient } from '../services/nats-client.ts';
import { startNatsServer } from '../services/nats-server.ts';
import type { NatsServer, NatsVersion, ServerPorts } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { hubConfig, leafConfig } from './configs.ts';
import { varz } from './observed.ts';
import { stoppingOnFailure } from './stopping.ts';

export type TwoHubsOptions = {
  readonly version: NatsVersion;
  /** Configuration lines of one hub beyond the scene's own: `{ hub2: 'max_connections: 20' }`. */
  readonly hubConfig?: { readonly hub1?: string; readonly hub2?: string };
};

export type TwoHubs = {
  readonly hub1: NatsServer;
  readonly hub2: NatsServer;
  /** Leaf server that prefers hub1 and turns to hub2 in need. */
  readonly leaf1: NatsServer;
  /** Leaf server that prefers hub2 and turns to hub1 in need. */
  readonly leaf2: NatsServer;
  readonly servers: readonly NatsServer[];
  readonly targets: readonly Target[];
  /** Connects a client of account APP to a server of the scene. */
  readonly client: (server: NatsServer, options?: Partial<ClientOptions>) => Promise<NatsClient>;
  /** Resolves when the hubs have a route to each other and this many leafnodes in all. */
  settled(leafnodes: number): Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Two hubs in a cluster, and two leaf servers connected to account APP. Resolves when all of them are connected. */
export async function startTwoHubs(options: TwoHubsOptions): Promise<TwoHubs> {
  const { version } = options;
  const started: NatsServer[] = [];
  const start = async (name: string, config: (ports: ServerPorts) => string): Promise<NatsServer> => {
    const server = await startNatsServer({ version, name, config });
    started.push(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
  };

  return stoppingOnFailure(stop, async () => {
    const hub1 = await start('hub1', (ports) =>
      hubConfig(ports, started.slice(1, 2), options.hubConfig?.hub1),
    );
    const hub2 = await start('hub2', (ports) => hubConfig(ports, [hub1], options.hubConfig?.hub2));
    const leaf1 = await start('leaf1', () => leafConfig({ remotes: [[hub1, hub2]] }));
    const leaf2 = await start('leaf2', () => leafConfig({ remotes: [[hub2, hub1]] }));

    const settled = async (leafnodes: number): Promise<void> => {
      await waitUntil(
        `the hubs to have each other and ${leafnodes} leafnodes`,
        async () => {
          const hubs = await Promise.all([varz(hub1), varz(hub2)]);
          return hubs.map((hub) => ({ routes: hub.routes, leafnodes: hub.leafnodes }));
        },
        (seen) =>
          seen.every(({ routes }) => routes > 0) &&
          seen.reduce((sum, hub) => sum + hub.leafnodes, 0) === leafnodes,
      );
    };
    await settled(2);
    return {
      hub1,
      hub2,
      leaf1,
      leaf2,
      servers: started,
      targets: started.map(({ name, monitoringUrl }) => ({ name, url: monitoringUrl })),
      client: (server, more) => connect({ port: server.clientPort, user: 'app', pass: 'app', ...more }),
      settled,
      stop,
    };
  });
}
