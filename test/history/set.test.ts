import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { recordSet, thinSet, type SetState } from '../../lambdas/history/set.ts';

const forget = minutes(60);

/** Members seen run after run, each run [minute, members]: what the last run missed, and the state it left. */
function seeing(...runs: readonly (readonly [minute: number, members: readonly string[]])[]) {
  let state: SetState | null = null;
  let result: ReturnType<ReturnType<typeof recordSet>>['result'] = { gone: [], since: new Map() };
  for (const [minute, members] of runs) {
    const recorded: ReturnType<ReturnType<typeof recordSet>> = recordSet(forget)(
      state,
      { at: minutes(minute), start: 0 },
      members,
    );
    ({ next: state, result } = recorded);
  }
  return { gone: result.gone, since: result.since, state };
}

describe('members that were there', () => {
  it('are none on a first run', () => {
    expect(seeing([1, ['a', 'b']]).gone).toEqual([]);
  });

  it('are gone when a run does not see them, with when they were seen first and last', () => {
    expect(seeing([1, ['a', 'b']], [2, ['a', 'b']], [3, ['b']]).gone).toEqual([
      { member: 'a', firstSeen: minutes(1), lastSeen: minutes(2) },
    ]);
  });

  it('stay gone, the longest gone first', () => {
    expect(
      seeing([1, ['a', 'b', 'c']], [2, ['b', 'c']], [3, ['c']]).gone.map(({ member }) => member),
    ).toEqual(['a', 'b']);
  });

  it('are no longer gone once they return, and are known since they first came', () => {
    const { gone, state } = seeing([1, ['a']], [2, []], [3, ['a']]);
    expect(gone).toEqual([]);
    expect(state).toEqual({ a: [minutes(1), minutes(3)] });
  });

  it('that are there are reported with when they first came', () => {
    expect(seeing([1, ['a']], [2, []], [3, ['a', 'b']]).since).toEqual(
      new Map([
        ['a', minutes(1)],
        ['b', minutes(3)],
      ]),
    );
  });

  it('are missed up to the time they are forgotten after, and not beyond', () => {
    expect(seeing([1, ['a']], [61, []]).gone.map(({ member }) => member)).toEqual(['a']);
    expect(seeing([1, ['a']], [62, []])).toEqual({ gone: [], since: new Map(), state: {} });
  });

  it('that return after they were forgotten are new', () => {
    expect(seeing([1, ['a']], [62, ['a']]).state).toEqual({ a: [minutes(62), minutes(62)] });
  });

  it('may have any name', () => {
    const names = ['__proto__', 'constructor', '', '7', 'Zoë 😀'];
    expect(
      seeing([1, names], [2, []])
        .gone.map(({ member }) => member)
        .sort(),
    ).toEqual(names.toSorted());
  });
});

describe('a set that memory has no room for', () => {
  const state = seeing([1, ['old', 'gone']], [2, ['old', 'new']], [3, ['old', 'new', 'newest']]).state ?? {};

  it('keeps what is gone before what is there, and what is known longest before what is new', () => {
    expect([1, 2, 3, 4].map((most) => Object.keys(thinSet(state, most)))).toEqual([
      ['gone'],
      ['gone', 'old'],
      ['gone', 'old', 'new'],
      ['gone', 'old', 'new', 'newest'],
    ]);
  });

  it('keeps the same members run after run', () => {
    const all = Array.from({ length: 50 }, (_, i) => `leaf${i}`);
    let kept: SetState = {};
    const keptNames = [1, 2, 3].map((minute) => {
      const { next } = recordSet(forget)(kept, { at: minutes(minute), start: 0 }, all.toReversed());
      kept = thinSet(next, 10);
      return Object.keys(kept).sort().join();
    });
    expect(new Set(keptNames).size).toBe(1);
  });
});
