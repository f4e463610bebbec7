import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from '../../lambdas/promql/index.ts';
import { texts } from './corpus.ts';
import { spoilt } from './mutations.ts';
import { complaints } from './promtool.ts';

/**
 * What promtool takes and the grammar does not: a metric named `offset`, a number that ends in its point, and in
 * Prometheus 3 a space within a duration, and a colon in a label that is grouped by.
 */
const grammarLacks = /\boffset\b|\d\.(?!\d)|\[\d+ m\]|a:b/;

async function verdicts(
  major: 2 | 3,
  given: readonly string[],
): Promise<{
  readonly letThrough: readonly string[];
  readonly refused: readonly string[];
  readonly rejected: number;
}> {
  const said = await complaints(major, given);
  const rows = given.map((text, index) => ({
    text,
    theirs: said[index],
    ours: parse(text, major).problem?.message,
  }));
  return {
    letThrough: rows
      .filter(({ theirs, ours }) => theirs !== undefined && ours === undefined)
      .map(({ text, theirs }) => `${JSON.stringify(text)}: ${theirs ?? ''}`),
    refused: rows
      .filter(
        ({ text, theirs, ours }) => theirs === undefined && ours !== undefined && !grammarLacks.test(text),
      )
      .map(({ text, ours }) => `${JSON.stringify(text)}: ${ours ?? ''}`),
    rejected: rows.filter(({ theirs }) => theirs !== undefined).length,
  };
}

it.each([3, 2] as const)('Prometheus %s takes and refuses the same hand-made expressions', async (major) => {
  const { letThrough, refused } = await verdicts(major, texts);
  expect({ letThrough, refused }).toEqual({ letThrough: [], refused: [] });
});

it.each([3, 2] as const)(
  'Prometheus %s takes and refuses the same generated expressions, spoilt or not',
  async (major) => {
    const given = [...new Set(fc.sample(spoilt, { seed: 31 + major, numRuns: 5000 }))];
    const { letThrough, refused, rejected } = await verdicts(major, given);
    expect({ letThrough, refused }).toEqual({ letThrough: [], refused: [] });
    expect([rejected > 1500, given.length - rejected > 1000]).toEqual([true, true]);
  },
);
