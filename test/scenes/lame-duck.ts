import type { NatsClient } from '../services/nats-client.ts';
import { waitUntil } from '../services/wait.ts';
import { closedRows, varz } from './observed.ts';
import { stoppingOnFailure } from './stopping.ts';
import { startTwoHubs } from './two-hubs.ts';
import type { TwoHubs, TwoHubsOptions } from './two-hubs.ts';

export type LameDuck = TwoHubs & {
  /** Clients on hub1 that go to hub2 when hub1 closes them. */
  readonly roaming: number;
  /** Puts hub1 into lame-duck mode; resolves when it has closed this many clients and they are on hub2. */
  drain(clients: number): Promise<void>;
};

/**
 * Two hubs, two leaves, and clients on hub1 that know of hub2. A draining server closes one client about every second,
 * and ends itself after the last: by then, a slow machine has looked too.
 */
export async function startLameDuck(options: TwoHubsOptions, roaming = 60): Promise<LameDuck> {
  const hubs = await startTwoHubs({
    ...options,
    hubConfig: { hub1: 'lame_duck_duration: "2m"\nlame_duck_grace_period: "100ms"', ...options.hubConfig },
  });
  const { hub1, hub2 } = hubs;
  const returned: NatsClient[] = [];
  const name = (index: number): string => `worker-${index + 1}`;
  const clients = await stoppingOnFailure(hubs.stop, () =>
    Promise.all(Array.from({ length: roaming }, (_, index) => hubs.client(hub1, { name: name(index) }))),
  );
  for (const [index, client] of clients.entries()) {
    void client.closed
      .then(() => hubs.client(hub2, { name: name(index) }))
      .then(
        (again) => returned.push(again),
        () => undefined,
      );
  }
  return {
    ...hubs,
    roaming,
    async drain(count) {
      await hub1.lameDuck();
      await waitUntil(
        `hub1 to close ${count} clients, and hub2 to have them`,
        async () => ({
          closed: (await closedRows(hub1)).filter(({ reason }) => reason === 'Server Shutdown').length,
          returned: returned.length,
          onHub2: (await varz(hub2)).connections,
        }),
        (seen) => Object.values(seen).every((clients) => clients >= count),
      );
    },
  };
}
