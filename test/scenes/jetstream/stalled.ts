import { DeliverPolicy, type ConsumerConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Client, Cluster } from './cluster.ts';
import { addConsumer, fill, take, taken } from './content.ts';
import { consumerIs } from './rows.ts';

/** Of a stream with messages: what its consumer is called. */
export type Named = { readonly stream: string; readonly consumer: string };

/** What makes an incident end. */
export type Incident = { readonly end: () => Promise<void> };

/** A pull consumer that was served three messages, and for whose rest nobody asks. Ends when all are taken. */
export async function noPullWaiting(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
): Promise<Incident> {
  await addConsumer(cluster, client, stream, consumer);
  await take(client, stream, consumer, 3);
  await consumerIs(cluster, stream, consumer, 'to show its third acknowledgement', isAcknowledgedTo(3));
  return { end: () => catchUp(cluster, client, { stream, consumer }) };
}

/** A push consumer whose subscriber was served three messages and left. Ends when one subscribes who acknowledges. */
export async function pushUnbound(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
): Promise<Incident> {
  const deliver_subject = `deliver.${consumer}`;
  const subscribe = (more: { readonly max?: number } = {}) =>
    client.connection.subscribe(deliver_subject, {
      ...more,
      callback: (_error, message) => void message.respond(),
    });
  subscribe({ max: 3 });
  // One at a time, so that none is on its way when the subscriber leaves.
  await addConsumer(cluster, client, stream, consumer, { deliver_subject, max_ack_pending: 1 });
  await consumerIs(cluster, stream, consumer, 'to be served', isAcknowledgedTo(3));
  await consumerIs(cluster, stream, consumer, 'to be unbound', (row) => row.push_bound !== true);
  return {
    async end() {
      const subscription = subscribe();
      await consumerIs(cluster, stream, consumer, 'to be done', isDone);
      subscription.unsubscribe();
    },
  };
}

/**
 * A consumer whose client takes as many as it may have unacknowledged and acknowledges none: it hangs, and where
 * `redeliverAfterMs` is short is given the same ones again and again. Ends when it acknowledges.
 */
export async function allAckPending(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
  { maxAckPending = 5, redeliverAfterMs = 3_600_000 } = {},
): Promise<Incident> {
  await addConsumer(cluster, client, stream, consumer, {
    max_ack_pending: maxAckPending,
    ack_wait: nanos(redeliverAfterMs),
  });
  const asked = await client.js.consumers.get(stream, consumer);
  const messages = await asked.consume({ max_messages: 100 });
  const state = { isHanging: true };
  const held = new Set<{ ack(): void }>();
  const reading = (async () => {
    for await (const message of messages) {
      if (state.isHanging) held.add(message);
      else message.ack();
    }
  })();
  await consumerIs(
    cluster,
    stream,
    consumer,
    'to have all that it may unacknowledged',
    (row) =>
      row.num_ack_pending === maxAckPending &&
      row.num_waiting > 0 &&
      // What was delivered is shown once the replicas have it.
      row.delivered.stream_seq - row.ack_floor.stream_seq >= maxAckPending,
  );
  return {
    async end() {
      state.isHanging = false;
      for (const message of held) message.ack();
      await consumerIs(cluster, stream, consumer, 'to be done', isDone);
      await messages.close();
      await reading;
    },
  };
}

/** Paused for an hour, by whoever looks after it. From 2.11 on. */
export async function paused(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
): Promise<Incident> {
  await addConsumer(cluster, client, stream, consumer);
  await taken(`a pause of ${consumer}`, () =>
    client.jsm.consumers.pause(stream, consumer, new Date(Date.now() + 3_600_000)),
  );
  await consumerIs(cluster, stream, consumer, 'to be paused', (row) => row.paused === true);
  return {
    async end() {
      await client.jsm.consumers.resume(stream, consumer);
      await consumerIs(cluster, stream, consumer, 'to go on', (row) => row.paused !== true);
    },
  };
}

