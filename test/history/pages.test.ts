import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import {
  mostOnPage,
  recordPages,
  thinPages,
  type Counted,
  type PagesState,
} from '../../lambdas/history/pages.ts';

type Read = readonly [page: number, pages: number, counts: Readonly<Record<string, number>>];

/** Pages read run after run, five minutes apart unless a gap is given: what the last run tells, and what it left. */
function reading(...reads: readonly (Read | { readonly gap: number })[]) {
  let [state, at]: [PagesState | null, number] = [null, 0];
  let result: Counted = { counts: new Map(), isWhole: false };
  for (const read of reads) {
    if ('gap' in read) {
      at += minutes(read.gap);
      continue;
    }
    const [page, pages, counts] = read;
    at += minutes(5);
    const recorded = recordPages(state, { at, start: 0 }, { page, pages }, new Map(Object.entries(counts)));
    state = recorded.next;
    result = recorded.result;
  }
  return { counts: Object.fromEntries(result.counts), isWhole: result.isWhole, state: state ?? [] };
}

describe('counts over a list that is read page by page', () => {
  it('are those of the list where it is one page, and nothing is kept', () => {
    expect(reading([0, 1, { a: 3 }], [0, 1, { a: 4, b: 1 }])).toEqual({
      counts: { a: 4, b: 1 },
      isWhole: true,
      state: [],
    });
  });

  it('are of what was read so far, which is not the whole', () => {
    const { counts, isWhole } = reading([0, 3, { a: 3 }], [1, 3, { a: 4, b: 1 }]);
    expect([counts, isWhole]).toEqual([{ a: 7, b: 1 }, false]);
  });

  it('are of each page as it was last read', () => {
    const { counts, isWhole } = reading([0, 2, { a: 3 }], [1, 2, { a: 4 }], [0, 2, { a: 1, b: 1 }]);
    expect([counts, isWhole]).toEqual([{ a: 5, b: 1 }, true]);
  });

  it('forget pages that are not there any more', () => {
    const { counts, isWhole } = reading([2, 3, { a: 9 }], [0, 3, { a: 1 }], [1, 2, { a: 1 }]);
    expect([counts, isWhole]).toEqual([{ a: 2 }, true]);
  });

  it('stay through a time in which nothing was read', () => {
    const { counts } = reading([0, 2, { a: 3 }], [1, 2, { a: 4 }], { gap: 600 }, [0, 2, { a: 3 }]);
    expect(counts).toEqual({ a: 7 });
  });

  it('forget a page that is passed over turn after turn', () => {
    const others = Array.from({ length: 7 }, (): Read => [0, 2, { a: 1 }]);
    const { counts, isWhole } = reading([1, 2, { a: 4 }], ...others);
    expect([counts, isWhole]).toEqual([{ a: 1 }, false]);
  });

  it('keep of other pages the largest counts, and fewer in a memory that has grown too large', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`name-${i}`, i]));
    const { state } = reading([0, 2, many]);
    expect([state[0]?.keys.length, state[0]?.keys[0]]).toEqual([mostOnPage, 'name-99']);
    expect(thinPages(state, 2)).toEqual([
      { page: 0, at: minutes(5), keys: ['name-99', 'name-98'], counts: [99, 98] },
    ]);
  });
});
