import { describe, expect, it } from 'vitest';
import { days, hours, minutes, type Duration } from '../../lambdas/durations.ts';
import { recordTrend, thinTrend, type TrendState } from '../../lambdas/history/trend.ts';

type Run = readonly [at: Duration, values: Readonly<Record<string, number>>];

/** Values seen run after run: the growth a day that the last run tells, and the state it left. */
function seeing(over: Duration, ...runs: readonly Run[]) {
  let state: TrendState | null = null;
  let grows: (key: string) => number | null = () => null;
  for (const [at, values] of runs) {
    const recorded: ReturnType<ReturnType<typeof recordTrend>> = recordTrend(over)(
      state,
      { at, start: 0 },
      new Map(Object.entries(values)),
    );
    state = recorded.next;
    grows = recorded.result;
  }
  return { grows, state: state ?? {} };
}

describe('growth a day', () => {
  it('is not known before an hour has passed', () => {
    const { grows } = seeing(days(1), [minutes(0), { leaf1: 100 }], [minutes(59), { leaf1: 200 }]);
    expect(grows('leaf1')).toBeNull();
  });

  it('is known from an hour on', () => {
    const { grows } = seeing(days(1), [hours(0), { leaf1: 100 }], [hours(1), { leaf1: 110 }]);
    expect(grows('leaf1')).toBe(240);
  });

  it('is negative for what shrinks and zero for what stays', () => {
    const { grows } = seeing(days(1), [hours(0), { a: 100, b: 7 }], [hours(24), { a: 40, b: 7 }]);
    expect([grows('a'), grows('b')]).toEqual([-60, 0]);
  });

  it('is not known of a key that is not there', () => {
    const { grows } = seeing(days(1), [hours(0), { a: 1 }], [hours(2), { b: 1 }]);
    expect([grows('a'), grows('never')]).toEqual([null, null]);
  });

  it('is counted from the oldest sample within the time it looks over', () => {
    const { grows, state } = seeing(
      days(1),
      [hours(0), { a: 0 }],
      [hours(1), { a: 1_000 }],
      [hours(25), { a: 1_100 }],
    );
    expect(state).toEqual({
      a: [
        [hours(1), 1_000],
        [hours(25), 1_100],
      ],
    });
    expect(grows('a')).toBe(100);
  });

  it('is of the value of now, between two samples too', () => {
    const first: Run = [hours(0), { a: 100, b: 7 }];
    const second: Run = [hours(2), { a: 100, b: 7 }];
    const between = seeing(days(1), first, second, [minutes(150), { a: 110, b: 2 }]);
    expect([between.grows('a'), between.grows('b')]).toEqual([96, -48]);
    expect(between.state).toEqual(seeing(days(1), first, second).state);
  });

  it('is not known of a key that comes between two samples, which is remembered', () => {
    const { grows, state } = seeing(days(1), [hours(0), { a: 1 }], [minutes(30), { a: 1, b: 2 }]);
    expect([grows('a'), grows('b')]).toEqual([null, null]);
    expect(state).toEqual({ a: [[hours(0), 1]], b: [[minutes(30), 2]] });
  });

  it('goes on after the key was away for a while', () => {
    const { grows } = seeing(days(1), [hours(0), { a: 100 }], [hours(1), {}], [hours(12), { a: 150 }]);
    expect(grows('a')).toBe(100);
  });

  it('starts anew after the key was away for longer than it looks over', () => {
    const { grows, state } = seeing(
      days(1),
      [hours(0), { a: 100 }],
      [hours(25), { b: 1 }],
      [hours(26), { a: 1 }],
    );
    expect(grows('a')).toBeNull();
    expect(state).toEqual({ a: [[hours(26), 1]], b: [[hours(25), 1]] });
  });
});

describe('samples of a trend', () => {
  const everyMinute = (over: Duration, span: Duration) =>
    seeing(
      over,
      ...Array.from({ length: span / minutes(1) + 1 }, (_, i): Run => [minutes(i), { a: i }]),
    ).state['a']?.map(([at]) => at / hours(1));

  it('are an hour apart over a day', () => {
    expect(everyMinute(days(1), hours(3))).toEqual([0, 1, 2, 3]);
  });

  it('are further apart over a week, so that memory holds them', () => {
    expect(everyMinute(days(7), days(1))).toEqual([0, 7, 14, 21]);
  });

  it('are kept of the 256 largest keys', () => {
    const values = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`leaf${i}`, i]));
    const { state } = seeing(days(1), [hours(0), values]);
    expect(Object.keys(state)).toEqual(Array.from({ length: 256 }, (_, i) => `leaf${299 - i}`));
  });

  it('are kept of keys that are there before those of keys that are away', () => {
    const many = (prefix: string) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${prefix}${i}`, i]));
    const { state } = seeing(days(1), [hours(0), many('away')], [hours(1), many('here')]);
    const kept = Object.keys(state);
    expect(kept.filter((key) => key.startsWith('here')).length).toBe(200);
    expect(kept.length).toBe(256);
  });

  it('are kept of the largest keys where memory has no room for more', () => {
    const { state } = seeing(days(1), [hours(0), { a: 1, b: 3, c: 2 }]);
    expect(thinTrend(state, 2)).toEqual({ b: [[hours(0), 3]], c: [[hours(0), 2]] });
  });
});

describe('what is kept of a key', () => {
  it('is a value an hour, oldest first, and nothing of a key that is not known', () => {
    const record = recordTrend(days(1));
    let state: TrendState | null = null;
    for (let i = 0; i < 24; i += 1)
      state = record(state, { at: minutes(i * 5), start: 0 }, new Map([['a', i]])).next;
    const { result } = record(state, { at: hours(2), start: 0 }, new Map([['a', 24]]));
    expect([result.samples('a'), result.samples('b')]).toEqual([
      [
        [0, 0],
        [hours(1), 12],
        [hours(2), 24],
      ],
      [],
    ]);
  });
});
