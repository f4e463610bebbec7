import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf } from '../diagnoses/assets/assets.ts';
import replicaOffline from '../diagnoses/consumer/consumer-001-replica-offline.ts';
import messagesLost from '../diagnoses/consumer/consumer-004-messages-lost-unread.ts';
import aheadOfStream from '../diagnoses/consumer/consumer-005-ahead-of-stream.ts';
import stalled from '../diagnoses/consumer/consumer-101-stalled.ts';
import acknowledgementsStuck from '../diagnoses/consumer/consumer-102-acknowledgements-stuck.ts';
import redeliveryStorm from '../diagnoses/consumer/consumer-104-redelivery-storm.ts';
import orphaned from '../diagnoses/consumer/consumer-105-orphaned.ts';
import tooManyToFollow from '../diagnoses/consumer/consumer-106-too-many-to-follow.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-consumers',
  title: 'Consumers: progress, acknowledgements, leaders, replicas',
  every: minutes(1),
  answersFor: ['consumers'],
  diagnoses: [
    stalled,
    acknowledgementsStuck,
    redeliveryStorm,
    replicaOffline,
    messagesLost,
    aheadOfStream,
    orphaned,
    tooManyToFollow,
    endpointUnreadable,
  ],
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
