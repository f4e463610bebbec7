import { expect, it } from 'vitest';
import { codes, groupOf, warningsOf } from './linted.ts';
import type { Given } from './linted.ts';

/**
 * Alert, expression and `for` of the widely used set at ed15150 and, last, of its edition of 2024-08 (Awesome Prometheus
 * Alerts by Samuel Berthe, CC BY 4.0). Its texts name `{{ $labels.instance }}`; these are ours.
 */
const published: readonly Given[] = [
  { alert: 'NatsHighRoutesCount', expr: 'gnatsd_varz_routes > 10', for: '3m' },
  { alert: 'NatsHighMemoryUsage', expr: 'gnatsd_varz_mem > 200 * 1024 * 1024', for: '5m' },
  { alert: 'NatsSlowConsumers', expr: 'gnatsd_varz_slow_consumers > 0', for: '3m' },
  { alert: 'NatsServerDown', expr: 'absent(up{job="nats"})', for: '5m' },
  { alert: 'NatsHighCpuUsage', expr: 'gnatsd_varz_cpu > 80', for: '5m' },
  { alert: 'NatsHighNumberOfConnections', expr: 'gnatsd_connz_num_connections > 1000', for: '5m' },
  {
    alert: 'NatsHighJetstreamStoreUsage',
    expr: 'gnatsd_varz_jetstream_stats_storage / gnatsd_varz_jetstream_config_max_storage > 0.8 and gnatsd_varz_jetstream_config_max_storage > 0',
    for: '5m',
  },
  {
    alert: 'NatsHighJetstreamMemoryUsage',
    expr: 'gnatsd_varz_jetstream_stats_memory / gnatsd_varz_jetstream_config_max_memory > 0.8 and gnatsd_varz_jetstream_config_max_memory > 0',
    for: '5m',
  },
  { alert: 'NatsHighNumberOfSubscriptions', expr: 'gnatsd_varz_subscriptions > 1000', for: '5m' },
  { alert: 'NatsHighPendingBytes', expr: 'gnatsd_connz_pending_bytes > 100000', for: '5m' },
  { alert: 'NatsTooManyErrors', expr: 'increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5', for: '5m' },
  {
    alert: 'NatsJetstreamAccountsExceeded',
    expr: 'sum(gnatsd_varz_jetstream_stats_accounts) > 100',
    for: '5m',
  },
  { alert: 'NatsLeafNodeConnectionIssue', expr: 'gnatsd_varz_leafnodes == 0', for: '5m' },
  {
    alert: 'NatsLeafNodeConnectionIssue (2024-08)',
    expr: 'increase(gnatsd_varz_leafnodes[5m]) == 0',
    for: '5m',
  },
].map((rule) => ({ ...rule, annotations: { summary: 'Look at {{ $labels.instance }}' } }));

it('tells of published rules what is known of them', () => {
  const found = warningsOf([groupOf(published)]);
  const table = published.map(
    ({ alert }, index) => `${alert ?? ''}: ${found[index]?.map(({ code }) => code).join(' ') || '-'}`,
  );
  expect(table.join('\n')).toMatchInlineSnapshot(`
    "NatsHighRoutesCount: L11
    NatsHighMemoryUsage: -
    NatsSlowConsumers: L1
    NatsServerDown: L13
    NatsHighCpuUsage: C1
    NatsHighNumberOfConnections: -
    NatsHighJetstreamStoreUsage: -
    NatsHighJetstreamMemoryUsage: -
    NatsHighNumberOfSubscriptions: -
    NatsHighPendingBytes: L9
    NatsTooManyErrors: L12
    NatsJetstreamAccountsExceeded: L14
    NatsLeafNodeConnectionIssue: -
    NatsLeafNodeConnectionIssue (2024-08): L4"
  `);
});

it.each([
  ['NatsSlowConsumers', 'increase(gnatsd_varz_slow_consumers[5m]) > 0', '0s'],
  ['NatsServerDown', 'up == 0', '2m'],
  ['NatsServerDown', 'up{job="nats"} == 0 or absent(up{job="nats"})', '5m'],
  ['NatsHighCpuUsage', 'gnatsd_varz_cpu / gnatsd_varz_gomaxprocs > 80', '5m'],
  ['NatsTooManyErrors', 'increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5', '0s'],
  ['NatsJetstreamAccountsExceeded', 'sum by (instance) (gnatsd_varz_jetstream_stats_accounts) > 100', '5m'],
  ['NatsLeafNodeConnectionIssue', 'sum(gnatsd_varz_leafnodes) < 1 and on () min(up) == 1', '5m'],
  [
    'NatsTooFewRoutes',
    'gnatsd_varz_routes < (gnatsd_varz_jetstream_meta_cluster_size - 1) * gnatsd_varz_cluster_pool_size',
    '5m',
  ],
])('has nothing to say of %s as %s for %s', (alert, expr, duration) => {
  expect(codes({ alert, expr, for: duration })).toEqual([]);
});
