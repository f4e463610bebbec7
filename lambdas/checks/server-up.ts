import { attempted, defineCheck, defineSeries, minutes } from '../define.ts';
import serverUnreachable from '../diagnoses/server/server-101-unreachable.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import severalServers from '../diagnoses/server/server-111-several-servers.ts';
import twoTargets from '../diagnoses/server/server-112-two-targets.ts';
import clockSet from '../diagnoses/server/server-113-clock-set.ts';

export default defineCheck({
  id: 'server-up',
  title: 'Whether each server answers',
  every: minutes(1),
  answersFor: ['healthz'],
  diagnoses: [serverUnreachable, endpointUnreadable, severalServers, twoTargets, clockSet],
  series: [
    defineSeries({
      name: 'up',
      help: '1 if /varz was read and understood, 0 if not',
      scope: 'server',
      unit: 'count',
      reads: { varz: attempted },
      observe: ({ varz }) => (varz.ok ? 1 : 0),
    }),
  ],
});
