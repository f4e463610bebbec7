import { defineCheck, defineSeries, minutes } from '../define.ts';
import clusterSix from '../diagnoses/cluster/cluster-006-connections-changed.ts';
import { openConnections } from '../diagnoses/server/connections.ts';
import serverEleven from '../diagnoses/server/server-011-connections-near-maximum.ts';
import serverOverLimit from '../diagnoses/server/server-103-connections-over-limit.ts';

export default defineCheck({
  id: 'connection-count',
  title: 'How many connections each server holds',
  group: 'connections',
  every: minutes(1),
  diagnoses: [serverOverLimit, serverEleven, clusterSix],
  series: [
    defineSeries({
      name: 'gnatsd_connz_num_connections',
      help: 'Open connections, leafnodes included from nats-server 2.11.5 on; not cut at a page of 1,024',
      scope: 'server',
      unit: 'count',
      reads: {},
      observe: ({ varz }) => openConnections(varz),
    }),
    defineSeries({
      name: 'nats_traffic_messages_per_second',
      help: 'Messages a second of all servers that answered, routes and leafnodes included; two series',
      scope: 'cluster',
      unit: 'perSecond',
      reads: {},
      by: { label: 'direction', words: ['in', 'out'] },
      totals: ({ varz }) => ({ in: varz.in_msgs, out: varz.out_msgs }),
    }),
    defineSeries({
      name: 'nats_traffic_bytes_per_second',
      help: 'Bytes of messages a second of all servers that answered, routes and leafnodes included; two series',
      scope: 'cluster',
      unit: 'bytesPerSecond',
      reads: {},
      by: { label: 'direction', words: ['in', 'out'] },
      totals: ({ varz }) => ({ in: varz.in_bytes, out: varz.out_bytes }),
    }),
  ],
});
