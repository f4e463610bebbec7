import { describe, expect, it } from 'vitest';
import { atLeast, below } from '../../lambdas/define.ts';
import { limitBook, type LimitOverrides } from '../../lambdas/engine/limit-book.ts';
import { diagnosis } from '../infra/catalogue.ts';

const full = diagnosis({
  id: 'SERVER_011',
  limits: {
    used: atLeast({ warning: 0.8 }, { unit: 'ratio', of: 'share' }),
    free: below({ warning: 20 }, { unit: 'count', of: 'places' }),
  },
});
const problems = (limits: LimitOverrides[string]) =>
  limitBook([full], { SERVER_011: limits }).problems.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const ratio = 'expected a ratio from 0 to 1, for 80 % write 0.8';

describe('a level that settings change', () => {
  it.each([0, 0.5, 1])('may be a ratio of %d', (warning) => {
    expect(problems({ used: { warning } })).toEqual([]);
  });

  it.each([80, 1.01, -0.01])('is refused as a ratio of %d, which no share of a whole is', (warning) => {
    expect(problems({ used: { warning } })).toEqual([`SERVER_011.used.warning: ${ratio}`]);
  });

  it.each([0, 0.5, 80])('may be a count of %d', (warning) => {
    expect(problems({ free: { warning } })).toEqual([]);
  });

  it.each([-1, -0.01])('is refused as a count of %d', (warning) => {
    expect(problems({ free: { warning } })).toEqual(['SERVER_011.free.warning: expected 0 or more']);
  });

  it.each([NaN, Infinity, -Infinity])('is refused as %d', (warning) => {
    expect(problems({ used: { warning }, free: { warning } })).toEqual([
      'SERVER_011.used.warning: expected a number or "off"',
      'SERVER_011.free.warning: expected a number or "off"',
    ]);
  });

  it('is refused beside another one, each at its own path', () => {
    expect(problems({ used: { critical: 95, warning: 80 } })).toEqual([
      `SERVER_011.used.critical: ${ratio}`,
      `SERVER_011.used.warning: ${ratio}`,
    ]);
  });

  it('may be off', () => {
    expect(problems({ used: { warning: 'off' } })).toEqual([]);
  });
});
