import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild } from './child.ts';
import { loopback } from './loopback.ts';
import type { ClientOptions } from './nats-client.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { Hopeless, waitFor } from './wait.ts';

export type ClientProcess = {
  readonly pid: number;
  /** The server's id of its connection, its `cid` in `/connz`. */
  readonly cid: number;
  /** SIGSTOP: its connection stays open, but nobody is there. */
  freeze(): Promise<void>;
  thaw(): void;
  /** SIGKILL: the kernel closes its connection. */
  kill(): Promise<void>;
};

/** Connects a client in a process of its own, subscribed to `subject` if given. Throws if the server refuses it. */
export async function clientProcess(
  options: ClientOptions & { readonly subject?: string },
): Promise<ClientProcess> {
  const logFile = path.join(temporaryFolder('client'), 'client.log');
  const child = await startChild({
    command: process.execPath,
    args: [
      path.join(import.meta.dirname, 'client-process-main.ts'),
      JSON.stringify({ host: loopback, ...options }),
    ],
    env: { PATH: process.env['PATH'] },
    logFile,
  });
  const cid = await waitFor(`client ${options.name ?? '(unnamed)'} to connect`, async () => {
    const said = await readFile(logFile, 'utf8');
    if (!child.isRunning()) throw new Hopeless(`it ended: ${said.trim()}`);
    const connected = /^connected (\d+)$/m.exec(said)?.[1];
    return connected === undefined ? undefined : Number(connected);
  });
  return {
    pid: child.pid,
    cid,
    freeze: () => child.freeze(),
    thaw: () => child.signal('SIGCONT'),
    async kill() {
      child.signal('SIGKILL');
      await child.exited;
    },
  };
}

/** A client that hangs: connected, then frozen. The server finds it stale once its pings go unanswered. */
export async function frozenClient(
  options: ClientOptions & { readonly subject?: string },
): Promise<ClientProcess> {
  const client = await clientProcess(options);
  await client.freeze();
  return client;
}
