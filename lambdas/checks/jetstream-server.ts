import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import domainChanged from '../diagnoses/change/change-002-domain-changed.ts';
import manyRaftGroups from '../diagnoses/cluster/cluster-003-many-raft-groups.ts';
import manyRequests from '../diagnoses/jetstream/jetstream-004-many-requests.ts';
import requestsWait from '../diagnoses/jetstream/jetstream-005-requests-wait.ts';
import consumersJumped from '../diagnoses/jetstream/jetstream-006-consumers-jumped.ts';
import requestsRefused from '../diagnoses/jetstream/jetstream-009-requests-refused.ts';
import memoryNearMaximum from '../diagnoses/server/server-005-memory-near-maximum.ts';
import storageNearMaximum from '../diagnoses/server/server-019-storage-near-maximum.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import reservedOut from '../diagnoses/server/server-131-reserved-out.ts';
import turnedOff from '../diagnoses/server/server-132-jetstream-turned-off.ts';
import maximumShrank from '../diagnoses/server/server-133-maximum-shrank.ts';
import diskSlow from '../diagnoses/server/server-134-disk-slow.ts';
import storeFullSoon from '../diagnoses/server/server-135-store-full-soon.ts';

export default defineCheck({
  id: 'jetstream-server',
  title: "Each server's JetStream: store, memory, API",
  every: minutes(1),
  group: 'jetstream',
  answersFor: ['jsz'],
  diagnoses: [
    turnedOff,
    storageNearMaximum,
    memoryNearMaximum,
    storeFullSoon,
    reservedOut,
    maximumShrank,
    diskSlow,
    requestsWait,
    manyRequests,
    requestsRefused,
    consumersJumped,
    manyRaftGroups,
    domainChanged,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_jetstream_storage_used_ratio',
      help: 'Share of max_file_store that JetStream uses; nothing where it is off',
      scope: 'server',
      unit: 'ratio',
      reads: { jsz: from() },
      observe: ({ jsz: { storage, config } }) =>
        config.max_storage > 0 ? storage / config.max_storage : null,
    }),
    defineSeries({
      name: 'nats_jetstream_api_per_second',
      help: 'JetStream API requests a second of all servers that answered, and those of them that ended in an error; two series',
      scope: 'cluster',
      unit: 'perSecond',
      reads: { jsz: from() },
      by: { label: 'counted', words: ['requests', 'errors'] },
      totals: ({ jsz: { disabled, api } }) => (disabled ? null : { requests: api.total, errors: api.errors }),
    }),
  ],
});
