import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf, pendingIn } from '../diagnoses/assets/assets.ts';
import replicaOffline from '../diagnoses/consumer/consumer-001-replica-offline.ts';
import replicaBehind from '../diagnoses/consumer/consumer-002-replica-behind.ts';
import quorumLost from '../diagnoses/consumer/consumer-003-quorum-lost.ts';
import messagesLost from '../diagnoses/consumer/consumer-004-messages-lost-unread.ts';
import aheadOfStream from '../diagnoses/consumer/consumer-005-ahead-of-stream.ts';
import outstandingAcks from '../diagnoses/consumer/consumer-006-outstanding-acks.ts';
import waitingPulls from '../diagnoses/consumer/consumer-007-waiting-pulls.ts';
import unprocessed from '../diagnoses/consumer/consumer-008-unprocessed.ts';
import lastDelivery from '../diagnoses/consumer/consumer-009-last-delivery.ts';
import lastAck from '../diagnoses/consumer/consumer-010-last-ack.ts';
import redelivered from '../diagnoses/consumer/consumer-011-redelivered.ts';
import notPinned from '../diagnoses/consumer/consumer-012-not-pinned.ts';
import stalled from '../diagnoses/consumer/consumer-101-stalled.ts';
import acknowledgementsStuck from '../diagnoses/consumer/consumer-102-acknowledgements-stuck.ts';
import noLeader from '../diagnoses/consumer/consumer-103-no-leader.ts';
import redeliveryStorm from '../diagnoses/consumer/consumer-104-redelivery-storm.ts';
import orphaned from '../diagnoses/consumer/consumer-105-orphaned.ts';
import tooManyToFollow from '../diagnoses/consumer/consumer-106-too-many-to-follow.ts';
import metadataUnreadable from '../diagnoses/consumer/consumer-121-metadata-unreadable.ts';
import consumersNearLimit from '../diagnoses/jetstream/jetstream-011-consumers-near-limit.ts';
import strandedMessages from '../diagnoses/jetstream/jetstream-113-stranded-messages.ts';
import consumerExplosion from '../diagnoses/jetstream/jetstream-115-consumer-explosion.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-consumers',
  title: 'Consumers: progress, acknowledgements, leaders, replicas',
  every: minutes(1),
  group: 'consumers',
  answersFor: ['consumers'],
  diagnoses: [
    quorumLost,
    noLeader,
    replicaOffline,
    replicaBehind,
    outstandingAcks,
    waitingPulls,
    unprocessed,
    lastDelivery,
    lastAck,
    redelivered,
    notPinned,
    metadataUnreadable,
    consumersNearLimit,
    strandedMessages,
    consumerExplosion,
    stalled,
    acknowledgementsStuck,
    redeliveryStorm,
    messagesLost,
    aheadOfStream,
    orphaned,
    tooManyToFollow,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_jetstream_consumers_stalled',
      help: 'Consumers that have messages and do not move, by the open findings CONSUMER_101 and CONSUMER_102',
      scope: 'cluster',
      unit: 'count',
      reads: {},
      finds: [stalled, acknowledgementsStuck],
    }),
    defineSeries({
      name: 'nats_jetstream_consumers_pending',
      help: 'Messages that wait for consumers, by the rows of their leaders',
      scope: 'cluster',
      unit: 'count',
      reads: { consumers: from() },
      observe(servers, facts) {
        const assets = assetsOf(servers, ({ consumers }) => consumers, facts);
        if (assets.servers.length === 0) return null;
        return pendingIn(assets);
      },
    }),
  ],
});
