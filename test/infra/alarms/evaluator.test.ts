import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../infra/cloudwatch/alarm-spec.ts';
import {
  alarmStates,
  stateChanges,
  type Datapoint,
  type EvaluatedAlarm,
} from '../../../infra/cloudwatch/evaluator.ts';
import { unpublished } from '../../../infra/cloudwatch/unpublished.ts';
import { cells, datapointsOf, published } from './published-tables.ts';

const metric = (name: string, statistic: Metric['statistic'] = 'Maximum'): Metric => ({
  namespace: 'nats',
  name,
  dimensions: {},
  statistic,
});
const above10: EvaluatedAlarm = {
  compared: { kind: 'metric', metric: metric('things') },
  direction: 'above',
  threshold: 10,
  periodSeconds: 60,
  evaluationPeriods: 1,
  missing: 'missing',
  warmUp: null,
};
/** One value a minute from minute 1 on; null is a minute without a datapoint. */
const series = (...values: readonly (number | null)[]): readonly Datapoint[] =>
  values.flatMap((value, index) => (value === null ? [] : [{ minute: index + 1, value }]));
const repeated = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

const states = (over: Partial<EvaluatedAlarm>, datapoints: readonly Datapoint[], to: number, from = 1) =>
  alarmStates({ ...above10, ...over }, () => datapoints, { from, to });
const changes = (...input: Parameters<typeof states>) =>
  stateChanges(states(...input)).map(({ minute, state }) => `${minute} ${state}`);
const finalState = (...input: Parameters<typeof states>) => states(...input).at(-1)?.state;

describe('an alarm over a range of points', () => {
  it.each(cells)(
    'as published: $id, $datapointsToAlarm of $evaluationPeriods, $row with $missing is $expected',
    ({ points, expected, evaluationPeriods, datapointsToAlarm, missing }) => {
      const over = { evaluationPeriods, datapointsToAlarm, missing };
      const to = points.length;
      const before = finalState(over, datapointsOf(points), to - 1);
      expect(finalState(over, datapointsOf(points), to)).toBe(expected === 'RETAIN' ? before : expected);
    },
  );

  it.each(published.followUps)(
    'as published: $from with $mode is $expect when data stays away',
    (followUp) => {
      const row = cells.find(({ id, missing }) => id === followUp.from && missing === followUp.mode);
      const over = { evaluationPeriods: 3, missing: followUp.mode };
      const good = datapointsOf(row?.points ?? []);
      expect([5, 6].map((minute) => finalState(over, good, minute))).toEqual(['OK', followUp.expect]);
    },
  );
});

describe('the comparison', () => {
  it.each([
    ['above', 'OK', 'OK', 'ALARM'],
    ['atLeast', 'OK', 'ALARM', 'ALARM'],
    ['below', 'ALARM', 'OK', 'OK'],
    ['atMost', 'ALARM', 'ALARM', 'OK'],
  ] as const)('%s 10 is %s at 9, %s at 10, %s at 11', (direction, at9, at10, at11) => {
    const stateAt = (value: number) => finalState({ direction }, series(value), 1);
    expect([9, 10, 11].map(stateAt)).toEqual([at9, at10, at11]);
  });
});

describe('the minute of a change', () => {
  it('is the first one without data at first: a new alarm has INSUFFICIENT_DATA', () => {
    expect(changes({}, [], 5)).toEqual(['1 INSUFFICIENT_DATA']);
  });

  it('is that of the sixth breaching value for `for: 5m`', () => {
    const values = [...repeated(3, 0), ...repeated(6, 11), 0];
    expect(changes({ evaluationPeriods: 6 }, series(...values), 10)).toEqual(['1 OK', '9 ALARM', '10 OK']);
  });

  it('does not come with five of six', () => {
    const values = [...repeated(3, 0), ...repeated(5, 11), 0];
    expect(changes({ evaluationPeriods: 6 }, series(...values), 10)).toEqual(['1 OK']);
  });

  it('comes with the second of two in three, a good one between', () => {
    const over = { evaluationPeriods: 3, datapointsToAlarm: 2 };
    expect(changes(over, series(0, 0, 11, 0, 11, 0, 0), 7)).toEqual(['1 OK', '5 ALARM', '6 OK']);
  });

  it('comes a range later when good data ends and missing data is breaching', () => {
    const over = { missing: 'breaching', evaluationPeriods: 3 } as const;
    const range = unpublished.evaluationRange(3);
    expect(changes(over, series(0, 0, 0), 12)).toEqual(['1 OK', `${3 + range} ALARM`]);
  });

  it('never comes when data ends and is ignored', () => {
    expect(changes({ missing: 'ignore' }, series(0, 11), 60)).toEqual(['1 OK', '2 ALARM']);
  });

  it('counts datapoints from before the alarm was there', () => {
    expect(changes({ evaluationPeriods: 3 }, series(11, 11, 11), 3, 3)).toEqual(['3 ALARM']);
  });
});

