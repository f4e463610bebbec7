import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import storageNearMaximum from '../diagnoses/server/server-019-storage-near-maximum.ts';

export default defineCheck({
  id: 'jetstream-server',
  title: "Each server's JetStream: store, memory, API",
  every: minutes(1),
  answersFor: ['jsz'],
  diagnoses: [storageNearMaximum, endpointUnreadable],
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
  ],
});
