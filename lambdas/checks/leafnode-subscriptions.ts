import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import tooManySubscriptions from '../diagnoses/leaf/leaf-003-too-many-subscriptions.ts';

export default defineCheck({
  id: 'leafnode-subscriptions',
  title: 'How many subscriptions leafnodes bring',
  group: 'leafnodes',
  every: minutes(1),
  diagnoses: [tooManySubscriptions],
  series: [
    defineSeries({
      name: 'gnatsd_leafz_conn_subscriptions_total',
      help: 'Subscriptions of the leafnode connection that has most; 0 without leafnodes',
      scope: 'server',
      unit: 'count',
      reads: { leafz: from() },
      observe: ({ leafz }) =>
        leafz.leafs.reduce((most, { subscriptions }) => Math.max(most, subscriptions), 0),
    }),
  ],
});
