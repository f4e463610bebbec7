import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hours, minutes, type Duration } from '../../lambdas/durations.ts';
import { mostFollowed, recordUnmoved as recorder } from '../../lambdas/history/unmoved.ts';
import { thinUnmoved, type UnmovedState } from '../../lambdas/history/unmoved-state.ts';

const epoch = Date.parse('2026-11-20T10:00:00Z');
const following =
  (record: ReturnType<typeof recorder>) =>
  (
    state: UnmovedState | null,
    at: number,
    places: Iterable<readonly [name: string, place: string]>,
    isWhole?: boolean,
  ) => {
    const things = [...places];
    const { next, result } = record(
      state,
      { at, start: 0 },
      things,
      ([name, place]) => ({ name, place }),
      isWhole,
    );
    const of = (name: string) => result.at(things.findIndex(([own]) => own === name));
    return { next, result: { ...result, of } };
  };
const recordUnmoved = following(recorder());

type Run = readonly [at: Duration, places: Readonly<Record<string, string>>, isWhole?: boolean];

/** What waits, run after run: how the last run answers, in minutes before it. */
const seeing = (...runs: readonly Run[]) => seenBy(recordUnmoved, runs);

/** The same, and how often it paused so. */
const pausesOf = (name: string, ...runs: readonly Run[]) => {
  let times = 0;
  const answer = seenBy((...given) => {
    const recorded = recordUnmoved(...given);
    times = recorded.result.of(name)?.times ?? 0;
    return recorded;
  }, runs);
  return [answer(name)?.[1], times];
};

function seenBy(record: typeof recordUnmoved, runs: readonly Run[]) {
  let state: UnmovedState | null = null;
  let answer: (name: string) => readonly [stood: number, longest: number] | null = () => null;
  for (const [after, places, isWhole] of runs) {
    const at = epoch + after;
    const recorded: ReturnType<typeof recordUnmoved> = record(state, at, Object.entries(places), isWhole);
    state = recorded.next;
    answer = (name) => {
      const standing = recorded.result.of(name);
      if (standing === null) return null;
      return [(at - standing.since) / minutes(1), standing.longest / minutes(1)];
    };
  }
  return answer;
}

describe('since when something that waits has not moved', () => {
  it('is now where it is seen for the first time', () => {
    expect(seeing([minutes(0), { worker: '5' }])('worker')).toEqual([0, 0]);
  });

  it('is the first run that saw it there', () => {
    expect(
      seeing(
        [minutes(0), { worker: '5' }],
        [minutes(1), { worker: '5' }],
        [minutes(7), { worker: '5' }],
      )('worker'),
    ).toEqual([7, 0]);
  });

  it('is now again once it went on', () => {
    expect(seeing([minutes(0), { worker: '5' }], [minutes(1), { worker: '6' }])('worker')).toEqual([0, 0]);
  });

  it('is now again where it had nothing waiting in between', () => {
    expect(
      seeing([minutes(0), { worker: '5' }], [minutes(1), {}], [minutes(2), { worker: '5' }])('worker'),
    ).toEqual([0, 0]);
  });

  it('goes on where a run could not see all', () => {
    expect(
      seeing([minutes(0), { worker: '5' }], [minutes(1), {}, false], [minutes(2), { worker: '5' }])('worker'),
    ).toEqual([2, 0]);
  });

  it('is known of each by its own', () => {
    const answer = seeing([minutes(0), { a: '1', b: '1' }], [minutes(3), { a: '1', b: '2' }]);
    expect([answer('a'), answer('b'), answer('c')]).toEqual([[3, 0], [0, 3], null]);
  });
});

describe('its longest pause', () => {
  it('is learnt when it goes on', () => {
    expect(seeing([minutes(0), { batch: '5' }], [hours(1), { batch: '9' }])('batch')).toEqual([0, 60]);
  });

  it('is learnt when it has nothing waiting any more, and known when it waits again', () => {
    const answer = seeing([minutes(0), { batch: '5' }], [hours(1), {}], [minutes(65), { batch: '9' }]);
    expect(answer('batch')).toEqual([0, 60]);
  });

  it('is the longest of several', () => {
    const answer = seeing([minutes(0), { b: '1' }], [hours(1), { b: '2' }], [minutes(70), { b: '3' }]);
    expect(answer('b')).toEqual([0, 60]);
  });

  it.each([
    [minutes(1), 0],
    [minutes(2), 2],
    [hours(25), 25 * 60],
    [minutes(1_501), 0],
  ])('is worth keeping from 2 minutes to 25 hours: %d ms', (pause, learnt) => {
    expect(seeing([minutes(0), { b: '1' }], [pause, { b: '2' }])('b')).toEqual([0, learnt]);
  });

  it.each([
    [13 * 1_440, 60],
    [15 * 1_440, 0],
  ])('is forgotten after two weeks, to the day: %d min', (later, longest) => {
    const answer = seeing([minutes(0), { b: '1' }], [hours(1), {}], [minutes(60 + later), { b: '3' }]);
    expect(answer('b')?.[1]).toBe(longest);
  });
});

