import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { loopback } from '../services/loopback.ts';
import { jwt, newKey, unlimited } from './operator.ts';
import { stoppingOnFailure } from './stopping.ts';

export type CalloutServer = {
  readonly server: NatsServer;
  /** Begins to answer for logins: of account APP is who has the password `app`, everyone else is refused. */
  answers(): Promise<void>;
  /** Nobody answers any more. */
  leaves(): Promise<void>;
  readonly stop: () => Promise<void>;
};

/** What a server asks the service: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_callout */
type Asked = {
  readonly nats: {
    readonly server_id: { readonly id: string };
    readonly user_nkey: string;
    readonly connect_opts: { readonly pass?: string; readonly name?: string };
  };
};

/** One server that asks a service about whoever logs in, over NATS. Until that answers nobody but the service gets in. */
export async function startCallout({ version }: { readonly version: NatsVersion }): Promise<CalloutServer> {
  const issuer = newKey('account');
  const server = await startNatsServer({
    ...{ version, name: 'n1' },
    config: () => `
accounts { AUTH { users: [{ user: auth, password: auth }] }, APP {}, SYS { users: [{ user: sys, password: sys }] } }
system_account: SYS
authorization { timeout: 1, auth_callout { issuer: ${issuer.public}, auth_users: [auth], account: AUTH } }`,
  });
  let service: NatsConnection | null = null;

  const answerTo = (request: string): string => {
    const [, claims = ''] = request.split('.');
    const { nats: asked } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Asked;
    const user = { public: asked.user_nkey };
    const { pass, name = 'unnamed' } = asked.connect_opts;
    const answer =
      pass === 'app'
        ? { jwt: jwt('user', user, issuer, { name, audience: 'APP', nats: unlimited }) }
        : { error: 'no such user' };
    const nats = { type: 'authorization_response', ...answer };
    return jwt('user', user, issuer, { audience: asked.server_id.id, nats });
  };

  const leaves = async (): Promise<void> => {
    const leaving = service;
    service = null;
    await leaving?.close();
  };
  const stop = async (): Promise<void> => {
    await leaves();
    await server.stop();
  };
  return {
    server,
    answers: () =>
      stoppingOnFailure(stop, async () => {
        if (service !== null) return;
        service = await connect({
          servers: `${loopback}:${server.clientPort}`,
          ...{ user: 'auth', pass: 'auth', name: 'auth-service', reconnect: false },
        });
        service.subscribe('$SYS.REQ.USER.AUTH', {
          callback: (_, message) => void message.respond(answerTo(message.string())),
        });
        await service.flush();
      }),
    leaves,
    stop,
  };
}
