import type { Target } from '../../lambdas/readings/reading.ts';
import { connect, type NatsClient } from '../services/nats-client.ts';
import {
  startNatsServer,
  type NatsServer,
  type NatsVersion,
  type ServerPorts,
} from '../services/nats-server.ts';
import { waitFor, waitUntil } from '../services/wait.ts';
import type { Servers } from './alone.ts';
import { clusterConfig } from './configs.ts';
import { newOperator, type AccountClaims, type OperatorAccount } from './operator.ts';
import { stoppingOnFailure } from './stopping.ts';

export type Operated = Servers & {
  readonly targets: readonly Target[];
  readonly accounts: {
    readonly system: OperatorAccount;
    readonly app: OperatorAccount;
    readonly shop: OperatorAccount;
    readonly trial: OperatorAccount;
  };
  /** Gives an account's JWT to the resolver, and waits until both servers have it. */
  readonly push: (account: OperatorAccount, claims?: AccountClaims) => Promise<void>;
  /** A client of an account on a server. */
  readonly client: (server: NatsServer, account: OperatorAccount, name?: string) => Promise<NatsClient>;
};

const inbox = '_INBOX.claims';

/** Two servers in a cluster with an operator and a full resolver, which knows no account but the system's at first. */
export async function startOperated({ version }: { readonly version: NatsVersion }): Promise<Operated> {
  const operator = newOperator({ expiresIn: 10 * 86_400 });
  const named = (name: string) => operator.account(name);
  const [system, app, shop, trial] = [named('SYS'), named('APP'), named('SHOP'), named('TRIAL')];
  const servers: NatsServer[] = [];
  const clients: NatsClient[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    await Promise.all(servers.map((server) => server.stop()));
  };
  const systemJwt = system.jwt();
  const config = ({ cluster }: ServerPorts): string => `${operator.config}
system_account: ${system.key}
resolver: { type: full, dir: "jwt", interval: "2m" }
resolver_preload: { ${system.key}: "${systemJwt}" }
${clusterConfig('operated', cluster, servers)}`;

  return stoppingOnFailure(stop, async () => {
    for (const name of ['n1', 'n2']) servers.push(await startNatsServer({ version, name, config }));
    const [first] = servers;
    if (first === undefined) throw new Error('no server');
    const client = async (server: NatsServer, account: OperatorAccount, name = account.name) => {
      const connected = await connect({ port: server.clientPort, name, jwt: account.user().jwt });
      clients.push(connected);
      return connected;
    };
    const admin = await client(first, system);
    admin.subscribe(inbox);
    await waitUntil(
      'a route between the two',
      async () => ((await first.get('/varz')) as { readonly remotes: number }).remotes,
      (remotes) => remotes === 1,
    );
    return {
      servers,
      stop,
      client,
      targets: servers.map(({ name, monitoringUrl: url }) => ({ name, url })),
      accounts: { system, app, shop, trial },
      async push(account, claims = {}) {
        const jwt = account.jwt(claims);
        // A server that has not heard yet of the other's subscriptions does not pass it on.
        await waitFor('both servers to have the JWT', async () => {
          const before = admin.messagesReceived();
          admin.publish(`$SYS.REQ.CLAIMS.UPDATE ${inbox}`, jwt);
          return waitFor('two answers', () => admin.messagesReceived() >= before + 2, { timeoutMs: 20_000 });
        });
      },
    };
  });
}
