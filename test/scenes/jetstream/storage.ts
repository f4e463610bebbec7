import { readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Client, Cluster } from './cluster.ts';
import { leaderOf } from './rows.ts';

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

/**
 * The disk is full for one stream: the next file of its messages is one that takes no byte, as of a disk without space.
 * Gives what publishers are told. A stream of few `max_bytes` soon has a next file.
 */
export async function diskFull(
  cluster: Cluster,
  client: Client,
  stream: string,
  account = 'APP',
): Promise<string> {
  const { leader } = await leaderOf(cluster, stream);
  const folder = path.join(
    path.dirname(leader.logFile),
    'data/jetstream',
    account,
    'streams',
    stream,
    'msgs',
  );
  const blocks = (await readdir(folder)).flatMap((file) => /^(\d+)\.blk$/.exec(file)?.[1] ?? []).map(Number);
  const next = Math.max(...blocks) + 1;
  for (let block = next; block < next + 20; block += 1)
    await symlink('/dev/full', path.join(folder, `${block}.blk`));
  return fillUntilRefused(client, stream);
}