describe('a period of five minutes', () => {
  const over = { periodSeconds: 300, compared: { kind: 'metric', metric: metric('runs', 'Sum') } } as const;

  it('slides by the minute', () => {
    const six = series(2, 2, 2, 2, 2, 2, 0, 0);
    expect(changes({ ...over, threshold: 9 }, six, 8)).toEqual(['1 OK', '5 ALARM', '7 OK']);
  });

  it('is missing only when all of its minutes are', () => {
    expect(changes({ ...over, evaluationPeriods: 1 }, series(11), 30)).toEqual([
      '1 ALARM',
      // Two more periods are looked at for the one datapoint that is needed.
      '16 INSUFFICIENT_DATA',
    ]);
  });

  it.each([
    ['Maximum', 7],
    ['Minimum', 1],
    ['Sum', 12],
  ] as const)('has the %s of its values', (statistic, expected) => {
    const compared = { kind: 'metric', metric: metric('things', statistic) } as const;
    const atLeast = (threshold: number) =>
      finalState({ ...over, compared, direction: 'atLeast', threshold }, series(4, 1, 7), 3);
    expect([atLeast(expected), atLeast(expected + 1)]).toEqual(['ALARM', 'OK']);
  });

  it('adds up values that were published twice', () => {
    const twice = [...series(6), ...series(6)];
    expect(finalState(over, twice, 1)).toBe('ALARM');
  });
});

describe('the watchdog, invocations - errors below 3 in five minutes', () => {
  const watchdog: EvaluatedAlarm = {
    ...above10,
    compared: {
      kind: 'expression',
      expression: 'FILL(invocations, 0) - FILL(errors, 0)',
      label: 'runs finished',
      metrics: { invocations: metric('Invocations', 'Sum'), errors: metric('Errors', 'Sum') },
    },
    direction: 'below',
    threshold: 3,
    periodSeconds: 300,
    missing: 'breaching',
  };
  const watch = (invocations: readonly Datapoint[], errors: readonly Datapoint[], to: number) =>
    stateChanges(
      alarmStates(watchdog, ({ name }) => (name === 'Errors' ? errors : invocations), { from: 5, to }),
    ).map(({ minute, state }) => `${minute} ${state}`);
  const every = repeated(20, 1);

  it('is OK while every run finishes', () => {
    expect(watch(series(...every), series(...repeated(20, 0)), 20)).toEqual(['5 OK']);
  });

  it('is ALARM with the third failed run of five', () => {
    const errors = series(...repeated(10, 0), ...repeated(10, 1));
    expect(watch(series(...every), errors, 20)).toEqual(['5 OK', '13 ALARM']);
  });

  it('is ALARM three minutes after the last run, and stays so', () => {
    const ended = [series(...repeated(10, 1)), series(...repeated(10, 0))] as const;
    expect(watch(...ended, 60)).toEqual(['5 OK', '13 ALARM']);
  });

  it('would be OK twice in between without FILL: a period without any run is missing, and an older one decides', () => {
    const compared = {
      ...watchdog.compared,
      expression: 'invocations - errors',
    } as EvaluatedAlarm['compared'];
    const invocations = series(...repeated(10, 1));
    const errors = series(...repeated(10, 0));
    const unfilled = alarmStates(
      { ...watchdog, compared },
      ({ name }) => (name === 'Errors' ? errors : invocations),
      { from: 5, to: 60 },
    );
    expect(stateChanges(unfilled).map(({ minute, state }) => `${minute} ${state}`)).toEqual([
      '5 OK',
      '13 ALARM',
      '15 OK',
      '18 ALARM',
      '20 OK',
      '23 ALARM',
    ]);
  });

  it('takes missing errors for none', () => {
    expect(watch(series(...every), [], 20)).toEqual(['5 OK']);
  });

  it('refuses an expression that names no metric of it', () => {
    const compared = {
      ...watchdog.compared,
      expression: 'invocations - faults',
    } as EvaluatedAlarm['compared'];
    expect(() => states({ compared }, series(1), 1)).toThrow(
      '"invocations - faults" names faults, which is none of its metrics',
    );
  });
});

