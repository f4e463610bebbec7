import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf } from '../diagnoses/assets/assets.ts';
import bytesNearLimit from '../diagnoses/jetstream/jetstream-010-bytes-near-limit.ts';
import quorumLost from '../diagnoses/jetstream/jetstream-008-quorum-lost.ts';
import noLeader from '../diagnoses/jetstream/jetstream-107-no-leader.ts';
import replicaSilent from '../diagnoses/jetstream/jetstream-108-replica-silent.ts';
import fewerReplicas from '../diagnoses/jetstream/jetstream-109-fewer-replicas.ts';
import lacksMessages from '../diagnoses/jetstream/jetstream-104-replica-lacks-messages.ts';
import originNotHeard from '../diagnoses/jetstream/jetstream-015-origin-not-heard.ts';
import copyStands from '../diagnoses/jetstream/jetstream-110-copy-stands.ts';
import writesWedged from '../diagnoses/jetstream/jetstream-105-writes-wedged.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-streams',
  title: 'Streams: leaders, replicas, limits, mirrors and sources',
  every: minutes(1),
  answersFor: ['streams', 'raftz'],
  diagnoses: [
    quorumLost,
    noLeader,
    replicaSilent,
    fewerReplicas,
    lacksMessages,
    writesWedged,
    originNotHeard,
    copyStands,
    bytesNearLimit,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'jetstream_streams_without_leader',
      help: 'Streams of which no replica knows a leader',
      scope: 'cluster',
      unit: 'count',
      reads: { streams: from() },
      observe: (servers, facts) =>
        assetsOf(servers, ({ streams }) => streams, facts).streams.filter(
          ({ leaderName, isSettled }) => leaderName === null && isSettled,
        ).length,
    }),
  ],
});
