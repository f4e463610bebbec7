import { describe, expect, it } from 'vitest';
import { above, atLeast, atMost, below, minutes } from '../lambdas/define.ts';
import type { Limit } from '../lambdas/limits.ts';
import { crossed } from '../lambdas/limits.ts';
import { limitBook } from '../lambdas/engine/limit-book.ts';
import { diagnosis } from './infra/catalogue.ts';

const of = { unit: 'count', of: 'closes' } as const;
const severitiesAt = (limit: Limit, value: number) => crossed(limit, value).map(({ severity }) => severity);

describe('a limit', () => {
  it.each([
    ['above', above({ warning: 10 }, of), [9, 10], [11, 10.001]],
    ['at least', atLeast({ warning: 10 }, of), [9, 9.999], [10, 11]],
    ['below', below({ warning: 10 }, of), [10, 11], [9, 9.999]],
    ['at most', atMost({ warning: 10 }, of), [10.001, 11], [10, 9]],
  ])('%s its level is crossed there and not one step before', (_direction, limit, quiet, tripping) => {
    expect(quiet.map((value) => severitiesAt(limit, value))).toEqual([[], []]);
    expect(tripping.map((value) => severitiesAt(limit, value))).toEqual([['warning'], ['warning']]);
  });

  it('tells every level that is crossed, the worst first', () => {
    const limit = above({ info: 1, warning: 10, critical: 100 }, of);
    expect([1, 2, 11, 101].map((value) => crossed(limit, value))).toEqual([
      [],
      [{ severity: 'info', level: 1 }],
      [
        { severity: 'warning', level: 10 },
        { severity: 'info', level: 1 },
      ],
      [
        { severity: 'critical', level: 100 },
        { severity: 'warning', level: 10 },
        { severity: 'info', level: 1 },
      ],
    ]);
  });

  it('without levels is never crossed', () => {
    expect(crossed(above({}, of), Infinity)).toEqual([]);
  });

  it('of zero is a limit like any other', () => {
    expect(severitiesAt(atMost({ critical: 0 }, of), 0)).toEqual(['critical']);
    expect(severitiesAt(above({ warning: 0 }, of), 0)).toEqual([]);
  });
});

const loops = diagnosis({
  id: 'LEAF_104',
  for: minutes(2),
  limits: {
    closes: atLeast({ warning: 3, critical: 10 }, { ...of, over: minutes(10) }),
    room: below({ warning: 20, critical: 5 }, of),
  },
});
const quiet = diagnosis({ id: 'SERVER_001' });
const catalogue = [loops, quiet];

describe('limits in settings', () => {
  it('leave what they do not name as the diagnosis has it', () => {
    expect(limitBook(catalogue, {})).toEqual({
      book: new Map([
        ['LEAF_104', { for: minutes(2), limits: loops.limits }],
        ['SERVER_001', { for: minutes(0), limits: {} }],
      ]),
      problems: [],
      assetProblems: [],
    });
  });

  it('change a level, the window and how long it must hold', () => {
    const { book, problems } = limitBook(catalogue, {
      LEAF_104: { for: minutes(7), closes: { critical: 20, over: minutes(30) } },
    });
    expect(problems).toEqual([]);
    expect(book.get('LEAF_104')).toEqual({
      for: minutes(7),
      limits: {
        closes: atLeast({ warning: 3, critical: 20 }, { ...of, over: minutes(30) }),
        room: loops.limits['room'],
      },
    });
  });

  it('switch a level off, or all of them', () => {
    const { book } = limitBook(catalogue, {
      LEAF_104: { closes: { critical: 'off' }, room: { warning: 'off', critical: 'off' } },
    });
    const limits = book.get('LEAF_104')?.limits;
    expect([limits?.['closes']?.levels, limits?.['room']?.levels]).toEqual([{ warning: 3 }, {}]);
  });

  it('add a level that the diagnosis does not have', () => {
    const one = diagnosis({ id: 'CONN_104', limits: { failed: atLeast({ warning: 20 }, of) } });
    const { book } = limitBook([one], { CONN_104: { failed: { critical: 200 } } });
    expect(book.get('CONN_104')?.limits['failed']?.levels).toEqual({ warning: 20, critical: 200 });
  });

  it('do not change the catalogue', () => {
    const before = structuredClone(loops.limits);
    limitBook(catalogue, { LEAF_104: { closes: { warning: 1 } } });
    expect(loops.limits).toEqual(before);
  });

  it('may have both levels the same', () => {
    expect(limitBook(catalogue, { LEAF_104: { closes: { warning: 10 } } }).problems).toEqual([]);
  });

  it.each([
    [
      'a diagnosis that does not exist',
      { LEAF_999: {} },
      ['LEAF_999'],
      'no such diagnosis; there are LEAF_104',
    ],
    [
      'a limit that does not exist',
      { LEAF_104: { opens: {} } },
      ['LEAF_104', 'opens'],
      'no such limit; LEAF_104 has closes, room',
    ],
    [
      "a word of JavaScript's own",
      { LEAF_104: { constructor: { warning: 1 } } },
      ['LEAF_104', 'constructor'],
      'no such limit; LEAF_104 has closes, room',
    ],
    [
      'a limit of a diagnosis without any',
      { SERVER_001: { x: {} } },
      ['SERVER_001', 'x'],
      'no such limit; SERVER_001 has none',
    ],
    [
      'a critical level that is milder than the warning',
      { LEAF_104: { closes: { critical: 2 } } },
      ['LEAF_104', 'closes'],
      'critical (2) must be above warning (3)',
    ],
    [
      'the same for a limit that falls',
      { LEAF_104: { room: { critical: 21 } } },
      ['LEAF_104', 'room'],
      'critical (21) must be below warning (20)',
    ],
    [
      'a window where there is none',
      { LEAF_104: { room: { over: minutes(1) } } },
      ['LEAF_104', 'room'],
      'this limit has no window to change',
    ],
    [
      'a window of nothing, which could never be crossed',
      { LEAF_104: { closes: { over: minutes(0) } } },
      ['LEAF_104', 'closes'],
      'a window of 0s holds nothing: to switch the limit off, set its levels to off',
    ],
  ])('are refused for %s', (_what, overrides, path, message) => {
    expect(limitBook(catalogue, overrides).problems).toEqual([{ path, message }]);
  });

  it('tell every problem at once and keep the catalogue for what is wrong', () => {
    const { book, problems } = limitBook(catalogue, {
      LEAF_104: { closes: { critical: 1 }, rooms: {} },
      LEAF_105: {},
    });
    expect(problems.map(({ path }) => path.join('.'))).toEqual([
      'LEAF_105',
      'LEAF_104.closes',
      'LEAF_104.rooms',
    ]);
    expect(book.get('LEAF_104')?.limits).toEqual(loops.limits);
  });
});
