import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf } from '../diagnoses/assets/assets.ts';
import replicaOffline from '../diagnoses/consumer/consumer-001-replica-offline.ts';
import replicaBehind from '../diagnoses/consumer/consumer-002-replica-behind.ts';
import quorumLost from '../diagnoses/consumer/consumer-003-quorum-lost.ts';
import outstandingAcks from '../diagnoses/consumer/consumer-006-outstanding-acks.ts';
import waitingPulls from '../diagnoses/consumer/consumer-007-waiting-pulls.ts';
import unprocessed from '../diagnoses/consumer/consumer-008-unprocessed.ts';
import lastDelivery from '../diagnoses/consumer/consumer-009-last-delivery.ts';
import lastAck from '../diagnoses/consumer/consumer-010-last-ack.ts';
import redelivered from '../diagnoses/consumer/consumer-011-redelivered.ts';
import notPinned from '../diagnoses/consumer/consumer-012-not-pinned.ts';
import noLeader from '../diagnoses/consumer/consumer-103-no-leader.ts';
import metadataUnreadable from '../diagnoses/consumer/consumer-121-metadata-unreadable.ts';
import consumersNearLimit from '../diagnoses/jetstream/jetstream-011-consumers-near-limit.ts';
import strandedMessages from '../diagnoses/jetstream/jetstream-113-stranded-messages.ts';
import consumerExplosion from '../diagnoses/jetstream/jetstream-115-consumer-explosion.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-consumers',
  title: 'Consumers: progress, acknowledgements, leaders, replicas',
  every: minutes(1),
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
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_jetstream_consumers_pending',
      help: 'Messages that wait for consumers, by the rows of their leaders',
      scope: 'cluster',
      unit: 'count',
      reads: { consumers: from() },
      observe: (servers, facts) =>
        assetsOf(servers, ({ consumers }) => consumers, facts).consumers.reduce(
          (sum, { leader }) => sum + (leader?.row.pending ?? 0),
          0,
        ),
    }),
  ],
});
