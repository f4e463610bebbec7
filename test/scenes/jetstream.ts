import path from 'node:path';
import { connect, type ClientOptions, type NatsClient } from '../services/nats-client.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitFor, waitUntil, type Patience } from '../services/wait.ts';

/** What a lone server with JetStream is configured with; its streams outlive a restart. */
export const jetStreamConfig = (): string =>
  'jetstream { store_dir: "data", max_mem: 64MB, max_file: 256MB }';

/** Where a server keeps what JetStream stores. */
export const storeOf = ({ logFile }: NatsServer): string =>
  path.join(path.dirname(logFile), 'data/jetstream');

const inbox = '_INBOX.jetstream';

/**
 * What asks JetStream, one request after the other, and waits for so many replies.
 * Throws where JetStream refuses, with its reason.
 */
export function asking(client: NatsClient, patience: Patience = {}) {
  client.subscribe(inbox);
  let expected = client.messagesReceived();
  /** PUB takes a subject and where to reply side by side. */
  return async (subject: string, body: string, replies = 1): Promise<void> => {
    client.publish(`${subject} ${inbox}`, body);
    expected += replies;
    await waitUntil(
      `JetStream to answer ${subject}`,
      client.messagesReceived,
      (all) => all >= expected,
      patience,
    );
    const refusal = refusalIn(client.lastMessage());
    if (refusal !== undefined) throw new Error(`JetStream refuses ${subject}: ${refusal}`);
  };
}

/** For what hangs: elections take seconds on an idle machine, and are held again and again on a busy one. */
export const electionPatience = { timeoutMs: 280_000, everyMs: 50 } satisfies Patience;

/**
 * A request that may be made twice, until JetStream takes it: around an election it loses requests, and knows no peers to
 * place a stream on.
 */
export async function creation(to: ClientOptions, subject: string, body: object): Promise<void> {
  await waitFor(
    `JetStream to take ${subject}`,
    async () => {
      const client = await connect(to);
      await asking(client, { timeoutMs: 5_000 })(subject, JSON.stringify(body)).finally(() => client.end());
      return true;
    },
    { ...electionPatience, everyMs: 500 },
  );
}

function refusalIn(reply: string): string | undefined {
  if (!reply.startsWith('{')) return undefined;
  const { error } = JSON.parse(reply) as { readonly error?: { readonly description?: string } };
  return error && (error.description ?? JSON.stringify(error));
}

/** Asks a server's JetStream over a connection of its own. */
export async function jetStream(server: NatsServer, patience: Patience = {}) {
  const client = await connect({ port: server.clientPort, name: 'jetstream' });
  const ask = asking(client, patience);
  return {
    /** With subjects of its name in lower case: `orders.>`. */
    createStream: (name: string, more: object = {}) =>
      ask(
        `$JS.API.STREAM.CREATE.${name}`,
        JSON.stringify({ name, subjects: [`${name.toLowerCase()}.>`], storage: 'file', ...more }),
      ),
    deleteStream: (name: string) => ask(`$JS.API.STREAM.DELETE.${name}`, ''),
    /** A durable one, which acknowledges what it is given. */
    createConsumer: (stream: string, name: string) =>
      ask(
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${name}`,
        JSON.stringify({ stream_name: stream, config: { durable_name: name, ack_policy: 'none' } }),
      ),
    /** So many messages into a stream. */
    fill: async (stream: string, count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) await ask(`${stream.toLowerCase()}.${i}`, '{}');
    },
    /** So many messages out of it, by a consumer. */
    take: (stream: string, consumer: string, count: number) =>
      ask(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify({ batch: count }), count),
    end: () => client.end(),
  };
}
