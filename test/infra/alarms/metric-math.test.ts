import { describe, expect, it } from 'vitest';
import { metricMath } from '../../../infra/cloudwatch/metric-math.ts';

type Value = number | undefined;
const at = (expression: string, a: Value, b: Value) =>
  metricMath(expression).at((id) => (id === 'a' ? a : b));

describe('one metric', () => {
  it('is as it is, and where it is filled it has no gaps', () => {
    expect([at('a', 5, undefined), at('a', undefined, 2)]).toEqual([5, undefined]);
    expect([at('FILL(a, 1)', 0, undefined), at('FILL(a, 1)', undefined, undefined)]).toEqual([0, 1]);
  });
});

describe('arithmetic between two metrics', () => {
  it.each([
    ['a - b', 5, 2, 3],
    ['b - a', 5, 2, -3],
    ['a + b', 5, 2, 7],
    ['a*b', 5, 2, 10],
    ['a / b', 5, 2, 2.5],
  ])('%s of %d and %d is %d', (expression, a, b, expected) => {
    expect(at(expression, a, b)).toBe(expected);
  });

  it('takes a missing side for 0', () => {
    expect([at('a - b', 5, undefined), at('a - b', undefined, 2)]).toEqual([5, -2]);
  });

  it('has no value where both sides are missing', () => {
    expect(at('a - b', undefined, undefined)).toBeUndefined();
  });

  it('has no value where it would divide by zero, be it a missing one', () => {
    expect([at('a / b', 5, 0), at('a / b', 5, undefined)]).toEqual([undefined, undefined]);
  });

  it('has a value where a missing side is filled', () => {
    const filled = 'FILL(a, 7) - FILL(b, 0)';
    expect([at(filled, undefined, undefined), at(filled, 5, undefined), at(filled, 5, 2)]).toEqual([7, 5, 3]);
  });

  it.each(['FILL(a, REPEAT) - b', 'IF(a > 0, b)', 'a - b - a', 'SUM(METRICS())', 'a - 1'])(
    'refuses %s by name',
    (expression) => {
      expect(() => metricMath(expression)).toThrow(
        `"${expression}" cannot be evaluated here: expected a metric, filled or not, or two and one of + - * /`,
      );
    },
  );
});
