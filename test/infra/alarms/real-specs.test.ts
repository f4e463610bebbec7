import { describe, expect, it } from 'vitest';
import type { AlarmSpec, Metric } from '../../../infra/cloudwatch/alarm-spec.ts';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { alarmStates, type Datapoint } from '../../../infra/cloudwatch/evaluator.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';

const specs = alarmSpecs({ checks, ...loadSettings('infra/settings.yaml') });
const hour = { from: 1, to: 60 };
const everyMinute = (value: number): readonly Datapoint[] =>
  Array.from({ length: hour.to }, (_, index) => ({ minute: index + 1, value }));

const beyond = { above: 1, atLeast: 0, below: -1, atMost: 0 } as const;
const within = { above: 0, atLeast: -1, below: 0, atMost: 1 } as const;
/** Values at or next to the threshold, where they count; for the watchdogs, runs that all fail or all finish. */
const values = (spec: AlarmSpec, isBad: boolean) => (metric: Metric) => {
  if (spec.compared.kind !== 'metric') return everyMinute(isBad ? 1 : 0);
  const { zeroCountsWhere } = spec.compared;
  if (metric === zeroCountsWhere?.metric) return everyMinute(1);
  const points = everyMinute(spec.threshold + (isBad ? beyond : within)[spec.direction]);
  // Of a sum, what there is of a period is in one of its minutes.
  return metric.statistic === 'Sum' ? points.filter(({ minute }) => minute % 5 === 0) : points;
};
const endsIn = (spec: AlarmSpec, datapoints: (metric: Metric) => readonly Datapoint[]) =>
  alarmStates(spec, datapoints, hour).at(-1)?.state;

describe('the alarms of the example settings', () => {
  it.each(specs)('$name is ALARM while its limit is crossed, and OK while it is not', (spec) => {
    expect([endsIn(spec, values(spec, true)), endsIn(spec, values(spec, false))]).toEqual(['ALARM', 'OK']);
  });

  it('take silence for trouble of the function alone, and for health only where Prometheus would end the alert', () => {
    const bySilence = Object.groupBy(specs, (spec) => endsIn(spec, () => []) ?? 'none');
    const kinds = Object.entries(bySilence).map(([state, some]) => [
      state,
      [
        ...new Set(
          some.map(({ name }) =>
            name
              .split('/')
              .filter((word) => /^(Nats|not-|findings|all-servers|undelivered)/.test(word))
              .join(),
          ),
        ),
      ],
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      ALARM: ['not-running'],
      // What comes with each run of a function: without it nothing is known, and the watchdog says so.
      INSUFFICIENT_DATA: [
        'NatsHighRoutesCount',
        'NatsSlowConsumers',
        'NatsServerDown',
        'NatsHighCpuUsage',
        'NatsHighJetstreamStoreUsage',
        'NatsHighJetstreamMemoryUsage',
        'NatsTooManyErrors',
        'NatsLeafNodeConnectionIssue',
        'all-servers-down',
        'findings',
      ],
      // A server that is silent is told by NatsServerDown.
      OK: [
        'NatsHighMemoryUsage',
        'NatsHighNumberOfConnections',
        'NatsHighNumberOfSubscriptions',
        'NatsHighPendingBytes',
        'NatsJetstreamAccountsExceeded',
        // Where nothing is sent nothing fails.
        'not-delivered',
        'not-delivered,findings',
        'undelivered',
      ],
    });
  });
});
