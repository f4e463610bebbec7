import { connect } from '../services/nats-client.ts';
import { startNatsServer } from '../services/nats-server.ts';
import type { NatsServer, NatsVersion, ServerPorts } from '../services/nats-server.ts';
import { waitFor, waitUntil } from '../services/wait.ts';
import type { Servers } from './alone.ts';
import { clusterConfig } from './configs.ts';
import { asking, creation, electionPatience as patience, jetStreamConfig } from './jetstream.ts';
import { appAccounts } from './jetstream/cluster.ts';
import { allHealthy, healthOf } from './jetstream/health.ts';
import { knowsNoMetaLeader, metaLeaderOf, restartWhole } from './jetstream/meta-group.ts';
import { stoppingOnFailure } from './stopping.ts';

export type JetStreamCluster = Servers & {
  /** The leader of stream ORDERS, and the others. */
  leader(): Promise<{ readonly leader: NatsServer; readonly others: readonly NatsServer[] }>;
  /** Kills all but one, whose JetStream then has no quorum; resolves when it says so. */
  loseQuorum(): Promise<NatsServer>;
  /**
   * The meta group of the one that is left lowers its quorum, as from nats-server 2.15 on it may; resolves when it leads. What it
   * gives removes those that were lost, as `nats server cluster peer-remove` does, until the one that is left serves ORDERS alone.
   */
  rescue(left: NatsServer): Promise<() => Promise<void>>;
  /** Resolves when every server that runs is healthy. */
  healthy(): Promise<void>;
};

/** Cluster `east` of three servers with JetStream, and the stream ORDERS with three replicas. */
export async function startJetStreamCluster({
  version,
}: {
  readonly version: NatsVersion;
}): Promise<JetStreamCluster> {
  const servers: NatsServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.filter((server) => server.isRunning()).map((server) => server.stop()));
  };
  // JetStream wants all routes from the start, so the servers start once without it to learn their ports.
  let known: readonly NatsServer[] = [];
  const config = ({ cluster }: ServerPorts): string => {
    const accounts = `${appAccounts}\nno_auth_user: app`;
    return known.length === 0
      ? [accounts.replace('jetstream: enabled,', ''), clusterConfig('east', cluster, known)].join('\n')
      : [accounts, clusterConfig('east', cluster, known), jetStreamConfig()].join('\n');
  };
  const running = () => servers.filter((server) => server.isRunning());
  const healthy = () => allHealthy(running);

  return stoppingOnFailure(stop, async () => {
    for (const name of ['n1', 'n2', 'n3']) servers.push(await startNatsServer({ version, name, config }));
    known = servers;
    await restartWhole(servers);
    await healthy();
    await createOrders(servers);
    await healthy();
    return {
      servers,
      stop,
      healthy,
      leader: () => leaderOf(running()),
      async loseQuorum() {
        const [left, ...others] = servers;
        if (left === undefined) throw new Error('no server');
        await Promise.all(others.map((server) => server.kill()));
        await waitFor(
          `${left.name} to have no meta leader, and to say so in both places`,
          async () =>
            /not established contact/.test((await healthOf(left)).body) && (await knowsNoMetaLeader(left)),
          patience,
        );
        return left;
      },
      async rescue(left) {
        const system = { port: left.clientPort, user: 'sys', pass: 'sys', name: 'rescue' };
        const ask = async (subject: string, body: object): Promise<void> => {
          const client = await connect(system);
          await asking(client)(subject, JSON.stringify(body)).finally(() => client.end());
        };
        await ask('$JS.API.META.RESCUE', { quorum_needed: 1 });
        await waitFor(`${left.name} to lead`, () => metaLeaderOf([left]), patience);
        return async () => {
          for (const lost of servers.filter((server) => server !== left))
            await ask('$JS.API.SERVER.REMOVE', { peer: lost.name });
          await waitUntil(
            `${left.name} to serve ORDERS alone`,
            () => healthOf(left),
            ({ body }) => body.includes('group node missing'),
            patience,
          );
        };
      },
    };
  });
}

async function createOrders(servers: readonly NatsServer[]): Promise<void> {
  const [first] = servers;
  if (first === undefined) throw new Error('no server');
  const orders = { name: 'ORDERS', subjects: ['orders.>'], storage: 'file', num_replicas: 3 };
  await creation({ port: first.clientPort, name: 'jetstream' }, '$JS.API.STREAM.CREATE.ORDERS', orders);
  await waitFor('ORDERS to have a leader', () => leaderOf(servers), patience);
}

type Jsz = {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly { readonly cluster?: { readonly leader?: string } }[];
  }[];
};

async function leaderOf(servers: readonly NatsServer[]) {
  for (const server of servers) {
    const { account_details: accounts = [] } = (await server.get('/jsz?streams=1')) as Jsz;
    const name = accounts[0]?.stream_detail?.[0]?.cluster?.leader;
    const leader = servers.find((each) => each.name === name);
    if (leader !== undefined) return { leader, others: servers.filter((each) => each !== leader) };
  }
  throw new Error('ORDERS has no leader');
}
