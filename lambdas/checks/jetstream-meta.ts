import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import { metaGroupsOf } from '../diagnoses/meta/groups.ts';
import peerMissed from '../diagnoses/meta/meta-001-peer-missed.ts';
import leadersDisagree from '../diagnoses/meta/meta-002-leaders-disagree.ts';
import leaderFlaps from '../diagnoses/meta/meta-003-leader-flaps.ts';
import snapshotSlow from '../diagnoses/meta/meta-004-snapshot-slow.ts';
import manyAssets from '../diagnoses/meta/meta-005-many-assets.ts';
import noLeader from '../diagnoses/meta/meta-006-no-leader.ts';
import evenSize from '../diagnoses/meta/meta-007-even-size.ts';
import queueLong from '../diagnoses/meta/meta-008-queue-long.ts';
import shrank from '../diagnoses/meta/meta-009-shrank.ts';
import phantomPeers from '../diagnoses/meta/meta-101-phantom-peers.ts';
import rescue from '../diagnoses/meta/meta-102-rescue.ts';

export default defineCheck({
  id: 'jetstream-meta',
  title: "JetStream's meta layer: leader, peers, its queue",
  every: minutes(1),
  group: 'jetstream',
  diagnoses: [
    noLeader,
    leadersDisagree,
    peerMissed,
    phantomPeers,
    leaderFlaps,
    queueLong,
    snapshotSlow,
    shrank,
    rescue,
    manyAssets,
    evenSize,
  ],
  series: [
    defineSeries({
      name: 'nats_jetstream_meta_pending',
      help: 'JetStream API requests that wait on the meta leader; nothing without one',
      scope: 'cluster',
      unit: 'count',
      reads: { jsz: from() },
      observe(servers) {
        const pending = metaGroupsOf(servers).flatMap(({ leader }) => leader?.meta.pending ?? []);
        return pending.length === 0 ? null : Math.max(...pending);
      },
    }),
  ],
});
