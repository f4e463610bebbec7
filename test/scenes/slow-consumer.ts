import type { NatsClient } from '../services/nats-client.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { varz } from './observed.ts';

/** A reader of `reports.>` that reads nothing more, and a writer that goes on until the server has dropped it. */
export async function beSlow(
  server: NatsServer,
  clients: { readonly reader: NatsClient; readonly writer: NatsClient },
): Promise<void> {
  const { reader, writer } = clients;
  const { slow_consumers: before } = await varz(server);
  reader.subscribe('reports.>');
  await reader.flush();
  reader.stopReading();
  await waitUntil(
    `${server.name} to find a slow consumer`,
    async () => {
      // Loopback sockets take several megabytes before anything is pending in the server.
      for (let sent = 0; sent < 50; sent += 1) writer.publish('reports.daily', Buffer.alloc(64 * 1024));
      await writer.flush();
      return (await varz(server)).slow_consumers;
    },
    (found) => found > before,
  );
  reader.destroy();
  await writer.end();
}
