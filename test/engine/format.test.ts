import { describe, expect, it } from 'vitest';
import { printable } from '../../lambdas/engine/printable.ts';
import {
  truncateRows,
  formatBytes,
  formatCount,
  formatPercent,
  formatTime,
  formatValue,
  inline,
  plural,
  wrap,
} from '../../lambdas/engine/format.ts';

describe('numbers in sentences', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567, '1,234,567'],
    [0.834, '0.83'],
    [-500, '-500'],
    [0.01, '0.01'],
    [0.0099, '0.0099'],
    [-0.00012345, '-0.000123'],
    [999_999_999_999_999, '999,999,999,999,999'],
    [1e15, '1000000000000000'],
    [2 ** 360, '2.35e+108'],
    [Infinity, 'Infinity'],
  ])('a count of %d', (n, expected) => {
    expect(formatCount(n)).toBe(expected);
  });

  it.each([
    [0, '0 %'],
    [0.005, '0.5 %'],
    [0.8333, '83.3 %'],
    [1, '100 %'],
    [1.5, '150 %'],
  ])('a ratio of %d', (ratio, expected) => {
    expect(formatPercent(ratio)).toBe(expected);
  });

  it.each([
    [0, '0 B'],
    [0.4, '0 B'],
    [1_023, '1,023 B'],
    [1_024, '1 KiB'],
    [1_536, '1.5 KiB'],
    [64 * 1_024 ** 2, '64 MiB'],
    [3 * 1_024 ** 6, '3,072 PiB'],
  ])('%d bytes', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  it.each([
    [1_200, 'count', '1,200'],
    [0.8, 'ratio', '80 %'],
    [80, 'percent', '80 %'],
    [90, 'seconds', '1 min 30 s'],
    [0.25, 'seconds', '250 ms'],
    [2_048, 'bytes', '2 KiB'],
  ] as const)('%d in %s', (value, unit, expected) => {
    expect(formatValue(value, unit)).toBe(expected);
  });

  it('are singular for exactly one', () => {
    expect([0, 1, 2, 1_500].map((n) => plural(n, 'leafnode'))).toEqual([
      '0 leafnodes',
      '1 leafnode',
      '2 leafnodes',
      '1,500 leafnodes',
    ]);
    expect([1, 2].map((n) => plural(n, 'address', 'addresses'))).toEqual(['1 address', '2 addresses']);
  });

  it('of times are UTC to the minute', () => {
    expect(formatTime(Date.parse('2026-01-31T12:05:59.999Z'))).toBe('2026-01-31 12:05 UTC');
  });
});

describe('lists that are too long', () => {
  it('are shown whole up to the limit and say how many more there are beyond', () => {
    expect(truncateRows(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(truncateRows(['a', 'b', 'c', 'd'], 2)).toEqual(['a', 'b', 'and 2 more']);
    expect(inline(['a', 'b', 'c'])).toBe('a, b, c');
    expect(inline(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });
});

describe('text that is wrapped', () => {
  it('breaks between words at the width and keeps its own line breaks', () => {
    expect(wrap('one two three\nfour', 7)).toEqual(['one two', 'three', 'four']);
  });

  it('gives a word that is longer than the width a line of its own', () => {
    expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
  });
});

describe('text from outside', () => {
  it.each([
    ['an escape sequence', 'red \u001b[31m', 'red \u{fffd}[31m'],
    ['a line break', 'a\nRESOLVED', 'a\u{fffd}RESOLVED'],
    ['a line separator', 'a\u2028b', 'a\u{fffd}b'],
    ['a text direction override', 'a\u202eb', 'a\u{fffd}b'],
    ['half a character', 'a\ud83db', 'a\u{fffd}b'],
    ['other alphabets and emoji', 'Zoë 日本 😀', 'Zoë 日本 😀'],
  ])('with %s is made fit to print', (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('is cut where it is longer than wanted', () => {
    expect(printable('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(printable('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});
