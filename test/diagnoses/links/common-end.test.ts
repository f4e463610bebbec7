import { describe, expect, it } from 'vitest';
import { byCommonEnd } from '../../../lambdas/diagnoses/links/common-end.ts';

const pair = (a: string, b: string, weight = 1) => ({ a, b, weight });
const ends = (bad: readonly ReturnType<typeof pair>[], all = bad) =>
  byCommonEnd(bad, all).map(({ end, pairs }) => [end, pairs.map(({ a, b }) => `${a}-${b}`)]);

describe('bad links by the end that they have in common', () => {
  it('are those of the one server that is far from all', () => {
    const bad = [pair('n1', 'n3', 5), pair('n2', 'n3', 7)];
    expect(ends(bad, [...bad, pair('n1', 'n2')])).toEqual([['n3', ['n2-n3', 'n1-n3']]]);
  });

  it('of one link are of the end whose links are the worst of all that it has', () => {
    const bad = [pair('n1', 'n3', 7)];
    expect(ends(bad, [...bad, pair('n1', 'n2', 1), pair('n2', 'n3', 4)])).toEqual([['n3', ['n1-n3']]]);
  });

  it('are each told once, and none is left out', () => {
    const bad = [pair('a', 'x'), pair('b', 'x'), pair('a', 'y'), pair('c', 'z')];
    expect(ends(bad)).toEqual([
      ['a', ['a-x', 'a-y']],
      ['b', ['b-x']],
      ['c', ['c-z']],
    ]);
  });

  it('are none where nothing is bad', () => {
    expect(byCommonEnd([], [pair('a', 'b')])).toEqual([]);
  });
});
