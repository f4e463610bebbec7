import { loopback } from '../services/loopback.ts';
import {
  startNatsServer,
  type NatsServer,
  type NatsVersion,
  type ServerPorts,
} from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import type { Servers } from './alone.ts';
import { clusterConfig } from './configs.ts';
import { stoppingOnFailure } from './stopping.ts';

export type SuperClusterOptions = {
  readonly version: NatsVersion;
  /** Servers of each cluster, `east1` and so on. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Remotes that the servers of a cluster have configured; all other clusters unless given. */
  readonly remotes?: Readonly<Record<string, readonly string[]>>;
  /** Of every server. */
  readonly more?: string;
};

export type SuperCluster = Servers & {
  server(name: string): NatsServer;
  of(cluster: string): readonly NatsServer[];
  /** Resolves when every running server of these clusters has its routes, and a gateway to each other one of them. */
  linked(...clusters: readonly string[]): Promise<void>;
};

const accounts = `accounts {
  APP { users: [{ user: app, password: app }] }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`;

/** Nobody listens there. */
const nowhere = 1;

/**
 * Clusters `east` and `west` of two servers each, or others, with gateways between them. A remote that is no cluster of
 * these leads nowhere.
 */
export async function startSuperCluster({
  version,
  sizes = { east: 2, west: 2 },
  remotes = {},
  more = '',
}: SuperClusterOptions): Promise<SuperCluster> {
  const clusters = Object.keys(sizes);
  const servers: NatsServer[] = [];
  const gatewayPorts = new Map<NatsServer, number>();
  const clusterOf = (server: NatsServer): string => server.name.replace(/\d+$/, '');
  const of = (cluster: string) => servers.filter((server) => clusterOf(server) === cluster);
  const running = (cluster: string) => of(cluster).filter((server) => server.isRunning());
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };

  const remote = (name: string): string => {
    const ports = of(name).map((server) => gatewayPorts.get(server) ?? nowhere);
    const urls = (ports.length === 0 ? [nowhere] : ports).map((port) => `"nats://${loopback}:${port}"`);
    return `{ name: ${name}, urls: [${urls.join(', ')}] }`;
  };
  const configOf = (cluster: string, name: string) => (ports: ServerPorts) => {
    const own = servers.find((server) => server.name === name);
    const listen = `${loopback}:${(own && gatewayPorts.get(own)) ?? -1}`;
    // The servers start once without remotes to learn their ports.
    const others = own === undefined ? [] : (remotes[cluster] ?? clusters.filter((each) => each !== cluster));
    return [
      accounts,
      clusterConfig(cluster, ports.cluster, of(cluster)),
      `gateway { name: ${cluster}, listen: "${listen}", gateways: [${others.map(remote).join(', ')}] }`,
      more,
    ].join('\n');
  };

  return stoppingOnFailure(stop, async () => {
    for (const [cluster, size] of Object.entries(sizes)) {
      for (let i = 1; i <= size; i += 1) {
        const name = `${cluster}${i}`;
        const server = await startNatsServer({ version, name, config: configOf(cluster, name) });
        servers.push(server);
        gatewayPorts.set(server, await gatewayPort(server));
      }
    }
    await Promise.all(servers.map((server) => server.restart()));
    const superCluster: SuperCluster = {
      servers,
      stop,
      of,
      server(name) {
        const found = servers.find((each) => each.name === name);
        if (found === undefined) throw new Error(`no server ${name}`);
        return found;
      },
      async linked(...linked) {
        const seen = (server: NatsServer) => linksOf(server);
        const isLinked = (server: NatsServer, { peers, outbound }: Links) =>
          peers >= running(clusterOf(server)).length - 1 &&
          linked.every((each) => each === clusterOf(server) || outbound.includes(each));
        const all = linked.flatMap(running);
        await waitUntil(
          `routes and gateways of ${linked.join(', ')}`,
          () => Promise.all(all.map(seen)),
          (links) => all.every((server, i) => links[i] !== undefined && isLinked(server, links[i])),
        );
      },
    };
    return superCluster;
  });
}

type Links = { readonly peers: number; readonly outbound: readonly string[] };

async function linksOf(server: NatsServer): Promise<Links> {
  const routez = (await server.get('/routez')) as {
    readonly routes: readonly { readonly remote_id: string }[];
  };
  const gatewayz = (await server.get('/gatewayz')) as { readonly outbound_gateways: object };
  return {
    peers: new Set(routez.routes.map((route) => route.remote_id)).size,
    outbound: Object.keys(gatewayz.outbound_gateways),
  };
}

async function gatewayPort(server: NatsServer): Promise<number> {
  return ((await server.get('/varz')) as { readonly gateway: { readonly port: number } }).gateway.port;
}
