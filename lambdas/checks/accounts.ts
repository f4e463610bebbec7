import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import connectionsNearLimit from '../diagnoses/accounts/accounts-001-connections-near-limit.ts';
import slowConsumers from '../diagnoses/accounts/accounts-002-slow-consumers.ts';
import importInactive from '../diagnoses/accounts/accounts-003-import-inactive.ts';
import exportOrphaned from '../diagnoses/accounts/accounts-004-export-orphaned.ts';
import importUnheard from '../diagnoses/accounts/accounts-005-import-unheard.ts';
import subscriptionsNearLimit from '../diagnoses/accounts/accounts-006-subscriptions-near-limit.ts';
import expiresSoon from '../diagnoses/accounts/accounts-101-jwt-expires-soon.ts';
import expired from '../diagnoses/accounts/accounts-102-jwt-expired.ts';
import serversDiffer from '../diagnoses/accounts/accounts-103-servers-differ.ts';
import expiredAndUnhealthy from '../diagnoses/accounts/accounts-104-expired-and-unhealthy.ts';
import operatorExpires from '../diagnoses/accounts/accounts-105-operator-expires.ts';
import leafnodesNearLimit from '../diagnoses/accounts/accounts-106-leafnodes-near-limit.ts';
import expectedMissing from '../diagnoses/accounts/accounts-110-expected-account-missing.ts';
import accountsChanged from '../diagnoses/change/change-003-accounts-changed.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'accounts',
  title: 'Accounts: limits, expiry, imports, who came and went',
  group: 'accounts',
  every: minutes(5),
  answersFor: ['accstatz', 'accountz', 'subscribers', 'interest'],
  diagnoses: [
    expired,
    expiresSoon,
    expiredAndUnhealthy,
    serversDiffer,
    connectionsNearLimit,
    leafnodesNearLimit,
    subscriptionsNearLimit,
    importInactive,
    importUnheard,
    expectedMissing,
    slowConsumers,
    operatorExpires,
    exportOrphaned,
    accountsChanged,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_accounts',
      help: 'Accounts that the servers of the cluster know, each once; with an operator those that were used since the servers started',
      scope: 'cluster',
      unit: 'count',
      reads: { accstatz: from() },
      observe: (servers) =>
        new Set(servers.flatMap(({ accstatz }) => accstatz.accounts.map(({ acc }) => acc))).size,
    }),
  ],
});
