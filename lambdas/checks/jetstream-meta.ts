import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import evenSize from '../diagnoses/meta/meta-007-even-size.ts';
import { metaGroupsOf } from '../diagnoses/meta/groups.ts';

export default defineCheck({
  id: 'jetstream-meta',
  title: "JetStream's meta layer: leader, peers, its queue",
  every: minutes(1),
  diagnoses: [evenSize],
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
