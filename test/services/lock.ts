import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/**
 * Does `work` while no other process of this machine does work under the same name.
 * The lock is a Linux abstract socket: the kernel frees it when its holder dies, and those who wait see that
 * as a closed connection, so that no lock file can be left behind.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const address = `\0nats-cloudwatch-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  for (;;) {
    const lock = await take(address);
    if (lock !== undefined) {
      try {
        return await work();
      } finally {
        await lock.free();
      }
    }
    await holderGone(address);
  }
}

async function take(address: string): Promise<{ free(): Promise<void> } | undefined> {
  const waiting = new Set<Socket>();
  const server: Server = createServer((socket) => {
    waiting.add(socket.on('error', () => undefined).on('close', () => waiting.delete(socket)));
  });
  try {
    server.listen(address);
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return {
    async free() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of waiting) socket.destroy();
      await closed;
    },
  };
}

async function holderGone(address: string): Promise<void> {
  const socket = connect(address).resume();
  await new Promise<void>((resolve) => socket.on('error', () => undefined).on('close', () => resolve()));
}
