import { attempted, defineCheck, defineSeries, minutes } from '../define.ts';
import memoryOutlier from '../diagnoses/cluster/cluster-001-memory-outlier.ts';
import { mostOf } from '../diagnoses/server/most-of.ts';
import highCpu from '../diagnoses/server/server-003-high-cpu.ts';
import stalledClients from '../diagnoses/server/server-013-stalled-clients.ts';
import memoryClimbs from '../diagnoses/server/server-141-memory-climbs.ts';
import memoryNearLimit from '../diagnoses/server/server-142-memory-near-limit.ts';

export default defineCheck({
  id: 'server-load',
  title: 'CPU, memory and traffic of each server',
  group: 'servers',
  every: minutes(1),
  diagnoses: [memoryNearLimit, memoryClimbs, highCpu, memoryOutlier, stalledClients],
  series: [
    defineSeries({
      name: 'nats_memory_most_bytes',
      help: 'Memory of the server that uses most, of those that answered',
      scope: 'cluster',
      unit: 'bytes',
      reads: { varz: attempted },
      observe: (servers) => mostOf(servers, ({ mem }) => mem),
    }),
    defineSeries({
      name: 'nats_cpu_most_percent',
      help: 'Percent of its processors that the busiest server uses, of those that answered',
      scope: 'cluster',
      unit: 'percent',
      reads: { varz: attempted },
      observe: (servers) =>
        mostOf(servers, ({ cpu, gomaxprocs }) => (gomaxprocs > 0 ? cpu / gomaxprocs : null)),
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
