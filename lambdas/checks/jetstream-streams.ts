import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { assetsOf } from '../diagnoses/assets/assets.ts';
import configurationChanged from '../diagnoses/change/change-004-stream-configuration.ts';
import manySubjects from '../diagnoses/jetstream/jetstream-002-many-subjects.ts';
import messagesNearLimit from '../diagnoses/jetstream/jetstream-003-messages-near-limit.ts';
import bytesNearLimit from '../diagnoses/jetstream/jetstream-010-bytes-near-limit.ts';
import moreSubjectsThanMessages from '../diagnoses/jetstream/jetstream-013-more-subjects-than-messages.ts';
import sequenceWentBack from '../diagnoses/jetstream/jetstream-111-sequence-went-back.ts';
import streamGone from '../diagnoses/jetstream/jetstream-112-stream-gone.ts';
import fillsTheStore from '../diagnoses/jetstream/jetstream-114-fills-the-store.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'jetstream-streams',
  title: 'Streams: leaders, replicas, limits, mirrors and sources',
  every: minutes(1),
  answersFor: ['streams'],
  diagnoses: [
    manySubjects,
    messagesNearLimit,
    bytesNearLimit,
    moreSubjectsThanMessages,
    configurationChanged,
    sequenceWentBack,
    streamGone,
    fillsTheStore,
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
