import { expect, it } from 'vitest';
import { alarmLine } from '../../infra/cloudwatch/alarm-spec.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';

const specs = alarmSpecs({ checks, ...loadSettings('infra/settings.yaml') });

it('the example settings deploy these alarms', () => {
  const shown = specs.map((spec) => alarmLine(spec).replaceAll('nats-cloudwatch-', '~'));
  expect(shown.join('\n')).toMatchInlineSnapshot(`
    "nats/prod/NatsHighRoutesCount/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub1} > 0 | 4 x 60 s | missing=ignore | warning
    nats/prod/NatsHighRoutesCount/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub2} > 0 | 4 x 60 s | missing=ignore | warning
    nats/prod/NatsHighMemoryUsage/hub1/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub1} > 209715200 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighMemoryUsage/hub2/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub2} > 209715200 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsSlowConsumers/hub1/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub1} > 0 | 1 x 60 s | missing=ignore | critical
    nats/prod/NatsSlowConsumers/hub2/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub2} > 0 | 1 x 60 s | missing=ignore | critical
    nats/prod/NatsServerDown/hub1/critical | Minimum up{cluster=prod,server_id=hub1} < 1 | 3 x 60 s | missing=breaching, warm-up 15 min | critical
    nats/prod/NatsServerDown/hub2/critical | Minimum up{cluster=prod,server_id=hub2} < 1 | 3 x 60 s | missing=breaching, warm-up 15 min | critical
    nats/prod/NatsHighCpuUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub1} > 80 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighCpuUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub2} > 80 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighNumberOfConnections/hub1/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighNumberOfConnections/hub2/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighJetstreamStoreUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighJetstreamStoreUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighJetstreamMemoryUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighJetstreamMemoryUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighNumberOfSubscriptions/hub1/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighNumberOfSubscriptions/hub2/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighPendingBytes/hub1/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub1} > 100000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighPendingBytes/hub2/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub2} > 100000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsTooManyErrors/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub1} > 5 | 1 x 60 s | missing=ignore | warning
    nats/prod/NatsTooManyErrors/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub2} > 5 | 1 x 60 s | missing=ignore | warning
    nats/prod/NatsJetstreamAccountsExceeded/hub1/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub1} > 100 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsJetstreamAccountsExceeded/hub2/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub2} > 100 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsLeafNodeConnectionIssue/critical | Minimum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue} < 1 | 6 x 60 s | missing=ignore | critical
    nats/prod/connection-count/findings/critical | Maximum nats_findings_open{cluster=prod,check=connection-count,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/connection-count/findings/warning | Maximum nats_findings_open{cluster=prod,check=connection-count,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~connection-count/not-running | FILL(Sum Invocations{FunctionName=~connection-count}, 0) - FILL(Sum Errors{FunctionName=~connection-count}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/connection-stopped/findings/critical | Maximum nats_findings_open{cluster=prod,check=connection-stopped,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/connection-stopped/findings/warning | Maximum nats_findings_open{cluster=prod,check=connection-stopped,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~connection-stopped/not-running | FILL(Sum Invocations{FunctionName=~connection-stopped}, 0) - FILL(Sum Errors{FunctionName=~connection-stopped}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/jetstream-consumers/findings/critical | Maximum nats_findings_open{cluster=prod,check=jetstream-consumers,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/jetstream-consumers/findings/warning | Maximum nats_findings_open{cluster=prod,check=jetstream-consumers,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~jetstream-consumers/not-running | FILL(Sum Invocations{FunctionName=~jetstream-consumers}, 0) - FILL(Sum Errors{FunctionName=~jetstream-consumers}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/jetstream-meta/findings/critical | Maximum nats_findings_open{cluster=prod,check=jetstream-meta,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/jetstream-meta/findings/warning | Maximum nats_findings_open{cluster=prod,check=jetstream-meta,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~jetstream-meta/not-running | FILL(Sum Invocations{FunctionName=~jetstream-meta}, 0) - FILL(Sum Errors{FunctionName=~jetstream-meta}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/jetstream-server/findings/critical | Maximum nats_findings_open{cluster=prod,check=jetstream-server,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/jetstream-server/findings/warning | Maximum nats_findings_open{cluster=prod,check=jetstream-server,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~jetstream-server/not-running | FILL(Sum Invocations{FunctionName=~jetstream-server}, 0) - FILL(Sum Errors{FunctionName=~jetstream-server}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/jetstream-streams/findings/critical | Maximum nats_findings_open{cluster=prod,check=jetstream-streams,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/jetstream-streams/findings/warning | Maximum nats_findings_open{cluster=prod,check=jetstream-streams,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~jetstream-streams/not-running | FILL(Sum Invocations{FunctionName=~jetstream-streams}, 0) - FILL(Sum Errors{FunctionName=~jetstream-streams}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/leafnode-connections/findings/critical | Maximum nats_findings_open{cluster=prod,check=leafnode-connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/leafnode-connections/findings/warning | Maximum nats_findings_open{cluster=prod,check=leafnode-connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~leafnode-connections/not-running | FILL(Sum Invocations{FunctionName=~leafnode-connections}, 0) - FILL(Sum Errors{FunctionName=~leafnode-connections}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/leafnode-subscriptions/findings/critical | Maximum nats_findings_open{cluster=prod,check=leafnode-subscriptions,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/leafnode-subscriptions/findings/warning | Maximum nats_findings_open{cluster=prod,check=leafnode-subscriptions,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~leafnode-subscriptions/not-running | FILL(Sum Invocations{FunctionName=~leafnode-subscriptions}, 0) - FILL(Sum Errors{FunctionName=~leafnode-subscriptions}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/rule-series/findings/critical | Maximum nats_findings_open{cluster=prod,check=rule-series,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/rule-series/findings/warning | Maximum nats_findings_open{cluster=prod,check=rule-series,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~rule-series/not-running | FILL(Sum Invocations{FunctionName=~rule-series}, 0) - FILL(Sum Errors{FunctionName=~rule-series}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/server-up/findings/critical | Maximum nats_findings_open{cluster=prod,check=server-up,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/server-up/findings/warning | Maximum nats_findings_open{cluster=prod,check=server-up,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~server-up/not-running | FILL(Sum Invocations{FunctionName=~server-up}, 0) - FILL(Sum Errors{FunctionName=~server-up}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical
    nats/prod/stale-connections/findings/critical | Maximum nats_findings_open{cluster=prod,check=stale-connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/stale-connections/findings/warning | Maximum nats_findings_open{cluster=prod,check=stale-connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~stale-connections/not-running | FILL(Sum Invocations{FunctionName=~stale-connections}, 0) - FILL(Sum Errors{FunctionName=~stale-connections}, 0) < 3 | 1 x 300 s | missing=breaching, warm-up 15 min whole | critical"
  `);
});

it('no text of an alarm is cut: every diagnosis with a rule says why and what to do in 1,024 characters', () => {
  expect(specs.filter(({ description }) => description.includes(' ...\n')).map(({ name }) => name)).toEqual(
    [],
  );
});
