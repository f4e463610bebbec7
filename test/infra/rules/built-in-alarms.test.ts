import { describe, expect, it } from 'vitest';
import { alarmLine } from '../../../infra/cloudwatch/alarm-spec.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';

const hub = (n: number) => ({ name: `hub${n}`, url: `http://hub${n}:8222` });
const prod = { name: 'prod', targets: [hub(1), hub(2), hub(3)], expect: { leafnodes: 2 } };
const table = (settings: object): string =>
  understand({ clusters: [prod], ...settings }, 'settings', checks)
    .translated.specs.map(alarmLine)
    .join('\n');

describe('the alarms of the built-in rules on three servers', () => {
  it('in the form that means what their names say', () => {
    expect(table({})).toMatchInlineSnapshot(`
      "nats/prod/NatsHighRoutesCount/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub1} > 0 | 4 x 60 s | missing=ignore | warning
      nats/prod/NatsHighRoutesCount/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub2} > 0 | 4 x 60 s | missing=ignore | warning
      nats/prod/NatsHighRoutesCount/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub3} > 0 | 4 x 60 s | missing=ignore | warning
      nats/prod/NatsHighMemoryUsage/hub1/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub1} > 209715200 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighMemoryUsage/hub2/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub2} > 209715200 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighMemoryUsage/hub3/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub3} > 209715200 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsSlowConsumers/hub1/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub1} > 0 | 1 x 60 s | missing=ignore | critical
      nats/prod/NatsSlowConsumers/hub2/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub2} > 0 | 1 x 60 s | missing=ignore | critical
      nats/prod/NatsSlowConsumers/hub3/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub3} > 0 | 1 x 60 s | missing=ignore | critical
      nats/prod/NatsServerDown/hub1/critical | Minimum up{cluster=prod,server_id=hub1} < 1, 0 counts where Maximum nats_servers_up{cluster=prod} >= 1 | 3 x 60 s | missing=ignore | critical
      nats/prod/NatsServerDown/hub2/critical | Minimum up{cluster=prod,server_id=hub2} < 1, 0 counts where Maximum nats_servers_up{cluster=prod} >= 1 | 3 x 60 s | missing=ignore | critical
      nats/prod/NatsServerDown/hub3/critical | Minimum up{cluster=prod,server_id=hub3} < 1, 0 counts where Maximum nats_servers_up{cluster=prod} >= 1 | 3 x 60 s | missing=ignore | critical
      nats/prod/NatsHighCpuUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub1} > 80 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighCpuUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub2} > 80 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighCpuUsage/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub3} > 80 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighNumberOfConnections/hub1/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub2/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub3/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub3} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighJetstreamStoreUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamStoreUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamStoreUsage/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub3} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub3} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighNumberOfSubscriptions/hub1/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfSubscriptions/hub2/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfSubscriptions/hub3/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub3} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighPendingBytes/hub1/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub1} > 100000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighPendingBytes/hub2/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub2} > 100000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighPendingBytes/hub3/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub3} > 100000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsTooManyErrors/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub1} > 5 | 1 x 60 s | missing=ignore | warning
      nats/prod/NatsTooManyErrors/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub2} > 5 | 1 x 60 s | missing=ignore | warning
      nats/prod/NatsTooManyErrors/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub3} > 5 | 1 x 60 s | missing=ignore | warning
      nats/prod/NatsJetstreamAccountsExceeded/hub1/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub1} > 100 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsJetstreamAccountsExceeded/hub2/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub2} > 100 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsJetstreamAccountsExceeded/hub3/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub3} > 100 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsLeafNodeConnectionIssue/critical | Minimum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue} < 1 | 6 x 60 s | missing=ignore | critical"
    `);
  });

  it('as they are published', () => {
    expect(table({ mirror: 'literal' })).toMatchInlineSnapshot(`
      "nats/prod/NatsHighRoutesCount/hub1/warning | Maximum gnatsd_varz_routes{cluster=prod,server_id=hub1} > 10 | 4 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighRoutesCount/hub2/warning | Maximum gnatsd_varz_routes{cluster=prod,server_id=hub2} > 10 | 4 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighRoutesCount/hub3/warning | Maximum gnatsd_varz_routes{cluster=prod,server_id=hub3} > 10 | 4 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighMemoryUsage/hub1/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub1} > 209715200 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighMemoryUsage/hub2/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub2} > 209715200 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighMemoryUsage/hub3/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub3} > 209715200 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsSlowConsumers/hub1/critical | Maximum gnatsd_varz_slow_consumers{cluster=prod,server_id=hub1} > 0 | 4 x 60 s | missing=notBreaching | critical
      nats/prod/NatsSlowConsumers/hub2/critical | Maximum gnatsd_varz_slow_consumers{cluster=prod,server_id=hub2} > 0 | 4 x 60 s | missing=notBreaching | critical
      nats/prod/NatsSlowConsumers/hub3/critical | Maximum gnatsd_varz_slow_consumers{cluster=prod,server_id=hub3} > 0 | 4 x 60 s | missing=notBreaching | critical
      nats/prod/NatsServerDown/critical | Maximum nats_rule{cluster=prod,rule=NatsServerDown} >= 1 | 6 x 60 s | missing=ignore | critical
      nats/prod/NatsHighCpuUsage/hub1/warning | Maximum gnatsd_varz_cpu{cluster=prod,server_id=hub1} > 80 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighCpuUsage/hub2/warning | Maximum gnatsd_varz_cpu{cluster=prod,server_id=hub2} > 80 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighCpuUsage/hub3/warning | Maximum gnatsd_varz_cpu{cluster=prod,server_id=hub3} > 80 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub1/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub2/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfConnections/hub3/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub3} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighJetstreamStoreUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamStoreUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamStoreUsage/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub3} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub3} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighNumberOfSubscriptions/hub1/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfSubscriptions/hub2/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighNumberOfSubscriptions/hub3/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub3} > 1000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighPendingBytes/hub1/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub1} > 100000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighPendingBytes/hub2/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub2} > 100000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsHighPendingBytes/hub3/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub3} > 100000 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsTooManyErrors/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub1} > 5 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsTooManyErrors/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub2} > 5 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsTooManyErrors/hub3/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub3} > 5 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsJetstreamAccountsExceeded/warning | Maximum nats_rule{cluster=prod,rule=NatsJetstreamAccountsExceeded} > 100 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsLeafNodeConnectionIssue/hub1/warning | Minimum gnatsd_varz_leafnodes{cluster=prod,server_id=hub1} <= 0 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsLeafNodeConnectionIssue/hub2/warning | Minimum gnatsd_varz_leafnodes{cluster=prod,server_id=hub2} <= 0 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsLeafNodeConnectionIssue/hub3/warning | Minimum gnatsd_varz_leafnodes{cluster=prod,server_id=hub3} <= 0 | 6 x 60 s | missing=notBreaching | warning
      nats/prod/NatsLeafNodeConnectionIssue/hub1/critical | Maximum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue-critical,server_id=hub1} >= 1 | 6 x 60 s | missing=ignore | critical
      nats/prod/NatsLeafNodeConnectionIssue/hub2/critical | Maximum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue-critical,server_id=hub2} >= 1 | 6 x 60 s | missing=ignore | critical
      nats/prod/NatsLeafNodeConnectionIssue/hub3/critical | Maximum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue-critical,server_id=hub3} >= 1 | 6 x 60 s | missing=ignore | critical"
    `);
  });

  it('for the cluster as a whole', () => {
    expect(table({ alarms: { per: 'cluster' } })).toMatchInlineSnapshot(`
      "nats/prod/NatsHighRoutesCount/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount} > 0 | 4 x 60 s | missing=ignore | warning
      nats/prod/NatsHighMemoryUsage/warning | Maximum nats_rule{cluster=prod,rule=NatsHighMemoryUsage} > 209715200 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsSlowConsumers/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers} > 0 | 1 x 60 s | missing=ignore | critical
      nats/prod/NatsServerDown/critical | Minimum nats_rule{cluster=prod,rule=NatsServerDown} < 1, 0 counts where Maximum nats_servers_up{cluster=prod} >= 1 | 3 x 60 s | missing=ignore | critical
      nats/prod/NatsHighCpuUsage/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage} > 80 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighNumberOfConnections/warning | Maximum nats_rule{cluster=prod,rule=NatsHighNumberOfConnections} > 1000 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamStoreUsage/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighJetstreamMemoryUsage/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage} > 0.8 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighNumberOfSubscriptions/warning | Maximum nats_rule{cluster=prod,rule=NatsHighNumberOfSubscriptions} > 1000 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsHighPendingBytes/warning | Maximum nats_rule{cluster=prod,rule=NatsHighPendingBytes} > 100000 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsTooManyErrors/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors} > 5 | 1 x 60 s | missing=ignore | warning
      nats/prod/NatsJetstreamAccountsExceeded/warning | Maximum nats_rule{cluster=prod,rule=NatsJetstreamAccountsExceeded} > 100 | 6 x 60 s | missing=ignore | warning
      nats/prod/NatsLeafNodeConnectionIssue/critical | Minimum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue} < 1 | 6 x 60 s | missing=ignore | critical"
    `);
  });

  it('as queries, and the one that guards what they read', () => {
    expect(table({ alarms: { engine: 'promql' } })).toMatchInlineSnapshot(`
      "nats/prod/NatsHighRoutesCount/warning | PromQL gnatsd_varz_cluster_name * ignoring (value) group_left () gnatsd_varz_remotes + 1 - on (value) group_left () count by (value) (gnatsd_varz_cluster_name) > 0 and on () min(up) == 1 | every 60 s, pending 180 s, recovery 0 s | warning
      nats/prod/NatsHighMemoryUsage/warning | PromQL gnatsd_varz_mem > 200 * 1024 * 1024 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsSlowConsumers/critical | PromQL increase(gnatsd_varz_slow_consumers[10m]) > 0 | every 60 s, pending 0 s, recovery 0 s | critical
      nats/prod/NatsServerDown/critical | PromQL up == 0 unless nats_down_together == 1 | every 60 s, pending 120 s, recovery 0 s | critical
      nats/prod/NatsHighCpuUsage/warning | PromQL gnatsd_varz_cpu / gnatsd_varz_gomaxprocs > 80 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsHighNumberOfConnections/warning | PromQL gnatsd_connz_num_connections > 1000 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsHighJetstreamStoreUsage/warning | PromQL gnatsd_varz_jetstream_stats_storage / gnatsd_varz_jetstream_config_max_storage > 0.8 and gnatsd_varz_jetstream_config_max_storage > 0 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsHighJetstreamMemoryUsage/warning | PromQL gnatsd_varz_jetstream_stats_memory / gnatsd_varz_jetstream_config_max_memory > 0.8 and gnatsd_varz_jetstream_config_max_memory > 0 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsHighNumberOfSubscriptions/warning | PromQL gnatsd_varz_subscriptions > 1000 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsHighPendingBytes/warning | PromQL gnatsd_connz_pending_bytes > 100000 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsTooManyErrors/warning | PromQL increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5 | every 60 s, pending 0 s, recovery 0 s | warning
      nats/prod/NatsJetstreamAccountsExceeded/warning | PromQL gnatsd_varz_jetstream_stats_accounts > 100 | every 60 s, pending 300 s, recovery 0 s | warning
      nats/prod/NatsLeafNodeConnectionIssue/critical | PromQL sum(gnatsd_varz_leafnodes) < 1 and on () min(up) == 1 | every 60 s, pending 300 s, recovery 0 s | critical
      nats/prod/rule-series/not-sent | Maximum nats_series_sent{cluster=prod} < 1 | 3 x 60 s | missing=ignore | critical"
    `);
  });
});
