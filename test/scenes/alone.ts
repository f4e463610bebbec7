import { startNatsServer } from '../services/nats-server.ts';
import type { NatsServer, NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { hubConfig } from './configs.ts';
import { startFaultyLeaf } from './looping-leaf.ts';
import { closedRows } from './observed.ts';
import { stoppingOnFailure } from './stopping.ts';

/** Servers of a small scene. */
export type Servers = { readonly servers: readonly NatsServer[]; readonly stop: () => Promise<void> };

/** One server without cluster, leafnode listener or clients. */
export async function startAlone({ version }: { readonly version: NatsVersion }): Promise<Servers> {
  const server = await startNatsServer({ version, name: 'alone' });
  return { servers: [server], stop: () => server.stop() };
}

/** One hub that refuses its only leaf, `leaf3`, for bad credentials, again and again. Resolves after three refusals. */
export async function startLeafRefused({ version }: { readonly version: NatsVersion }): Promise<Servers> {
  const hub = await startNatsServer({ version, name: 'hub1', config: (ports) => hubConfig(ports, []) });
  const leaf = await stoppingOnFailure(
    () => hub.stop(),
    () => startFaultyLeaf(hub, 'bad-credentials', version),
  );
  const stop = async (): Promise<void> => {
    await Promise.all([hub.stop(), leaf.stop()]);
  };
  return stoppingOnFailure(stop, async () => {
    await waitUntil(
      'hub1 to refuse leaf3 three times',
      async () => (await closedRows(hub)).map(({ reason }) => reason),
      (reasons) => reasons.filter((reason) => reason === 'Authentication Failure').length >= 3,
    );
    return { servers: leaf.server === undefined ? [hub] : [hub, leaf.server], stop };
  });
}
