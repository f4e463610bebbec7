import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { mostRemembered, recordLatest, thinLatest, type LatestState } from '../../lambdas/history/latest.ts';

const forget = minutes(60);

type Run = readonly [minute: number, values: Readonly<Record<string, string>>];

/** What things are run after run: what the last run knew of before, and the state it left. */
function seeing(...runs: readonly Run[]) {
  let state: LatestState | null = null;
  let before: Readonly<Record<string, unknown>> = {};
  let notFollowed = 0;
  for (const [minute, values] of runs) {
    const recorded: ReturnType<ReturnType<typeof recordLatest>> = recordLatest(forget)(
      state,
      { at: minutes(minute), start: 0 },
      () => new Map(Object.entries(values)),
    );
    state = recorded.next;
    before = Object.fromEntries(recorded.result.before);
    notFollowed = recorded.result.notFollowed;
  }
  return { before, notFollowed, state };
}

const many = (count: number, prefix = 'stream') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}-${i}`, `value ${i}`]));

describe('what a thing was', () => {
  it('is not known when it is seen for the first time', () => {
    expect(seeing([1, { a: 'x' }]).before).toEqual({});
  });

  it('is its value in the last run that saw it, with when it was seen first and last', () => {
    expect(seeing([1, { a: 'x' }], [2, { a: 'y' }], [3, {}], [4, { a: 'z' }]).before).toEqual({
      a: { value: 'y', firstSeen: minutes(1), lastSeen: minutes(2) },
    });
  });

  it.each([
    [60, ['a']],
    [61, []],
  ])('is known for an hour after it was seen: %d minutes later', (minute, known) => {
    expect(Object.keys(seeing([0, { a: 'x' }], [minute, {}]).before)).toEqual(known);
  });

  it('can be told from what it was before', () => {
    const at = (minute: number) => ({ at: minutes(minute), start: 0 });
    const { next } = recordLatest(forget)(null, at(1), () => new Map([['a', '1']]));
    const counted = recordLatest(forget)(
      next,
      at(2),
      (before) => new Map([...before].map(([name, { value }]) => [name, `${value}1`])),
    );
    expect(counted.next.values).toEqual(['11']);
  });
});

describe('too many things', () => {
  it('are told, and the same ones stay from run to run', () => {
    const { notFollowed, state } = seeing(
      [1, many(mostRemembered)],
      [2, { ...many(3, 'another'), ...many(mostRemembered) }],
    );
    expect([notFollowed, state?.names.length]).toEqual([3, mostRemembered]);
    expect(state?.names.some((name) => name.startsWith('another'))).toBe(false);
  });

  it('leave those seen last, of these those known longest', () => {
    const { state } = seeing([1, { a: '', b: '' }], [2, { b: '', c: '' }], [3, { b: '', c: '' }]);
    if (state === null) throw new Error('nothing was kept');
    expect(thinLatest(state, 2).names).toEqual(['b', 'c']);
  });

  it('are small: 2,000 with values of 60 characters', () => {
    const streams = Array.from({ length: 2_000 }, (_, i) => [
      JSON.stringify(['east', 'ACCOUNT', `ORDERS-${i}`]),
      `["n${i % 9}","n${(i + 1) % 9}"] ${1_700_000_000_000 + i * 7_919_001} ${i * 104_729 * 8}`,
    ]);
    const { state } = seeing([1, Object.fromEntries(streams) as Record<string, string>]);
    expect(gzipSync(JSON.stringify(state)).length).toBeLessThan(40_000);
  });
});
