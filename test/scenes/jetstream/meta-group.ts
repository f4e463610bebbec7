import { rm } from 'node:fs/promises';
import type { NatsServer } from '../../services/nats-server.ts';
import { waitFor } from '../../services/wait.ts';
import { electionPatience as patience, storeOf } from '../jetstream.ts';

type MetaCluster = {
  readonly leader?: string;
  readonly cluster_size?: number;
  readonly replicas?: readonly { readonly current: boolean }[];
};

const metaOf = async (server: NatsServer): Promise<MetaCluster> =>
  ((await server.get('/jsz')) as { readonly meta_cluster?: MetaCluster }).meta_cluster ?? {};

export const knowsNoMetaLeader = async (server: NatsServer): Promise<boolean> =>
  !(await metaOf(server)).leader;

/** The one that all these name, and that says so itself. */
export async function metaLeaderOf(servers: readonly NatsServer[]): Promise<NatsServer | undefined> {
  const named = await Promise.all(servers.map(async (server) => (await metaOf(server)).leader));
  const leader = servers.find(({ name }) => name === named[0]);
  return named.every((name) => name === leader?.name) ? leader : undefined;
}

/** As the leader and each of them says: now and then one of 2.10 takes the group for smaller than it is. */
async function isWhole(servers: readonly NatsServer[]): Promise<boolean> {
  const metas = await Promise.all(servers.map(metaOf));
  if (metas.some(({ cluster_size: size }) => size !== servers.length)) return false;
  const leader = await metaLeaderOf(servers);
  if (leader === undefined) return false;
  const { replicas = [] } = await metaOf(leader);
  return replicas.length === servers.length - 1 && replicas.every(({ current }) => current);
}

/**
 * Restarts servers without what they stored until all are of one meta group: now and then one is left without a peer when they
 * start, and its store remembers that.
 */
export async function restartWhole(servers: readonly NatsServer[]): Promise<void> {
  await waitFor(
    'a start after which all are of one meta group',
    async () => {
      await Promise.all(servers.map((each) => each.stop()));
      await Promise.all(servers.map((each) => rm(storeOf(each), { recursive: true, force: true })));
      await Promise.all(servers.map((each) => each.restart()));
      return waitFor('a meta group of all', () => isWhole(servers), { ...patience, timeoutMs: 40_000 });
    },
    patience,
  );
}
