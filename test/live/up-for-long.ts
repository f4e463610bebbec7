import type { NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';

/** Who leads is not taken from a server that started seconds ago: resolves when none of these did. */
export async function upForLong(servers: readonly NatsServer[]): Promise<void> {
  const youngest = async () => {
    const all = servers.map(async (server) => {
      const varz = (await server.get('/varz')) as Record<'start' | 'now', string>;
      return Date.parse(varz.now) - Date.parse(varz.start);
    });
    return Math.min(...(await Promise.all(all)));
  };
  await waitUntil('servers to be up for some seconds', youngest, (upMs) => upMs > 11_000);
}
