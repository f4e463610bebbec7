import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, keysBy } from '../../lambdas/promql/labels.ts';

describe('keys of labels', () => {
  it.each([
    [{ a: 'x\0b\0y' }, { a: 'x', b: 'y' }],
    [{ a: 'x', b: 'y' }, { a: 'x1:b1:y' }],
    [{ a: 'x', __name__: 'n' }, { a: 'x\0__name__\0n' }],
  ])('are not the same for %j and %j, whatever separates them', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('by some labels are not the same where values only look alike when joined', () => {
    const key = keysBy(['a', 'b']);
    expect(key({ a: 'x\0', b: '' })).not.toBe(key({ a: 'x', b: '\0' }));
    expect(key({ a: '1:', b: '' })).not.toBe(key({ a: '', b: '1:' }));
  });

  it('are the same for the same labels in any order, and for no others', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ':', '\0'), minLength: 1, maxLength: 4 });
    const labels = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });
    const sorted = (given: object) => JSON.stringify(Object.entries(given).sort());
    fc.assert(
      fc.property(labels, labels, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(sorted(one) === sorted(other));
        expect(keyOf(Object.fromEntries(Object.entries(one).reverse()))).toBe(keyOf(one));
      }),
    );
  });
});
