import { expect, it } from 'vitest';
import {
  coveringAlarm,
  findingsAlarmName,
  findingsQueryAlarmName,
  notSentAlarmName,
  ruleAlarmName,
  watchdogAlarmName,
} from '../../lambdas/engine/alarm-names.ts';

const alarm = { place: 'prod', rule: 'NatsAlert', perServer: true };

it('alarms are named by cluster, what they watch and severity, so that findings can name them', () => {
  expect([
    ruleAlarmName(alarm, 'hub1', 'warning'),
    ruleAlarmName({ ...alarm, perServer: false }, 'hub1', 'critical'),
    ruleAlarmName(alarm, null, 'critical'),
    findingsAlarmName('prod', 'connections', 'warning'),
    findingsQueryAlarmName('prod', 'warning'),
    watchdogAlarmName('stale-connections', 1),
    watchdogAlarmName('stale-connections', 3),
    notSentAlarmName('prod', 'rule-series'),
  ]).toEqual([
    'nats/prod/NatsAlert/hub1/warning',
    'nats/prod/NatsAlert/critical',
    'nats/prod/NatsAlert/critical',
    'nats/prod/connections/findings/warning',
    'nats/prod/findings/warning',
    'nats/stale-connections/not-running',
    'nats/stale-connections/3-batches/not-running',
    'nats/prod/rule-series/not-sent',
  ]);
});

it("a rule's alarm covers the limit that the rule is about, in the severities that are deployed", () => {
  const diagnosis = { id: 'SERVER_900', rule: { alert: 'NatsAlert', limit: 'connections' } };
  const facts = { covered: { SERVER_900: { warning: alarm } } };
  expect([
    coveringAlarm(diagnosis, 'connections', 'warning', facts),
    coveringAlarm(diagnosis, 'connections', 'critical', facts),
    coveringAlarm(diagnosis, 'other', 'warning', facts),
    coveringAlarm({ ...diagnosis, id: 'SERVER_901' }, 'connections', 'warning', facts),
    coveringAlarm({ id: 'SERVER_900' }, 'connections', 'warning', facts),
  ]).toEqual([alarm, undefined, undefined, undefined, undefined]);
});
