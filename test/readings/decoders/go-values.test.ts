import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoDuration, parseGoTime } from '../../../lambdas/readings/decoders/go-values.ts';

describe('a duration as NATS writes it, in seconds', () => {
  it.each([
    ['0s', 0],
    ['45s', 45],
    ['4m5s', 245],
    ['1d0h0m0s', 86_400],
    ['1y2d3h4m5s', 31_536_000 + 2 * 86_400 + 3 * 3_600 + 4 * 60 + 5],
    ['1m2.5s', 62.5],
    ['80.7ms', 0.0807],
    ['306\u00b5s', 0.000306],
    ['306\u03bcs', 0.000306],
    ['17ns', 1.7e-8],
    ['-1.5s', -1.5],
  ])('%s', (text, seconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(seconds, 12);
  });

  it.each(['', '5', 's', '1w', '1h 2m', '1.s', '.5s', '1d2', 'Infinitys', '1e3s'])(
    'is nothing in "%s"',
    (text) => {
      expect(parseGoDuration(text)).toBe(undefined);
    },
  );
});

describe('a time as NATS writes it, in epoch ms', () => {
  it.each([
    ['2026-11-20T09:31:55Z', Date.UTC(2026, 10, 20, 9, 31, 55)],
    ['2026-11-20T09:31:55.9Z', Date.UTC(2026, 10, 20, 9, 31, 55, 900)],
    ['2026-11-20T09:31:55.98Z', Date.UTC(2026, 10, 20, 9, 31, 55, 980)],
    ['2026-11-20T09:31:55.987654321Z', Date.UTC(2026, 10, 20, 9, 31, 55, 987)],
    ['2026-11-20T15:01:55.987654321+05:30', Date.UTC(2026, 10, 20, 9, 31, 55, 987)],
    ['1970-01-01T00:00:12Z', 12_000],
    ['1969-12-31T19:00:12.3-05:00', 12_300],
    ['1969-12-31T18:59:48-05:00', -12_000],
    ['2026-11-20T02:31:55.9-07:00', Date.UTC(2026, 10, 20, 9, 31, 55, 900)],
  ])('%s', (text, ms) => {
    expect(parseGoTime(text)).toBe(ms);
  });

  it('is null for the zero time', () => {
    expect(parseGoTime('0001-01-01T00:00:00Z')).toBe(null);
  });

  it.each([
    '',
    '2026-11-20',
    '2026-11-20 09:31:55Z',
    '2026-11-20T09:31:55',
    '2026-11-20T09:31:55.Z',
    '2026-11-20T09:31:55.1234567890Z',
    '2026-13-20T09:31:55Z',
    '2026-11-32T09:31:55Z',
    '2026-11-20T24:31:55Z',
    '2026-11-20T09:60:55Z',
    '2026-11-20T09:31:60Z',
    '2026-11-20T09:31:5xZ',
    '2026-11-20T09:31:55Zx',
    '2026-11-20T09:31:55+0530',
    '20x6-11-20T09:31:55Z',
    '0026-11-20T09:31:55Z',
  ])('is nothing in "%s"', (text) => {
    expect(parseGoTime(text)).toBe(undefined);
  });

  it('agrees with Date on every time that Date writes', () => {
    const year = { min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(year), (date) => {
        expect(parseGoTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});
