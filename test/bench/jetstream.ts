import { connect } from '../services/nats-client.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';

/** Streams in memory, each with as many durable consumers, by JetStream's API. */
export async function createStreams(
  server: NatsServer,
  { streams, consumersEach }: { readonly streams: number; readonly consumersEach: number },
): Promise<void> {
  const client = await connect({ port: server.clientPort, name: 'bench-setup' });
  const replies = '_INBOX.bench';
  client.subscribe(replies);
  // A subject and where to reply stand side by side in PUB.
  const ask = (subject: string, body: object): void =>
    client.publish(`$JS.API.${subject} ${replies}`, JSON.stringify(body));
  const answered = (count: number): Promise<unknown> =>
    waitFor(`${count} replies of JetStream`, () => client.messagesReceived() >= count);

  const names = Array.from({ length: streams }, (_, i) => `ORDERS-${i}`);
  for (const name of names) {
    ask(`STREAM.CREATE.${name}`, { name, subjects: [`stream.${name}.>`], storage: 'memory' });
  }
  await answered(streams);
  for (const name of names) {
    for (let i = 0; i < consumersEach; i += 1) {
      const config = { durable_name: `worker-${i}`, ack_policy: 'explicit' };
      ask(`CONSUMER.CREATE.${name}.worker-${i}`, { stream_name: name, config });
    }
  }
  await answered(streams * (1 + consumersEach));
  await client.end();

  const made = (await server.get('/jsz')) as { readonly streams: number; readonly consumers: number };
  if (made.streams !== streams || made.consumers !== streams * consumersEach) {
    throw new Error(`JetStream has ${made.streams} streams and ${made.consumers} consumers, not all`);
  }
}
