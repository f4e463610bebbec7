import { RetentionPolicy } from '@nats-io/jetstream';
import type { NatsServer, NatsVersion } from '../../services/nats-server.ts';
import { startCluster, type Client, type Cluster, type ClusterOptions } from './cluster.ts';
import { addConsumer, addStream, fill, take } from './content.ts';
import {
  connected,
  copyOfShop,
  deliveriesCut,
  deliveriesMended,
  hasAll,
  neverConnected,
  sharingAccounts,
} from './mirrors.ts';
import { consumerIs, type ConsumerRow } from './rows.ts';
import {
  allBack,
  followerFrozen,
  followerLosesMessages,
  onlyReplicaKilled,
  quorumLost,
  replicasAgree,
} from './servers.ts';
import { allAckPending, noPullWaiting, pushUnbound, redeliveryStorm } from './stalled.ts';
import { fillUntilRefused } from './storage.ts';

/** Keeps what servers answer at a moment of a scene; those that do not answer have no replies. */
export type Keep = (
  moment: string,
  servers: readonly NatsServer[],
  answering: readonly NatsServer[],
) => Promise<void>;

/** A scene that is recorded, and what is shown in it. */
export type Moments = {
  readonly scene: string;
  readonly show: (version: NatsVersion, keep: Keep) => Promise<void>;
};

type Stage = {
  readonly cluster: Cluster;
  readonly client: Client;
  readonly keep: (moment: string) => Promise<void>;
};

/** ORDERS of three replicas has ten messages, and consumer `shipping` was given all. */
const moments = (
  scene: string,
  act: (stage: Stage) => Promise<void>,
  options: Omit<ClusterOptions, 'version'> = {},
): Moments => ({
  scene,
  async show(version, keep) {
    const cluster = await startCluster({ version, ...options });
    try {
      const client = await cluster.client();
      await addStream(cluster, client, 'ORDERS', { num_replicas: 3 });
      await addConsumer(cluster, client, 'ORDERS', 'shipping');
      await fill(client, 'ORDERS', 10);
      await take(client, 'ORDERS', 'shipping', 10);
      await replicasAgree(cluster, 'ORDERS', cluster.servers);
      await cluster.healthy();
      await act({
        cluster,
        client,
        keep: (moment) => keep(moment, cluster.servers, cluster.answering()),
      });
    } finally {
      await cluster.stop();
    }
  },
});

/** The difference between two moments is that messages came and nothing else moved. */
const standing =
  (consumer: string, begin: (stage: Stage) => Promise<unknown>) =>
  async (stage: Stage): Promise<void> => {
    const { cluster, client, keep } = stage;
    await begin(stage);
    await fill(client, 'ORDERS', 5);
    const { num_pending: before } = await consumerIs(cluster, 'ORDERS', consumer, 'to be there', () => true);
    await keep('1');
    await fill(client, 'ORDERS', 5);
    await consumerIs(
      cluster,
      'ORDERS',
      consumer,
      'to be five behind',
      (row) => row.num_pending >= before + 5,
    );
    await keep('2');
  };

const delivering = (row: ConsumerRow): number => row.delivered.consumer_seq;