describe('how often it paused so', () => {
  it('is once after its first pause', () => {
    expect(pausesOf('b', [minutes(0), { b: '1' }], [hours(1), { b: '2' }])).toEqual([60, 1]);
  });

  it('counts pauses at least half as long, which keep the longest from being forgotten', () => {
    const day = 1_440;
    expect(
      pausesOf(
        'b',
        [minutes(0), { b: '1' }],
        [minutes(60), { b: '2' }],
        [minutes(89), { b: '3' }],
        [minutes(10 * day), {}],
        [minutes(10 * day + 1), { b: '4' }],
        [minutes(10 * day + 31), { b: '5' }],
        [minutes(20 * day), { b: '6' }],
      ),
    ).toEqual([60, 2]);
  });

  it('is once again where a pause is more than twice as long as all before', () => {
    const runs = [0, 60, 120].map((at, i): Run => [minutes(at), { b: String(i) }]);
    expect(pausesOf('b', ...runs)).toEqual([60, 2]);
    expect(pausesOf('b', ...runs, [minutes(240), { b: '9' }])).toEqual([120, 3]);
    expect(pausesOf('b', ...runs, [minutes(241), { b: '9' }])).toEqual([121, 1]);
  });

  it('is not kept where nothing is to be learnt', () => {
    const answer = seenBy(following(recorder({ learns: false })), [
      [minutes(0), { b: '1' }],
      [hours(1), { b: '2' }],
    ]);
    expect(answer('b')).toEqual([0, 0]);
  });
});

describe('those that stood', () => {
  it('are those an earlier run saw there, and nobody who came or went on', () => {
    const before = recordUnmoved(null, epoch, [
      ['stands', '1'],
      ['goes on', '1'],
    ]).next;
    const { result } = recordUnmoved(before, epoch + minutes(1), [
      ['comes', '1'],
      ['goes on', '2'],
      ['stands', '1'],
    ]);
    expect(result.stood).toEqual([2]);
  });

  it('are none whom the same run looks at again', () => {
    const { next } = recordUnmoved(null, epoch, [['stands', '1']]);
    expect(recordUnmoved(next, epoch, [['stands', '1']]).result.stood).toEqual([]);
  });
});

describe('a name', () => {
  it('is the same whether what it begins with is said apart or not', () => {
    const { next } = recordUnmoved(null, epoch, [['ORDERS/worker', '1']]);
    const { result } = recorder()(next, { at: epoch + minutes(1), start: 0 }, ['worker'], (name) => ({
      ...{ within: 'ORDERS/', name, place: '1' },
    }));
    expect(result.stood).toEqual([0]);
  });
});

describe('of very many', () => {
  const many = (count: number) =>
    new Map(
      Array.from({ length: count }, (_, i) => [
        `ORDERS > worker-${(i * 7_919) % 100_003} (APP)`,
        `${i * 31}/${i}`,
      ]),
    );

  it('20,000 take less than 200 KB of a memory item', () => {
    const { next } = recordUnmoved(null, epoch, many(20_000));
    const moved = recordUnmoved(next, epoch + minutes(5), many(20_000)).next;
    expect(gzipSync(JSON.stringify(moved)).byteLength).toBeLessThan(200_000);
  });

  it('all are followed up to the most', () => {
    const { result } = recordUnmoved(null, epoch, many(mostFollowed));
    expect(result.notFollowed).toBe(0);
  });

  it('those beyond are told, and those that stand longest are followed', () => {
    const old = recordUnmoved(null, epoch, new Map([['old', '1']])).next;
    const places = new Map([...many(mostFollowed), ['old', '1'] as const]);
    const { result } = recordUnmoved(old, epoch + minutes(9), places);
    expect([result.notFollowed, result.of('old')?.since]).toEqual([1, epoch]);
  });

  it('only so many as are wanted are followed', () => {
    const { result } = following(recorder({ most: 2 }))(null, epoch, many(3));
    expect(result.notFollowed).toBe(1);
  });

  it('a memory that is full keeps those that stand longest', () => {
    const first = recordUnmoved(null, epoch, new Map([['old', '1']])).next;
    const both = recordUnmoved(
      first,
      epoch + minutes(5),
      new Map([
        ['new', '1'],
        ['old', '1'],
      ]),
    ).next;
    const { result } = recordUnmoved(
      thinUnmoved(both, 1),
      epoch + minutes(6),
      new Map([
        ['new', '1'],
        ['old', '1'],
      ]),
    );
    expect([result.of('new')?.since, result.of('old')?.since]).toEqual([epoch + minutes(6), epoch]);
  });
});
