import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../lambdas/promql/index.ts';
import { readCells, writeCells } from '../../../lambdas/rules/samples/cells.ts';
import { readNumbers, writeNumbers } from '../../../lambdas/rules/samples/tokens.ts';

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -1e6, max: 1e6 }).map((thousandths) => thousandths / 1_000),
  fc.constantFrom(null, undefined, -0, 2 ** 51, 2 ** 51 + 1, -(2 ** 51)),
);
const rows = fc
  .integer({ min: 0, max: 12 })
  .chain((size) => fc.array(fc.array(cell, { minLength: size, maxLength: size }), { maxLength: 6 }));

const writtenRows = (all: readonly (readonly Cell[])[]): readonly string[] => {
  const before = (all[0] ?? []).map(() => 0);
  return all.map((cells) => writeCells(cells, cells.length, before));
};

describe('rows as text', () => {
  it('are what they were, whatever the values', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const size = all[0]?.length ?? 0;
        const before = new Array<number>(size).fill(0);
        expect(writtenRows(all).map((text) => readCells(text, size, before))).toEqual(all);
      }),
      { numRuns: 2_000 },
    );
  });

  it('need no escapes in JSON', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const text = writtenRows(all).join('');
        expect(JSON.stringify(text)).toBe(`"${text}"`);
      }),
    );
  });

  it('are short where nothing changes', () => {
    const values = Array.from({ length: 1_000 }, (_each, i) => i * 7_919);
    expect(writtenRows([values, values])[1]).toBe('.*nf');
  });

  it('are short where all grows alike', () => {
    const values = Array.from({ length: 1_000 }, (_each, i) => i + 0.5);
    const [, later] = writtenRows([values, values.map((value) => value + 60)]);
    expect(later).toMatch(/^.{1,9}$/);
  });
});

describe('indexes as text', () => {
  it('are what they were', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300)), (numbers) => {
        expect(readNumbers(writeNumbers(numbers), numbers.length, 301)).toEqual(numbers);
      }),
    );
  });
});