export const jetStreamMoments: readonly Moments[] = [
  moments('jetstream-healthy', async ({ cluster, client, keep }) => {
    await addStream(cluster, client, 'JOBS', { retention: RetentionPolicy.Workqueue, max_bytes: 1_000_000 });
    await addConsumer(cluster, client, 'JOBS', 'worker');
    await connected(cluster, client, { origin: 'ORDERS', copy: 'ORDERS-MIRROR', kind: 'mirror' });
    await connected(cluster, client, { origin: 'ORDERS', copy: 'INVOICES', kind: 'source' });
    await replicasAgree(cluster, 'ORDERS', cluster.servers);
    await keep('1');
    await fill(client, 'ORDERS', 10);
    await take(client, 'ORDERS', 'shipping', 5);
    await replicasAgree(cluster, 'ORDERS', cluster.servers);
    await keep('2');
  }),
  moments(
    'jetstream-no-pull',
    standing('billing', ({ cluster, client }) =>
      noPullWaiting(cluster, client, { stream: 'ORDERS', consumer: 'billing' }),
    ),
  ),
  moments(
    'jetstream-push-unbound',
    standing('billing', ({ cluster, client }) =>
      pushUnbound(cluster, client, { stream: 'ORDERS', consumer: 'billing' }),
    ),
  ),
  moments(
    'jetstream-max-ack-pending',
    standing('billing', ({ cluster, client }) =>
      allAckPending(cluster, client, { stream: 'ORDERS', consumer: 'billing' }),
    ),
  ),
  moments('jetstream-redelivery', async ({ cluster, client, keep }) => {
    const consumer = 'billing';
    await redeliveryStorm(cluster, client, { stream: 'ORDERS', consumer });
    const before = await consumerIs(cluster, 'ORDERS', consumer, 'to be there', () => true);
    await keep('1');
    await consumerIs(
      cluster,
      'ORDERS',
      consumer,
      'to deliver fifty times more',
      (row) => delivering(row) > delivering(before) + 50,
    );
    await keep('2');
  }),
  moments('jetstream-lost-quorum', async ({ cluster, client, keep }) => {
    await addStream(cluster, client, 'NOTES');
    await keep('1');
    await quorumLost(cluster, ['ORDERS']);
    await keep('2');
    await allBack(cluster);
    await replicasAgree(cluster, 'ORDERS', cluster.servers);
    await keep('3');
  }),
  moments('jetstream-follower-frozen', async ({ cluster, client, keep }) => {
    const follower = await followerFrozen(cluster, client, 'ORDERS');
    await keep('1');
    await fill(client, 'ORDERS', 20);
    await keep('2');
    cluster.thaw(follower);
    await replicasAgree(cluster, 'ORDERS', cluster.servers);
    await cluster.healthy();
    await keep('3');
  }),
  moments('jetstream-replica-empty', async ({ cluster, client, keep }) => {
    await followerLosesMessages(cluster, client, 'ORDERS');
    await keep('1');
  }),
  moments(
    'jetstream-wedged-copy',
    async ({ cluster, client, keep }) => {
      const shop = await cluster.client('shop');
      await addStream(cluster, shop, 'SALES', { num_replicas: 3 });
      await fill(shop, 'SALES', 10);
      const copy = { origin: 'SALES', copy: 'SALES-MIRROR', kind: 'mirror' } as const;
      await copyOfShop(cluster, client, copy);
      const sourced = { origin: 'SALES', copy: 'SALES-SOURCED', kind: 'source' } as const;
      await copyOfShop(cluster, client, sourced);
      await neverConnected(cluster, client, { origin: 'SALES', copy: 'NOWHERE', kind: 'mirror' });
      await keep('1');
      await deliveriesCut(cluster, shop, copy);
      await keep('2');
      await fill(shop, 'SALES', 10);
      await keep('3');
      await deliveriesMended(cluster, copy);
      // A source tries again but now and then.
      await hasAll(cluster, sourced);
      await keep('4');
    },
    { accounts: sharingAccounts() },
  ),
  moments('jetstream-r1-lost', async ({ cluster, client, keep }) => {
    await addStream(cluster, client, 'NOTES');
    await addConsumer(cluster, client, 'NOTES', 'reader');
    await fill(client, 'NOTES', 5);
    await keep('1');
    await onlyReplicaKilled(cluster, 'NOTES');
    await cluster.healthy();
    await keep('2');
  }),
  moments(
    'jetstream-store-full',
    async ({ client, keep }) => {
      await keep('1');
      await fillUntilRefused(client, 'ORDERS');
      await keep('2');
    },
    { jetStream: 'max_mem: 1MB, max_file: 1MB' },
  ),
];
