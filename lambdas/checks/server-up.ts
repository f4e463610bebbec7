import { attempted, defineCheck, defineSeries, isOurs, minutes } from '../define.ts';
import peersMissing from '../diagnoses/cluster/cluster-005-peers-missing.ts';
import sameName from '../diagnoses/cluster/cluster-102-servers-of-one-name.ts';
import serversGone from '../diagnoses/cluster/cluster-103-fewer-behind-name.ts';
import { mostOf } from '../diagnoses/server/most-of.ts';
import notReady from '../diagnoses/server/server-001-listener-not-ready.ts';
import jetStreamUnhealthy from '../diagnoses/server/server-014-jetstream-unhealthy.ts';
import assetsNotCurrent from '../diagnoses/server/server-015-assets-not-current.ts';
import accountUnresolved from '../diagnoses/server/server-016-account-unresolved.ts';
import serverUnreachable from '../diagnoses/server/server-101-unreachable.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import severalServers from '../diagnoses/server/server-111-several-servers.ts';
import twoTargets from '../diagnoses/server/server-112-two-targets.ts';
import notAsked from '../diagnoses/server/server-114-not-asked.ts';
import clockSet from '../diagnoses/server/server-113-clock-set.ts';

export default defineCheck({
  id: 'server-up',
  title: 'Whether each server answers, is healthy and knows its peers',
  group: 'servers',
  every: minutes(1),
  answersFor: ['healthz'],
  diagnoses: [
    serverUnreachable,
    notReady,
    jetStreamUnhealthy,
    assetsNotCurrent,
    accountUnresolved,
    peersMissing,
    sameName,
    serversGone,
    severalServers,
    twoTargets,
    clockSet,
    notAsked,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'up',
      help: '1 if /varz was read and understood, 0 if not; where it could not be asked (SERVER_114), 1 for 15 min after it last answered, then nothing',
      scope: 'server',
      unit: 'count',
      reads: { varz: attempted },
      observe({ varz, servers }) {
        if (varz.ok) return 1;
        if (!isOurs(varz.failure)) return 0;
        return servers.length > 0 ? 1 : null;
      },
    }),
    defineSeries({
      name: 'nats_servers_up',
      help: 'Servers of the cluster that are not down: those that answered, and those that could not be asked (SERVER_114)',
      scope: 'cluster',
      saysAllDown: true,
      unit: 'count',
      reads: { varz: attempted },
      observe: (servers) => servers.filter(({ varz }) => varz.ok || isOurs(varz.failure)).length,
    }),
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
  ],
});
