import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { ringReaches } from '../scenes/observed.ts';
import { connect, refusal, type ClientOptions } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { newOperator, preloaded } from '../scenes/operator.ts';
import { targetsOf, watchingLive } from './watching.ts';

const tokens = { right: 'kept-between-us-4711', wrong: 'kept-between-us-0815' };
const operator = newOperator();
const account = operator.account('APP');
const user = account.user();

/** Everything that is near enough to be told is told, with its detail readings. */
const limits = {
  SERVER_103: { connections: { warning: 0 } },
  SERVER_011: { used: { warning: 0 } },
  CLUSTER_006: { change: { warning: 0 } },
  CONN_101: { failures: { warning: 1, critical: 2 } },
};

/** What a run says, keeps and sends, of two runs of every check. */
async function everythingSaid(server: NatsServer, between: () => Promise<unknown>): Promise<string> {
  const watched = checks.map(({ id }) => watchingLive(id, targetsOf(server), { limits }));
  const before = await Promise.all(watched.map((watch) => watch.look()));
  await between();
  const after = await Promise.all(watched.map((watch) => watch.look()));
  return JSON.stringify([before, after]);
}

/** What the server itself shows to those who ask it. */
const shown = async (server: NatsServer) =>
  JSON.stringify(
    await Promise.all(
      ['/connz?auth=1', '/connz?auth=1&state=closed', '/varz'].map((path) => server.get(path)),
    ),
  );

const cases: readonly {
  readonly kind: string;
  readonly config: string;
  readonly login: Partial<ClientOptions>;
  readonly refused: Partial<ClientOptions>;
  readonly secret: RegExp;
}[] = [
  {
    kind: 'tokens',
    config: `authorization { token: ${tokens.right} }`,
    login: { token: tokens.right },
    refused: { token: tokens.wrong },
    secret: /kept-between-us/,
  },
  {
    kind: 'JWTs',
    config: [operator.config, preloaded({ [account.key]: account.jwt() })].join('\n'),
    login: { jwt: user.jwt },
    refused: { jwt: `${user.jwt}x` },
    secret: /eyJ/,
  },
];

describe.each(['2.10.27', '2.15.1'] as const)('on nats-server %s', (version) => {
  describe.each(cases)('$kind', ({ config, login, refused, secret }) => {
    let server: NatsServer;
    let said: string;
    let ofServer: string;
    beforeAll(async () => {
      server = await startNatsServer({ version, name: 'n1', config: () => `${config}\nmax_connections: 10` });
      const client = (name: string) => connect({ port: server.clientPort, name, ...login });
      await client('stays');
      await (await client('left-before')).end();
      await ringReaches(server, 1);
      said = await everythingSaid(server, async () => {
        await client('comes');
        await (await client('leaves')).end();
        await refusal({ port: server.clientPort, name: 'is-refused', ...refused });
        await refusal({ port: server.clientPort, name: 'is-refused', ...refused });
        await ringReaches(server, 4);
      });
      ofServer = await shown(server);
    });
    afterAll(() => server.stop());

    it('reach neither reports nor messages, datapoints or memory', () => {
      expect(said).not.toMatch(secret);
    });

    it('belong to clients that these name', () => {
      const names = ['stays', 'left-before', 'leaves', 'is-refused'];
      expect(names.filter((name) => !said.includes(name))).toEqual([]);
    });

    if (version === '2.10.27') {
      it('are shown by the server itself', () => {
        expect(ofServer).toMatch(secret);
      });
    }
  });
});
