import { waitUntil } from '../../services/wait.ts';
import type { Client, Cluster } from './cluster.ts';
import { jsz, leaderOf, leaderRow } from './rows.ts';

/** Publishes until the server refuses, because its store or the stream is full; gives what it says. */
export async function fillUntilRefused(
  { js }: Client,
  stream: string,
  { bytes = 10_000, most = 10_000 } = {},
): Promise<string> {
  const payload = new Uint8Array(bytes);
  for (let i = 0; i < most; i += 1) {
    try {
      await js.publish(`${stream.toLowerCase()}.${i}`, payload, { timeout: 2_000 });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error(`${stream} takes whatever comes`);
}

/** Room for streams is given away although nothing is in them; gives what who asks for more is told. */
export async function reservedOut(
  { servers }: Cluster,
  { jsm }: Client,
  { bytes = 1_000_000, most = 100 } = {},
): Promise<string> {
  for (let i = 0; i < most; i += 1) {
    const name = `RESERVED-${i}`;
    try {
      await jsm.streams.add({
        name,
        subjects: [`reserved-${i}.>`],
        max_bytes: bytes,
        num_replicas: servers.length,
      });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error('JetStream gives away whatever is asked for');
}

/** All that is in a stream is purged; resolves when it is empty. */
export async function purged(cluster: Cluster, { jsm }: Client, stream: string): Promise<void> {
  await jsm.streams.purge(stream);
  await waitUntil(
    `${stream} to be empty`,
    async () => (await leaderRow(cluster, stream))?.state.messages,
    (messages) => messages === 0,
  );
}

/** Deleted and made anew under its name. Resolves when all see another. */
export async function streamRecreated(cluster: Cluster, { jsm }: Client, stream: string): Promise<void> {
  const { config } = await jsm.streams.info(stream);
  const before = (await leaderRow(cluster, stream))?.created;
  await jsm.streams.delete(stream);
  await jsm.streams.add(config);
  await waitUntil(
    `${stream} to be another`,
    async () => (await leaderRow(cluster, stream))?.created,
    (created) => created !== undefined && created !== before,
  );
}

/** The store of the stream's leader, and its limit. */
export async function leadersStore(cluster: Cluster, stream: string) {
  const { leader } = await leaderOf(cluster, stream);
  const { storage, reserved_storage: reserved, config, api } = await jsz(leader);
  return { storage, reserved, limit: config.max_storage, errors: api.errors };
}
