import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild, type Child } from '../services/child.ts';
import { connect } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { Hopeless, waitFor } from '../services/wait.ts';
import { inBatches } from './in-batches.ts';
import { createStreams } from './jetstream.ts';

/** What the server holds. */
export const size = { clients: 1_000, streams: 200, consumersEach: 5, ring: 10_000 } as const;

export type Scene = {
  readonly server: NatsServer;
  /** That many clients come and go: rows of the closed ring. */
  addClosed(count: number): Promise<void>;
  stop(): Promise<void>;
};

/** A nats-server with clients, streams, consumers and a full closed ring. */
export async function startScene(): Promise<Scene> {
  const folder = temporaryFolder('bench');
  const server = await startNatsServer({
    version: '2.15.1',
    name: 'hub1',
    dir: folder,
    config: () => `jetstream { store_dir: ${JSON.stringify(path.join(folder, 'store'))} }`,
  });
  let crowd: Child | undefined;
  const stop = async (): Promise<void> => {
    await crowd?.stop();
    await server.stop();
  };
  try {
    await createStreams(server, size);
    // Beyond the ring's size, so that its oldest rows were overwritten, as in a server that runs for long.
    await addClosed(server, size.ring + 200);
    crowd = await startCrowd(server, path.join(folder, 'crowd.log'));
    await expectSize(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { server, addClosed: (count) => addClosed(server, count), stop };
}

async function addClosed(server: NatsServer, count: number): Promise<void> {
  await inBatches(count, 25, async (index) => {
    const client = await connect({ port: server.clientPort, name: `job-${index % 500}` });
    client.subscribe(`_INBOX.${index}.*`);
    await client.end();
  });
}

/** Clients in a process of their own. */
export async function startCrowd(
  server: NatsServer,
  logFile: string,
  count: number = size.clients,
): Promise<Child> {
  const crowd = await startChild({
    command: process.execPath,
    args: [path.join(import.meta.dirname, 'crowd.ts'), String(server.clientPort), String(count)],
    env: { PATH: process.env['PATH'] },
    logFile,
  });
  await waitFor(`${count} clients to connect`, async () => {
    const said = await readFile(logFile, 'utf8');
    if (!crowd.isRunning()) throw new Hopeless(`their process ended: ${said.trim()}`);
    return said.includes('connected');
  });
  return crowd;
}

async function expectSize(server: NatsServer): Promise<void> {
  const total = async (state: string): Promise<number> =>
    ((await server.get(`/connz?limit=1&state=${state}`)) as { readonly total: number }).total;
  const [open, closed] = [await total('open'), await total('closed')];
  if (open !== size.clients || closed !== size.ring) {
    throw new Error(`the server holds ${open} clients and ${closed} closed rows, not what it should`);
  }
}
