import { AckPolicy, type ConsumerConfig, type JsMsg, type StreamConfig } from '@nats-io/jetstream';
import { waitFor } from '../../services/wait.ts';
import { electionPatience } from '../jetstream.ts';
import type { Client, Cluster } from './cluster.ts';
import { consumerIs, streamIs } from './rows.ts';

/** A stream on subjects of its name in lower case: `orders.>`; resolves once it has a leader. */
export async function addStream(
  cluster: Cluster,
  { jsm }: Client,
  name: string,
  config: Partial<StreamConfig> = {},
): Promise<void> {
  const isCopy = config.mirror !== undefined || config.sources !== undefined;
  const subjects = isCopy ? {} : { subjects: [`${name.toLowerCase()}.>`] };
  await taken(`stream ${name}`, () => jsm.streams.add({ name, ...subjects, num_replicas: 1, ...config }));
  await streamIs(cluster, name, 'to have a leader', () => true);
}

/** A durable consumer with explicit acknowledgement; resolves once it has a leader. */
export async function addConsumer(
  cluster: Cluster,
  { jsm }: Client,
  stream: string,
  name: string,
  config: Partial<ConsumerConfig> = {},
): Promise<void> {
  const whole = { durable_name: name, ack_policy: AckPolicy.Explicit, ...config };
  await taken(`consumer ${name} of ${stream}`, () => jsm.consumers.add(stream, whole));
  await consumerIs(cluster, stream, name, 'to have a leader', () => true);
}

/** Around an election requests get lost, and peers are not known to place a stream on; the same may be made again. */
export const taken = (what: string, request: () => Promise<unknown>): Promise<unknown> =>
  waitFor(`JetStream to take ${what}`, () => request().then(() => true), electionPatience);

/** So many messages into a stream, each of so many bytes, in order on subjects `STREAM.0`, `STREAM.1`, … */
export async function fill(
  { js }: Client,
  stream: string,
  count: number,
  { bytes = 10, from = 0 } = {},
): Promise<void> {
  const payload = new Uint8Array(bytes);
  for (let sent = 0; sent < count;) {
    const batch = Math.min(500, count - sent);
    const published = Array.from({ length: batch }, (_, i) =>
      js.publish(`${stream.toLowerCase()}.${from + sent + i}`, payload, { retries: 5 }),
    );
    await Promise.all(published);
    sent += batch;
  }
}

/** Takes messages by a pull consumer, and does with each what is asked. */
export async function take(
  { js }: Client,
  stream: string,
  consumer: string,
  count: number,
  handle: (message: JsMsg) => unknown = (message) => message.ackAck(),
): Promise<number> {
  const messages = await (
    await js.consumers.get(stream, consumer)
  ).fetch({ max_messages: count, expires: 5_000 });
  let taken = 0;
  for await (const message of messages) {
    await handle(message);
    taken += 1;
    if (taken === count) break;
  }
  return taken;
}
