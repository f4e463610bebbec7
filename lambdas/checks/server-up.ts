import { attempted, defineCheck, defineSeries, minutes } from '../define.ts';
import serverUnreachable from '../diagnoses/server/server-101-unreachable.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'server-up',
  title: 'Whether each server answers',
  every: minutes(1),
  answersFor: ['healthz'],
  diagnoses: [serverUnreachable, endpointUnreadable],
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
