import { setTimeout as pause } from 'node:timers/promises';
import { RetentionPolicy, type JsMsg } from '@nats-io/jetstream';
import { waitUntil } from '../../services/wait.ts';
import { electionPatience } from '../jetstream.ts';
import type { Client, Cluster } from './cluster.ts';
import { addConsumer, addStream } from './content.ts';
import { connected } from './mirrors.ts';
import { leaderRow } from './rows.ts';

export type Load = {
  /** Resolves when every publisher, consumer and copy has come further than at the call, as all do within a minute. */
  moved(): Promise<void>;
  /** Ends when all that was begun is done. */
  stop(): Promise<void>;
};

/** Streams of three replicas that are published to, and who reads them. */
const read = { ORDERS: ['shipping', 'billing'], JOBS: ['worker'] } as const;
const copies = ['ORDERS-MIRROR', 'INVOICES'] as const;

/**
 * A busy application: ORDERS with two readers, a mirror and a stream that sources it, and a work queue JOBS. Its clients go on
 * whatever servers do, as good clients: they try again.
 */
export async function startLoad(cluster: Cluster): Promise<Load> {
  const client = await cluster.client();
  await addStream(cluster, client, 'ORDERS', { num_replicas: 3, max_msgs: 5_000 });
  await addStream(cluster, client, 'JOBS', { num_replicas: 3, retention: RetentionPolicy.Workqueue });
  for (const [stream, consumers] of Object.entries(read))
    for (const consumer of consumers) await addConsumer(cluster, client, stream, consumer);
  await connected(
    cluster,
    client,
    { origin: 'ORDERS', copy: 'ORDERS-MIRROR', kind: 'mirror' },
    { num_replicas: 3 },
  );
  await connected(
    cluster,
    client,
    { origin: 'ORDERS', copy: 'INVOICES', kind: 'source' },
    { num_replicas: 3, max_msgs: 5_000 },
  );

  const done = new Map<string, number>();
  let isOver = false;
  const again = async (what: string, work: () => Promise<number>): Promise<void> => {
    done.set(what, 0);
    while (!isOver) {
      const count = await work().catch(() => 0);
      done.set(what, (done.get(what) ?? 0) + count);
      await pause(betweenMs);
    }
  };
  const publishers = Object.keys(read).map((stream) =>
    again(stream, async () => {
      const sent = Array.from({ length: 5 }, (_, i) =>
        client.js.publish(`${stream.toLowerCase()}.${i}`, new Uint8Array(100), { timeout: 2_000 }),
      );
      return (await Promise.allSettled(sent)).filter(({ status }) => status === 'fulfilled').length;
    }),
  );
  const consumers = Object.entries(read).flatMap(([stream, names]) =>
    names.map((name) => again(`${stream} > ${name}`, () => takeSome(client, stream, name))),
  );

  return {
    async moved() {
      const from = new Map(done);
      const ends = await Promise.all(copies.map((copy) => lastSeqOf(cluster, copy)));
      await waitUntil(
        'the load to have moved',
        async () => ({
          still: [...done].filter(([what, count]) => count <= (from.get(what) ?? 0)).map(([what]) => what),
          copied: await Promise.all(copies.map((copy) => lastSeqOf(cluster, copy))),
        }),
        ({ still, copied }) =>
          still.length === 0 && copied.every((last, i) => last !== null && last > (ends[i] ?? 0)),
        { ...electionPatience, everyMs: 200 },
      );
    },
    async stop() {
      isOver = true;
      await Promise.all([...publishers, ...consumers]);
    },
  };
}

const betweenMs = 30;

async function takeSome({ js }: Client, stream: string, name: string): Promise<number> {
  const messages = await (await js.consumers.get(stream, name)).fetch({ max_messages: 20, expires: 1_000 });
  const taken: JsMsg[] = [];
  for await (const message of messages) {
    message.ack();
    taken.push(message);
  }
  return taken.length;
}

const lastSeqOf = async (cluster: Cluster, stream: string): Promise<number | null> =>
  (await leaderRow(cluster, stream))?.state.last_seq ?? null;
