import { expect, it } from 'vitest';
import { tally } from '../../lambdas/diagnoses/tally.ts';

it('ranks values by how often each comes, of equals the first to come', () => {
  expect(tally(['b', 'a', 'c', 'c', 'a'])).toEqual([
    ['a', 2],
    ['c', 2],
    ['b', 1],
  ]);
});

it('has nothing to rank of nothing', () => {
  expect(tally([])).toEqual([]);
});
