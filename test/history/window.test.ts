import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds, type Duration } from '../../lambdas/durations.ts';
import {
  recordWindow,
  thinWindow,
  type Note,
  type WindowEntry,
  type WindowState,
} from '../../lambdas/history/window.ts';

type Entry = WindowEntry<Note>;
type Recorded = ReturnType<ReturnType<typeof recordWindow>>;

/** A window of ten minutes (buckets of 5 s) that entries come into, run after run. */
function watching(over: Duration = minutes(10)) {
  let state: WindowState | null = null;
  return {
    run(at: number, entries: readonly Entry[] = [], length: Duration = over): Recorded['result'] {
      const recorded: Recorded = recordWindow(length)(state, { at, start: 0 }, entries);
      // Memory is JSON.
      state = JSON.parse(JSON.stringify(recorded.next)) as WindowState;
      return recorded.result;
    },
    state: () => state,
  };
}
const totals = ({ keys }: Recorded['result']) =>
  Object.fromEntries([...keys].map(([key, { total }]) => [key, total]));

const noon = hours(12);

describe('a window', () => {
  it('is empty on a first run without entries', () => {
    expect(watching().run(noon)).toEqual({ total: 0, keys: new Map(), others: 0, since: noon });
  });

  it('sums entries by key over runs', () => {
    const window = watching();
    window.run(noon, [
      { key: 'a', at: noon },
      { key: 'b', at: noon },
    ]);
    const seen = window.run(noon + minutes(1), [
      { key: 'a', at: noon + minutes(1), count: 5 },
      { key: 'a', at: noon },
    ]);
    expect({ ...seen, keys: totals(seen) }).toEqual({
      total: 8,
      keys: { a: 7, b: 1 },
      others: 0,
      since: noon,
    });
  });

  it('puts the largest key first', () => {
    const seen = watching().run(noon, [
      { key: 'small', at: noon },
      { key: 'large', at: noon, count: 9 },
    ]);
    expect([...seen.keys.keys()]).toEqual(['large', 'small']);
  });

  it('holds an entry until it is as old as the window, to a 120th of it', () => {
    const window = watching();
    window.run(noon, [{ key: 'a', at: noon }]);
    expect(window.run(noon + minutes(10)).total).toBe(1);
    expect(window.run(noon + minutes(10) + seconds(5) - 1).total).toBe(1);
    expect(window.run(noon + minutes(10) + seconds(5)).total).toBe(0);
  });

  it('takes a late entry that is still inside and not one that is too old', () => {
    const late = { key: 'late', at: noon - minutes(10) };
    const older = { key: 'older', at: noon - minutes(10) - 1 };
    expect(totals(watching().run(noon, [late, older]))).toEqual({ late: 1 });
  });

  it('takes an entry by a clock that is ahead', () => {
    expect(totals(watching().run(noon, [{ key: 'a', at: noon + minutes(1) }]))).toEqual({ a: 1 });
  });

  it('forgets a key without entries', () => {
    const window = watching();
    window.run(noon, [{ key: 'a', at: noon }]);
    window.run(noon + minutes(11));
    expect(window.state()?.keys).toEqual({});
  });

  it('of minutes as short as settings allow keeps whole seconds', () => {
    const window = watching(seconds(30));
    window.run(noon, [{ key: 'a', at: noon }]);
    expect(window.run(noon + seconds(30)).total).toBe(1);
    expect(window.run(noon + seconds(31)).total).toBe(0);
  });

  it('may have keys of any name', () => {
    const names = ['__proto__', 'constructor', '', '7', 'Zoë 😀'];
    const window = watching();
    window.run(
      noon,
      names.map((key) => ({ key, at: noon })),
    );
    expect([...window.run(noon + minutes(1)).keys.keys()].sort()).toEqual(names.toSorted());
  });

  it('says since when it was watched', () => {
    const window = watching();
    window.run(noon);
    expect(window.run(noon + minutes(30)).since).toBe(noon);
  });
});

