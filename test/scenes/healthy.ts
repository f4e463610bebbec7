import type { NatsClient } from '../services/nats-client.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { stoppingOnFailure } from './stopping.ts';
import { startTwoHubs } from './two-hubs.ts';
import type { TwoHubs, TwoHubsOptions } from './two-hubs.ts';

/** Two hubs and two leaves as `startTwoHubs` has them, with a few services at work: nothing is wrong. */
export async function startHealthy(options: TwoHubsOptions): Promise<TwoHubs> {
  const hubs = await startTwoHubs(options);
  return stoppingOnFailure(hubs.stop, async () => {
    await populate(hubs);
    return hubs;
  });
}

/** Connects the services: named clients with a few subscriptions on each server, and some traffic between them. */
export async function populate(hubs: TwoHubs): Promise<void> {
  const services: readonly (readonly [NatsServer, string, number])[] = [
    [hubs.hub1, 'orders', 4],
    [hubs.hub1, 'inventory', 3],
    [hubs.hub2, 'orders', 4],
    [hubs.hub2, 'web', 8],
    [hubs.leaf1, 'sensor-gateway', 2],
    [hubs.leaf2, 'point-of-sale', 2],
  ];
  const listening: NatsClient[] = [];
  const connected: (readonly [NatsClient, string])[] = [];
  for (const [server, name, count] of services) {
    const clients = await Promise.all(Array.from({ length: count }, () => hubs.client(server, { name })));
    for (const [index, client] of clients.entries()) subscribe(client, name, index);
    listening.push(...clients.slice(0, 1));
    connected.push(...clients.map((client) => [client, name] as const));
  }
  await Promise.all(connected.map(([client]) => client.flush()));
  await waitUntil(
    'events to reach every server',
    async () => {
      for (const [client, name] of connected) client.publish(`events.${name}`, '{"message":"hello"}');
      await Promise.all(connected.map(([client]) => client.flush()));
      return listening.map((client) => client.messagesReceived());
    },
    (received) => received.every((events) => events >= connected.length),
  );
}

/** Subjects of the shapes real services have: a queue of workers, own inboxes, one varying token. */
function subscribe(client: NatsClient, name: string, index: number): void {
  client.subscribe(`${name}.requests`, 'workers');
  client.subscribe(`${name}.${index}.config`);
  if (index === 0) client.subscribe('events.*');
  for (let inbox = 0; inbox < 3; inbox += 1) {
    const token = `${name}${index}${inbox}`.replaceAll('-', '').padEnd(22, 'x').slice(0, 22);
    client.subscribe(`_INBOX.${token}.*`);
  }
}
