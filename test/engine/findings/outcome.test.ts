import { describe, expect, it } from 'vitest';
import { exitCode, worst, type Outcome } from '../../../lambdas/engine/findings/outcome.ts';

describe('the worst of several outcomes', () => {
  it.each<[outcomes: Outcome[], worst: Outcome, exit: number]>([
    [['ok', 'ok'], 'ok', 0],
    [['ok', 'not-applicable'], 'ok', 0],
    [['not-applicable'], 'not-applicable', 0],
    [['ok', 'warning', 'not-applicable'], 'warning', 1],
    [['warning', 'critical', 'ok'], 'critical', 2],
    [['unknown', 'ok'], 'unknown', 3],
    [['unknown', 'not-applicable'], 'unknown', 3],
    [['warning', 'unknown'], 'unknown', 3],
    [['unknown', 'critical', 'warning'], 'critical', 2],
    [[], 'unknown', 3],
  ])('of %j is %s, exit code %d', (outcomes, expected, exit) => {
    expect([worst(outcomes), exitCode(worst(outcomes))]).toEqual([expected, exit]);
  });
});
