import { allHealthy } from './health.ts';
import { metaLeaderOf, restartWhole } from './meta-group.ts';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { loopback } from '../../services/loopback.ts';
import { startNatsServer } from '../../services/nats-server.ts';
import type { NatsServer, NatsVersion, ServerPorts } from '../../services/nats-server.ts';
import type { Servers } from '../alone.ts';
import { clusterConfig } from '../configs.ts';
import { startLink, type Link, type Passing } from '../link.ts';
import { stoppingOnFailure } from '../stopping.ts';

export type ClusterOptions = {
  readonly version: NatsVersion;
  /** One is a server alone, in no cluster. */
  readonly size?: 1 | 3;
  /** Within `jetstream { … }`. */
  readonly jetStream?: string;
  /** Instead of account APP with user app and SYS with user sys, whose passwords equal their names. */
  readonly accounts?: string;
  /** What stands on the way to each server's cluster listener, in both directions of each route. */
  readonly routes?: () => Passing;
  /** What else it is configured with. */
  readonly more?: (ports: ServerPorts) => string;
};

export type Client = {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** A request to JetStream's API that the client has no word for; throws what JetStream says against it. */
  ask(subject: string, body?: object): Promise<Readonly<Record<string, unknown>>>;
};

export type Cluster = Servers & {
  server(name: string): NatsServer;
  /** Those that answer: they run and are not frozen. */
  readonly answering: () => readonly NatsServer[];
  /** A client of that user, which stays until it is closed or the cluster is stopped. */
  client(user?: string, at?: NatsServer): Promise<Client>;
  freeze(server: NatsServer): Promise<void>;
  thaw(server: NatsServer): void;
  /** Resolves when every server that answers is healthy, and has been for some seconds. */
  healthy(): Promise<void>;
  /** The same accounts, or others, on all that run. */
  reload(accounts: string): Promise<void>;
  /** Another server, which joins. */
  grow(name: string): Promise<NatsServer>;
};

export const appAccounts = `accounts {
  APP { jetstream: enabled, users: [{ user: app, password: app }] }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`;

/** Cluster `lab` of servers `n1` to `n3` with JetStream, each tagged with its name. */
export async function startCluster({
  version,
  size = 3,
  jetStream = 'max_mem: 64MB, max_file: 256MB',
  accounts: first = appAccounts,
  routes,
  more = () => '',
}: ClusterOptions): Promise<Cluster> {
  const servers: NatsServer[] = [];
  const frozen = new Set<NatsServer>();
  const connections: NatsConnection[] = [];
  let accounts = first;
  // JetStream wants all routes from the start, so the servers start once without it to learn their ports.
  let known: readonly NatsServer[] = [];
  const links = new Map<string, Link>();
  const portOf = ({ name, clusterPort }: NatsServer) => links.get(name)?.port ?? clusterPort;
  const clusterOf = (name: string, port: number): string => {
    const link = links.get(name);
    const peers = known.filter((each) => each.name !== name).map((each) => ({ clusterPort: portOf(each) }));
    return clusterConfig('lab', port, peers, '', ...(link === undefined ? [] : [`${loopback}:${link.port}`]));
  };
  const configOf =
    (name: string) =>
    (ports: ServerPorts): string => {
      const withJetStream = size === 1 || known.length > 0;
      return [
        `server_tags: [${name}]`,
        withJetStream ? accounts : accounts.replaceAll('jetstream: enabled,', ''),
        size === 1 ? '' : clusterOf(name, ports.cluster),
        // Replies show this folder, so it is a relative one.
        withJetStream ? `jetstream { store_dir: "data", ${jetStream} }` : '',
        more(ports),
      ].join('\n');
    };
  const answering = () => servers.filter((server) => server.isRunning() && !frozen.has(server));
  const stop = async (): Promise<void> => {
    await Promise.all(connections.map((connection) => connection.close()));
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([...links.values()].map((link) => link.stop()));
  };
  const server = (name: string): NatsServer => {
    const found = servers.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no server ${name}`);
    return found;
  };

  const cluster: Cluster = {
    servers,
    stop,
    server,
    answering,
    client: async (user = 'app', at) => {
      const connection = await connect({
        servers: (at === undefined ? answering() : [at]).map(({ clientPort }) => `${loopback}:${clientPort}`),
        user,
        pass: user,
        name: user,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 100,
      });
      connections.push(connection);
      return {
        connection,
        js: jetstream(connection, { timeout: 10_000 }),
        jsm: await jetstreamManager(connection, { timeout: 10_000, checkAPI: false }),
        async ask(subject, body) {
          const payload = body === undefined ? '' : JSON.stringify(body);
          const reply = await connection.request(subject, payload, { timeout: 10_000 });
          const answer = reply.json<{ readonly error?: { readonly description?: string } }>();
          if (answer.error) throw new Error(`JetStream refuses ${subject}: ${answer.error.description}`);
          return answer;
        },
      };
    },
    async freeze(target) {
      frozen.add(target);
      await target.pause();
    },
    thaw(target) {
      target.resume();
      frozen.delete(target);
    },
    healthy: () => allHealthy(answering),
    async reload(next) {
      accounts = next;
      for (const each of answering()) await each.reload(configOf(each.name));
    },
    async grow(name) {
      const grown = await startNatsServer({ version, name, config: configOf(name) });
      servers.push(grown);
      return grown;
    },
  };

  return stoppingOnFailure(stop, async () => {
    for (const name of ['n1', 'n2', 'n3'].slice(0, size))
      servers.push(await startNatsServer({ version, name, config: configOf(name) }));
    if (size > 1) {
      if (routes !== undefined)
        for (const { name, clusterPort } of servers) links.set(name, await startLink(clusterPort, routes));
      known = [...servers];
      await restartWhole(servers);
    }
    return cluster;
  });
}

/** The one that all who answer name, and that says so itself. */
export const metaLeader = ({ answering }: Cluster): Promise<NatsServer | undefined> =>
  metaLeaderOf(answering());
