import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf } from '../diagnoses/assets/assets.ts';
import replicaOffline from '../diagnoses/consumer/consumer-001-replica-offline.ts';
import consumersNearLimit from '../diagnoses/jetstream/jetstream-011-consumers-near-limit.ts';
import strandedMessages from '../diagnoses/jetstream/jetstream-113-stranded-messages.ts';
import consumerExplosion from '../diagnoses/jetstream/jetstream-115-consumer-explosion.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-consumers',
  title: 'Consumers: progress, acknowledgements, leaders, replicas',
  every: minutes(1),
  answersFor: ['consumers'],
  diagnoses: [replicaOffline, consumersNearLimit, strandedMessages, consumerExplosion, endpointUnreadable],
  series: [
    defineSeries({
      name: 'jetstream_consumers_pending',
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
