import type { NatsClient } from '../services/nats-client.ts';
import { waitFor } from '../services/wait.ts';
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
 * and ends itself after the last.
 */
export async function startLameDuck(options: TwoHubsOptions, roaming = 16): Promise<LameDuck> {
  const hubs = await startTwoHubs({
    ...options,
    // 30 s is the shortest duration the server accepts.
    hubConfig: { hub1: 'lame_duck_duration: "30s"\nlame_duck_grace_period: "100ms"', ...options.hubConfig },
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
      await waitFor(`hub1 to close ${count} clients`, async () => {
        const shutdowns = (await closedRows(hub1)).filter(({ reason }) => reason === 'Server Shutdown');
        return shutdowns.length >= count && returned.length >= count;
      });
      await waitFor(`${count} clients on hub2`, async () => (await varz(hub2)).connections >= count);
    },
  };
}
