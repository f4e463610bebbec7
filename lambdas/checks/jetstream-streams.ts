import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf } from '../diagnoses/assets/assets.ts';
import configurationChanged from '../diagnoses/change/change-004-stream-configuration.ts';
import manySubjects from '../diagnoses/jetstream/jetstream-002-many-subjects.ts';
import messagesNearLimit from '../diagnoses/jetstream/jetstream-003-messages-near-limit.ts';
import quorumLost from '../diagnoses/jetstream/jetstream-008-quorum-lost.ts';
import bytesNearLimit from '../diagnoses/jetstream/jetstream-010-bytes-near-limit.ts';
import moreSubjectsThanMessages from '../diagnoses/jetstream/jetstream-013-more-subjects-than-messages.ts';
import originNotHeard from '../diagnoses/jetstream/jetstream-015-origin-not-heard.ts';
import mirrorLag from '../diagnoses/jetstream/jetstream-017-mirror-lag.ts';
import originSilent from '../diagnoses/jetstream/jetstream-018-origin-silent.ts';
import tooFewSources from '../diagnoses/jetstream/jetstream-019-too-few-sources.ts';
import tooManySources from '../diagnoses/jetstream/jetstream-020-too-many-sources.ts';
import peersExpected from '../diagnoses/jetstream/jetstream-021-peers-expected.ts';
import peerLag from '../diagnoses/jetstream/jetstream-022-peer-lag.ts';
import peerSilent from '../diagnoses/jetstream/jetstream-023-peer-silent.ts';
import messagesOutOfBand from '../diagnoses/jetstream/jetstream-024-messages-out-of-band.ts';
import subjectsOutOfBand from '../diagnoses/jetstream/jetstream-025-subjects-out-of-band.ts';
import lacksMessages from '../diagnoses/jetstream/jetstream-104-replica-lacks-messages.ts';
import writesWedged from '../diagnoses/jetstream/jetstream-105-writes-wedged.ts';
import noLeader from '../diagnoses/jetstream/jetstream-107-no-leader.ts';
import replicaSilent from '../diagnoses/jetstream/jetstream-108-replica-silent.ts';
import fewerReplicas from '../diagnoses/jetstream/jetstream-109-fewer-replicas.ts';
import copyStands from '../diagnoses/jetstream/jetstream-110-copy-stands.ts';
import sequenceWentBack from '../diagnoses/jetstream/jetstream-111-sequence-went-back.ts';
import streamGone from '../diagnoses/jetstream/jetstream-112-stream-gone.ts';
import fillsTheStore from '../diagnoses/jetstream/jetstream-114-fills-the-store.ts';
import metadataUnreadable from '../diagnoses/jetstream/jetstream-121-metadata-unreadable.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-streams',
  title: 'Streams: leaders, replicas, limits, mirrors and sources',
  every: minutes(1),
  group: 'jetstream',
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
    mirrorLag,
    originSilent,
    tooFewSources,
    tooManySources,
    peersExpected,
    peerLag,
    peerSilent,
    messagesOutOfBand,
    subjectsOutOfBand,
    metadataUnreadable,
    manySubjects,
    messagesNearLimit,
    moreSubjectsThanMessages,
    configurationChanged,
    sequenceWentBack,
    streamGone,
    fillsTheStore,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_jetstream_streams_stalled',
      help: 'Streams that take no message, mirrors and sources that stand still, by the open findings JETSTREAM_105 and JETSTREAM_110',
      scope: 'cluster',
      unit: 'count',
      reads: {},
      finds: [writesWedged, copyStands],
    }),
    defineSeries({
      name: 'nats_jetstream_streams_without_leader',
      help: 'Streams of which no replica knows a leader',
      scope: 'cluster',
      unit: 'count',
      reads: { streams: from() },
      observe(servers, facts) {
        const assets = assetsOf(servers, ({ streams }) => streams, facts);
        if (assets.servers.length === 0) return null;
        return assets.streams.filter(({ leaderName, isSettled }) => leaderName === null && isSettled).length;
      },
    }),
  ],
});
