import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import staleConnections from '../diagnoses/server/server-012-stale-connections.ts';

export default defineCheck({
  id: 'stale-connections',
  title: 'Connections that no longer answer PINGs',
  group: 'connections',
  every: minutes(1),
  diagnoses: [staleConnections],
  series: [
    defineSeries({
      name: 'gnatsd_varz_stale_connections',
      help: 'Stale connections since the server started, of all kinds; nats-server 2.12 and later',
      scope: 'server',
      unit: 'count',
      reads: { varz: from('2.12.0') },
      observe: ({ varz }) => varz.stale_connections ?? null,
    }),
  ],
});
