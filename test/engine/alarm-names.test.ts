import { expect, it } from 'vitest';
import { findingsAlarmName, ruleAlarmName, watchdogAlarmName } from '../../lambdas/engine/alarm-names.ts';

const rule = { alert: 'NatsAlert', series: 's', limit: 'l', missing: 'ignore' } as const;

it('alarms are named by cluster, what they watch and severity, so that findings can name them', () => {
  expect([
    ruleAlarmName('prod', { ...rule, per: 'server' }, 'hub1', 'warning'),
    ruleAlarmName('prod', { ...rule, per: 'cluster' }, 'hub1', 'critical'),
    ruleAlarmName('prod', { ...rule, per: 'cluster' }, null, 'critical'),
    findingsAlarmName('prod', 'stale-connections', 'warning'),
    watchdogAlarmName('stale-connections'),
  ]).toEqual([
    'nats/prod/NatsAlert/hub1/warning',
    'nats/prod/NatsAlert/critical',
    'nats/prod/NatsAlert/critical',
    'nats/prod/stale-connections/findings/warning',
    'nats/stale-connections/not-running',
  ]);
});
