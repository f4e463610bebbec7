import { DiscardPolicy, RetentionPolicy } from '@nats-io/jetstream';
import type { NatsServer } from '../../services/nats-server.ts';
import { waitUntil } from '../../services/wait.ts';
import { electionPatience } from '../jetstream.ts';
import type { Client, Cluster } from './cluster.ts';
import { addConsumer, addStream, fill, take, taken } from './content.ts';
import { jsz, leaderOf, leaderRow, streamIs } from './rows.ts';
import { spareServer } from './servers.ts';
import { fillUntilRefused } from './storage.ts';

/** A stream that refuses what is beyond its ten messages, and is full; gives what publishers are told. */
export async function fullAndRefusing(cluster: Cluster, client: Client, stream: string): Promise<string> {
  await addStream(cluster, client, stream, { max_msgs: 10, discard: DiscardPolicy.New });
  return fillUntilRefused(client, stream, { bytes: 10 });
}

/** A stream that drops its oldest beyond ten messages, so many of which its consumer never read. */
export async function unreadDropped(
  cluster: Cluster,
  client: Client,
  stream: string,
  consumer: string,
  { read = 3, dropped = 5 } = {},
): Promise<void> {
  await addStream(cluster, client, stream, { max_msgs: 10, discard: DiscardPolicy.Old });
  await addConsumer(cluster, client, stream, consumer);
  await fill(client, stream, 10);
  await take(client, stream, consumer, read);
  await fill(client, stream, read + dropped);
  await streamIs(
    cluster,
    stream,
    'to have dropped them',
    (row) => row.state.first_seq === read + dropped + 1,
  );
}

/** Jobs of two kinds, of which a worker takes but one: the others stay for good. */
export async function stranded(
  cluster: Cluster,
  client: Client,
  stream: string,
  consumer: string,
): Promise<void> {
  const subject = stream.toLowerCase();
  await addStream(cluster, client, stream, { retention: RetentionPolicy.Workqueue });
  await addConsumer(cluster, client, stream, consumer, { filter_subject: `${subject}.0` });
  await fill(client, stream, 5);
  await take(client, stream, consumer, 1);
  await streamIs(cluster, stream, 'to be left with four', (row) => row.state.messages === 4);
}

/** So many consumers of one stream, as of a client that makes one for each request and deletes none. */
export async function manyConsumers(
  cluster: Cluster,
  { jsm }: Client,
  stream: string,
  count: number,
): Promise<void> {
  for (let made = 0; made < count; made += 100) {
    await Promise.all(
      Array.from({ length: Math.min(100, count - made) }, (_, i) =>
        jsm.consumers.add(stream, { durable_name: `c${made + i}`, num_replicas: 1, mem_storage: true }),
      ),
    );
  }
  await streamIs(cluster, stream, `to have ${count} consumers`, (row) => row.state.consumer_count >= count);
}

/** Other replicas than it has; resolves when as many as asked for have all messages. */
export async function scaled(
  cluster: Cluster,
  { jsm }: Client,
  stream: string,
  replicas: 1 | 3,
): Promise<void> {
  await taken(`${replicas} replicas`, () => jsm.streams.update(stream, { num_replicas: replicas }));
  await streamIs(
    cluster,
    stream,
    `to have ${replicas} replicas`,
    ({ cluster: group }) =>
      group?.desired === undefined &&
      group?.replicas?.filter(({ current }) => current).length === (replicas === 1 ? undefined : 2),
  );
}

/** Three replicas are asked for while one of the servers for them is frozen. Resolves when its leader counts it in. */
export async function grownOntoFrozen(cluster: Cluster, client: Client, stream: string): Promise<NatsServer> {
  const { leader } = await leaderOf(cluster, stream);
  const frozen = await spareServer(
    cluster,
    client,
    cluster.servers.filter((server) => server !== leader),
  );
  await cluster.freeze(frozen);
  await taken('three replicas', () => client.jsm.streams.update(stream, { num_replicas: 3 }));
  await streamIs(
    cluster,
    stream,
    `to count ${frozen.name} in`,
    ({ cluster: group }) =>
      group?.desired === undefined &&
      (group?.replicas ?? []).some(({ name, current }) => name === frozen.name && !current),
  );
  return frozen;
}

/** It is to move to a server that is frozen. Resolves when its leader waits for that one, as from 2.15 on it says. */
export async function movedOntoFrozen(cluster: Cluster, client: Client, stream: string): Promise<NatsServer> {
  const { leader } = await leaderOf(cluster, stream);
  const others = cluster.servers.filter((server) => server !== leader);
  const frozen = await spareServer(cluster, client, others);
  await cluster.freeze(frozen);
  const placement = { cluster: '', tags: [frozen.name] };
  await taken(`the move of ${stream}`, () => client.jsm.streams.update(stream, { placement }));
  await streamIs(
    cluster,
    stream,
    `to wait for ${frozen.name}`,
    (row) => row.cluster?.desired?.status?.type === 'quorum',
  );
  return frozen;
}

/** Purged of all. Resolves when it is empty. */
export async function purged(cluster: Cluster, { jsm }: Client, stream: string): Promise<void> {
  await taken(`the purge of ${stream}`, () => jsm.streams.purge(stream));
  await streamIs(cluster, stream, 'to be empty', (row) => row.state.messages === 0);
}

/** Deleted and made anew under its name. */
export async function recreated(cluster: Cluster, { jsm }: Client, stream: string): Promise<void> {
  const { config } = await jsm.streams.info(stream);
  const before = (await leaderRow(cluster, stream))?.created;
  await jsm.streams.delete(stream);
  await jsm.streams.add(config);
  await streamIs(cluster, stream, 'to be another', ({ created }) => created !== before);
}

/** Deleted. Resolves when no server knows it. */
export async function deleted({ answering }: Cluster, { jsm }: Client, stream: string): Promise<void> {
  const count = async () =>
    (await Promise.all(answering().map((server) => jsz(server)))).map(({ streams }) => streams);
  const before = await count();
  await jsm.streams.delete(stream);
  await waitUntil(
    `${stream} to be gone`,
    count,
    (now) => now.reduce((sum, each) => sum + each, 0) < before.reduce((sum, each) => sum + each, 0),
    electionPatience,
  );
}