describe('a warm-up', () => {
  const silent = { missing: 'breaching', evaluationPeriods: 3 } as const;

  it('keeps an alarm whose missing data is breaching from paging before anything ran', () => {
    expect(changes({ ...silent, warmUp: { minutes: 15, whole: false } }, [], 30)).toEqual([
      '1 INSUFFICIENT_DATA',
      '16 ALARM',
    ]);
  });

  it('ends early with a full window', () => {
    const values = series(null, null, 11, 11, 11);
    expect(changes({ ...silent, warmUp: { minutes: 15, whole: false } }, values, 5)).toEqual([
      '1 INSUFFICIENT_DATA',
      '5 ALARM',
    ]);
  });

  it('does not end early where it is to be whole', () => {
    const values = series(...repeated(20, 11));
    expect(changes({ ...silent, warmUp: { minutes: 15, whole: true } }, values, 20)).toEqual([
      '1 INSUFFICIENT_DATA',
      '16 ALARM',
    ]);
  });

  it('does not begin again when data stops', () => {
    const values = series(0, 0, 0);
    expect(changes({ ...silent, warmUp: { minutes: 15, whole: false } }, values, 9)).toEqual([
      '1 INSUFFICIENT_DATA',
      '3 OK',
      '8 ALARM',
    ]);
  });
});

describe('what CloudWatch would not take', () => {
  it.each([
    [{ periodSeconds: 30 }, 'a period of 30 s cannot be evaluated: expected whole minutes'],
    [{ evaluationPeriods: 2, datapointsToAlarm: 3 }, '3 of 2 datapoints is no M of N'],
    [{ evaluationPeriods: 0 }, '0 of 0 datapoints is no M of N'],
  ])('is refused: %j', (over, message) => {
    expect(() => states(over, [], 1)).toThrow(message);
  });
});

describe('whatever the values', () => {
  const alarm = fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc.record({
      evaluationPeriods: fc.constant(n),
      datapointsToAlarm: fc.integer({ min: 1, max: n }),
      direction: fc.constantFrom('above', 'atLeast', 'below', 'atMost'),
      missing: fc.constantFrom('missing', 'ignore', 'breaching', 'notBreaching'),
    }),
  );
  const beyond = {
    above: (value: number) => value > 10,
    atLeast: (value: number) => value >= 10,
    below: (value: number) => value < 10,
    atMost: (value: number) => value <= 10,
  };

  it('with one in each minute, an alarm is M of the last N', () => {
    fc.assert(
      fc.property(alarm, fc.array(fc.integer({ min: 8, max: 12 }), { minLength: 10 }), (over, values) => {
        const { evaluationPeriods: n, datapointsToAlarm: m, direction } = over;
        const isBreaching = values.map(beyond[direction]);
        const naive = values.map((_, index) => {
          const last = isBreaching.slice(index + 1 - n, index + 1);
          return { minute: index + 1, state: last.filter(Boolean).length >= m ? 'ALARM' : 'OK' };
        });
        const evaluated = states(over, series(...values), values.length);
        expect(evaluated.slice(n - 1)).toEqual(naive.slice(n - 1));
      }),
    );
  });

  it('with gaps treated as not breaching, ALARM is only where M that breach are in range', () => {
    const gappy = fc.array(fc.option(fc.integer({ min: 8, max: 12 })), { minLength: 5 });
    fc.assert(
      fc.property(alarm, gappy, (over, values) => {
        const { evaluationPeriods: n, datapointsToAlarm: m, direction } = over;
        const inAlarm = states({ ...over, missing: 'notBreaching' }, series(...values), values.length)
          .filter(({ state }) => state === 'ALARM')
          .map(({ minute }) => minute);
        const breaching = (minute: number) =>
          values
            .slice(Math.max(0, minute - unpublished.evaluationRange(n)), minute)
            .filter((value) => value !== null && beyond[direction](value)).length;
        expect(inAlarm.filter((minute) => breaching(minute) < m)).toEqual([]);
      }),
    );
  });
});
