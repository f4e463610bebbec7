import { defineCheck, defineSeries, known, minutes } from '../define.ts';
import memoryOutlier from '../diagnoses/cluster/cluster-001-memory-outlier.ts';
import { memoryLimitOf } from '../diagnoses/server/memory-limit.ts';
import highCpu from '../diagnoses/server/server-003-high-cpu.ts';
import stalledClients from '../diagnoses/server/server-013-stalled-clients.ts';
import memoryClimbs from '../diagnoses/server/server-141-memory-climbs.ts';
import memoryNearLimit from '../diagnoses/server/server-142-memory-near-limit.ts';

export default defineCheck({
  id: 'server-load',
  title: 'CPU and memory of each server',
  group: 'servers',
  every: minutes(1),
  diagnoses: [memoryNearLimit, memoryClimbs, highCpu, memoryOutlier, stalledClients],
  series: [
    defineSeries({
      name: 'nats_memory_limit_ratio',
      help: 'Share that the server nearest to it uses of memoryLimit in settings, or else of GOMEMLIMIT; nothing without either',
      scope: 'cluster',
      unit: 'ratio',
      reads: {},
      observe(servers, facts) {
        const shares = servers.flatMap(({ varz }) => {
          const limit = memoryLimitOf(varz, facts);
          return limit === null ? [] : (known(() => varz.mem / limit.bytes) ?? []);
        });
        return shares.length === 0 ? null : Math.max(...shares);
      },
    }),
  ],
});
