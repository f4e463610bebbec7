import { defineCheck, minutes } from '../define.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

/** Reads what the deployed Prometheus rules read, and evaluates them. */
export default defineCheck({
  id: 'rule-series',
  title: 'What the deployed Prometheus rules say',
  group: 'rules',
  every: minutes(1),
  evaluates: 'rules',
  diagnoses: [endpointUnreadable],
  series: [],
});
