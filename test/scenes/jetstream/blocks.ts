import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { NatsServer } from '../../services/nats-server.ts';
import { storeOf } from '../jetstream.ts';

/** Where a server keeps the messages of a stream. */
export const messagesOf = (server: NatsServer, account: string, stream: string): string =>
  path.join(storeOf(server), account, 'streams', stream, 'msgs');

/** Numbers of the files `N.blk` in which they lie, the oldest first. */
export async function blockNumbers(folder: string): Promise<readonly number[]> {
  const numbers = (await readdir(folder)).flatMap((file) => /^(\d+)\.blk$/.exec(file)?.[1] ?? []).map(Number);
  return numbers.toSorted((a, b) => a - b);
}
