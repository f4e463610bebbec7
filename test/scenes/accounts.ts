import type { NatsServer, NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import type { Servers } from './alone.ts';
import { startOperated } from './operated.ts';
import { stoppingOnFailure } from './stopping.ts';

/**
 * Accounts of an operator on two servers: APP near its limits and with imports that do not work, SHOP without limits, which
 * exports, and TRIAL, whose JWT has expired. The operator's own expires in ten days.
 */
export async function startAccounts({
  version,
}: {
  readonly version: NatsVersion;
}): Promise<Servers & { readonly accounts: readonly { readonly key: string; readonly name: string }[] }> {
  const scene = await startOperated({ version });
  return stoppingOnFailure(scene.stop, async () => {
    const { accounts, servers, push, client } = scene;
    const { system, app, shop, trial } = accounts;
    const [n1, n2] = servers as readonly [NatsServer, NatsServer];
    const orders = { name: 'orders', subject: 'orders.>', type: 'stream' };
    const secret = { name: 'secret', subject: 'secret.>', type: 'stream', token_req: true };
    const imported = ['orders.>', 'secret.>', 'gone.>'].map((subject) => ({
      ...{ name: subject, subject, account: shop.key, type: 'stream' },
    }));
    await push(shop, { exports: [orders, secret] });
    await push(app, { imports: imported, limits: { conn: 10, subs: 20 } });
    // Each server has loaded each account.
    for (const server of [n1, n2]) await client(server, shop);
    const workers = await Promise.all(
      [n1, n1, n1, n1, n1, n2, n2, n2, n2].map((server, i) => client(server, app, `worker-${i}`)),
    );
    for (let i = 0; i < 19; i += 1) workers[0]?.subscribe(`many.${i}`);
    await workers[0]?.flush();
    await push(trial, { expiresIn: 5 });
    const trials = await Promise.all([n1, n2].map((server) => client(server, trial)));
    await Promise.all(trials.map(({ closed }) => closed));
    await waitUntil(
      'both servers to count nine workers',
      () => Promise.all([n1, n2].map((server) => connectionsOf(server, app.key))),
      (counts) => counts.join() === '5,4',
    );
    return { servers, stop: scene.stop, accounts: [system, app, shop, trial] };
  });
}

type Accstatz = { readonly account_statz: readonly { readonly acc: string; readonly conns: number }[] };

async function connectionsOf(server: NatsServer, key: string): Promise<number> {
  const { account_statz: rows } = (await server.get('/accstatz?unused=1')) as Accstatz;
  return rows.find(({ acc }) => acc === key)?.conns ?? 0;
}