/** Each of the stream's first messages was refused as often as it may be delivered, and is never delivered again. */
export async function poisoned(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
  { messages = 3, maxDeliver = 2 } = {},
): Promise<void> {
  await addConsumer(cluster, client, stream, consumer, { max_deliver: maxDeliver });
  const served = await (await client.js.consumers.get(stream, consumer)).consume({ max_messages: 10 });
  const reading = (async () => {
    for await (const message of served) {
      if (message.seq <= messages) message.nak();
      else message.ack();
    }
  })();
  await consumerIs(
    cluster,
    stream,
    consumer,
    'to have given up on them',
    (row) => isDone(row) && row.num_redelivered >= messages,
  );
  await served.close();
  await reading;
}

/** A client that refuses all that it gets, at once and for as long as it runs. Ends when it acknowledges. */
export async function redeliveryStorm(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
): Promise<Incident> {
  await addConsumer(cluster, client, stream, consumer, { max_ack_pending: 100 });
  const messages = await (await client.js.consumers.get(stream, consumer)).consume({ max_messages: 10 });
  const state = { refuses: true };
  const reading = (async () => {
    for await (const message of messages) {
      if (state.refuses) message.nak(20);
      else message.ack();
    }
  })();
  await consumerIs(
    cluster,
    stream,
    consumer,
    'to have delivered each three times over',
    ({ delivered }) => delivered.consumer_seq > 3 * delivered.stream_seq,
  );
  return {
    async end() {
      state.refuses = false;
      await consumerIs(cluster, stream, consumer, 'to be done', isDone);
      await messages.close();
      await reading;
    },
  };
}

/** A healthy one that has all there was: nothing pending, nobody asks. */
export async function idle(cluster: Cluster, client: Client, { stream, consumer }: Named): Promise<void> {
  await addConsumer(cluster, client, stream, consumer, { deliver_policy: DeliverPolicy.New });
}

/** A client waits for messages of a consumer, and acknowledges what comes. Ends when it leaves. */
export async function attended(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
): Promise<Incident> {
  const messages = await (await client.js.consumers.get(stream, consumer)).consume();
  const reading = (async () => {
    for await (const message of messages) message.ack();
  })();
  await consumerIs(cluster, stream, consumer, 'to be waited at', (row) => row.num_waiting > 0);
  return {
    async end() {
      await messages.close();
      await reading;
    },
  };
}

export type SlowConsumer = Incident & { readonly step: () => Promise<void> };

/** A healthy one that is behind, and takes a message whenever it is told to. */
export async function slowButMoving(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
): Promise<SlowConsumer> {
  await addConsumer(cluster, client, stream, consumer);
  let steps = 0;
  return {
    async step() {
      steps += await take(client, stream, consumer, 1);
      await consumerIs(cluster, stream, consumer, 'to show its step', isAcknowledgedTo(steps));
    },
    end: () => catchUp(cluster, client, { stream, consumer }),
  };
}

/** Deleted and made anew under its name: it begins again from the stream's first message. */
export async function recreated(
  cluster: Cluster,
  client: Client,
  { stream, consumer }: Named,
  config: Partial<ConsumerConfig> = {},
): Promise<void> {
  const before = await consumerIs(cluster, stream, consumer, 'to be there', () => true);
  await client.jsm.consumers.delete(stream, consumer);
  await addConsumer(cluster, client, stream, consumer, config);
  await consumerIs(cluster, stream, consumer, 'to be another', ({ created }) => created !== before.created);
}

/** Takes all that is pending. */
export async function catchUp(cluster: Cluster, client: Client, { stream, consumer }: Named): Promise<void> {
  const { num_pending: pending } = await consumerIs(cluster, stream, consumer, 'to be there', () => true);
  await take(client, stream, consumer, pending);
  await consumerIs(cluster, stream, consumer, 'to be done', isDone);
}

const isDone = (row: { readonly num_pending: number; readonly num_ack_pending: number }): boolean =>
  row.num_pending === 0 && row.num_ack_pending === 0;

const isAcknowledgedTo =
  (seq: number) =>
  ({ ack_floor }: { readonly ack_floor: { readonly stream_seq: number } }): boolean =>
    ack_floor.stream_seq === seq;

/** More messages for whoever stands still, so that it is told from one who has all. */
export const moreMessages = (client: Client, stream: string, count: number): Promise<void> =>
  fill(client, stream, count);
