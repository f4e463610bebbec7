import { connect, refusal } from '../services/nats-client.ts';
import { newestNatsVersion as version, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { stoppingOnFailure } from '../scenes/stopping.ts';
import { startTwoHubs, type TwoHubs } from '../scenes/two-hubs.ts';
import { operatorConfig, refusedJwt } from './operator.ts';

/** The user JWT that closed rows of `vault` carry. No server knows it. */
export const jwt = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJuYW1lIjoiY2FuYXJ5In0.c2lnbmF0dXJl';

/** The name that closed rows have as `authorized_user`. */
export const user = 'ledger-service-user';

export type Scene = {
  readonly hubs: TwoHubs;
  readonly vault: NatsServer;
  /** It ran, and runs no more. */
  readonly goneUrl: string;
  readonly stop: () => Promise<void>;
};

/**
 * Two hubs with two leafnodes and three clients on hub1; and `vault`, in operator mode, with a dead server beside it.
 */
export async function startScene(): Promise<Scene> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.stop()));
  };
  return stoppingOnFailure(stop, async () => {
    const hubs = await startTwoHubs({ version });
    started.push(hubs);
    const vault = await startNatsServer({ version, name: 'vault', config: operatorConfig });
    started.push(vault);
    const gone = await startNatsServer({ version, name: 'gone' });
    await gone.stop();
    for (const name of ['orders', 'orders', 'web']) {
      const client = await hubs.client(hubs.hub1, { name });
      client.subscribe(`${name}.>`);
      await client.flush();
    }
    return { hubs, vault, goneUrl: gone.monitoringUrl, stop };
  });
}

/** Hosts of their own, so that each is told by its name; only Linux has all of 127.0.0.0/8 without setting it up. */
const hosts: Readonly<Record<string, string>> = { intruder: '127.0.0.21', billing: '127.0.0.22' };

/** So many logins of that name, from its own host, with a wrong password. */
export async function refuse(server: NatsServer, name: string, times: number): Promise<void> {
  const localAddress = hosts[name];
  for (let attempt = 0; attempt < times; attempt += 1) {
    const from = localAddress === undefined ? {} : { localAddress };
    await refusal({ port: server.clientPort, name, user, pass: 'wrong', ...from });
  }
}

/** So many logins with a JWT that the server does not take. */
export async function refuseJwt(server: NatsServer, name: string, times: number): Promise<void> {
  for (let attempt = 0; attempt < times; attempt += 1) await refusedJwt(server.clientPort, name, jwt);
}

/** So many clients that come and go as planned. */
export async function hangUp(server: NatsServer, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const client = await connect({ port: server.clientPort, user: 'app', pass: 'app', name: 'batch-job' });
    await client.end();
  }
}

/** A client whose connection is reset. */
export async function reset(server: NatsServer): Promise<void> {
  const client = await connect({ port: server.clientPort, user: 'app', pass: 'app', name: 'laptop' });
  client.destroy();
}