describe('notes of a window', () => {
  it('are the latest 16 of a key, oldest first, whatever order they came in', () => {
    const window = watching();
    const entry = (second: number): Entry => ({ key: 'a', at: noon + seconds(second), note: { second } });
    window.run(noon, [entry(3), entry(1), entry(2)]);
    const more = Array.from({ length: 15 }, (_, i) => entry(10 + i));
    const samples = window.run(noon + minutes(1), more).keys.get('a')?.samples;
    expect(samples?.map(({ note }) => note['second'])).toEqual([
      3,
      ...more.map(({ note }) => note?.['second']),
    ]);
    expect(samples?.[0]).toEqual({ at: noon + seconds(3), note: { second: 3 } });
  });

  it('leave with their entries', () => {
    const window = watching();
    window.run(noon, [{ key: 'a', at: noon, note: { n: 1 } }]);
    const later = (span: number) => [{ key: 'a', at: noon + span, note: { n: span } }];
    const noted = (span: number) =>
      window
        .run(noon + span, later(span))
        .keys.get('a')
        ?.samples.map(({ note }) => note['n']);
    const last = minutes(10) + seconds(5) - 1;
    expect(noted(last)).toEqual([1, last]);
    expect(noted(last + 1)).toEqual([last, last + 1]);
  });
});

describe('a window with more names than it keeps apart', () => {
  /** `small0` to `small299` once each, `large` nine times. */
  const crowd: readonly Entry[] = [
    ...Array.from({ length: 300 }, (_, i) => ({ key: `small${i}`, at: noon })),
    { key: 'large', at: noon, count: 9 },
  ];

  it('keeps the 256 largest and counts the others, none of them lost', () => {
    const seen = watching().run(noon, crowd);
    expect([seen.total, seen.keys.size, seen.others]).toEqual([309, 256, 45]);
    expect(seen.keys.get('large')?.total).toBe(9);
  });

  it('keeps all of 256', () => {
    const seen = watching().run(noon, crowd.slice(45));
    expect([seen.keys.size, seen.others]).toEqual([256, 0]);
  });

  it('forgets the others when they are too old', () => {
    const window = watching();
    window.run(noon, crowd);
    const seen = window.run(noon + minutes(11));
    expect([seen.total, seen.others]).toEqual([0, 0]);
  });

  it('keeps fewer where memory has no room, and still counts all', () => {
    const window = watching();
    window.run(noon, crowd);
    const thin = thinWindow(window.state() ?? fail(), 8);
    expect(Object.keys(thin.keys).length).toBe(8);
    const seen = recordWindow(minutes(10))(thin, { at: noon + minutes(1), start: 0 }, []).result;
    expect([seen.total, seen.keys.size, seen.others]).toEqual([309, 8, 293]);
    expect(seen.keys.get('large')?.total).toBe(9);
  });
});

describe('a window whose length settings change', () => {
  it('to longer keeps what it has and lets it go in time', () => {
    const window = watching();
    window.run(noon, [{ key: 'a', at: noon, count: 3 }]);
    expect(window.run(noon + minutes(1), [], hours(1)).total).toBe(3);
    expect(window.run(noon + minutes(59), [], hours(1)).total).toBe(3);
    expect(window.run(noon + minutes(62), [], hours(1)).total).toBe(0);
  });

  it('to longer is watched only for as long as the shorter one was', () => {
    const window = watching();
    window.run(noon);
    expect(window.run(noon + minutes(30), [], hours(1)).since).toBe(noon + minutes(20));
  });

  it('to shorter drops what is older', () => {
    const window = watching(hours(1));
    window.run(noon, [
      { key: 'old', at: noon - minutes(30) },
      { key: 'new', at: noon - minutes(1) },
    ]);
    expect(totals(window.run(noon + minutes(1), [], minutes(10)))).toEqual({ new: 1 });
  });
});

function fail(): never {
  throw new Error('no state was kept');
}
