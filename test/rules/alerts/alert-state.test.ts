import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextState, type AlertState } from '../../../lambdas/rules/alerts/alert-state.ts';
import { firing, type RuleScene } from '../firing.ts';

const minute = 60_000;

/** In which minutes an alert fires whose element is there (`1`) or not (`.`), a sign a minute. */
function firesIn(course: string, forMs: number, keepFiringForMs = 0): readonly number[] {
  let state: AlertState | undefined;
  return Array.from(course).flatMap((sign, index) => {
    state = nextState(state, sign === '1', { at: index * minute, forMs, keepFiringForMs });
    return state?.isFiring ? [index] : [];
  });
}

it.each([
  ['11.1', 0, [0, 1, 3]],
  ['1111', 1 * minute, [1, 2, 3]],
  ['1111', 30_000, [1, 2, 3]],
  ['1111', 90_000, [2, 3]],
  ['111.1111', 2 * minute, [2, 6, 7]],
])('%s with for: %i ms fires in %j', (course, forMs, minutes) => {
  expect(firesIn(course, forMs)).toEqual(minutes);
});

it.each([
  ['11......', 0, 2 * minute, [0, 1, 2, 3]],
  ['11......', 0, 90_000, [0, 1, 2, 3]],
  ['1..1....', 0, 3 * minute, [0, 1, 2, 3, 4, 5, 6]],
  // It comes back while it still fires: it need not wait again.
  ['111..1..', 2 * minute, 3 * minute, [2, 3, 4, 5, 6, 7]],
  // It never fired, so there is nothing to keep.
  ['11.11...', 2 * minute, 3 * minute, []],
])('%s with for: %i ms and keep_firing_for: %i ms fires in %j', (course, forMs, keepMs, minutes) => {
  expect(firesIn(course, forMs, keepMs)).toEqual(minutes);
});

it('an alert that fires does not wait again when its rule asks for more patience', () => {
  const fires: AlertState = { activeAt: 0, isFiring: true, leftAt: null };
  expect(nextState(fires, true, { at: minute, forMs: 60 * minute, keepFiringForMs: 0 })).toBe(fires);
});

const longest = 14;
const courses = fc
  .array(fc.constantFrom('1', '1', '.'), { maxLength: longest })
  // Without its marker the last sample would count for five minutes more.
  .map((signs) => [...signs, '.']);
const holds = fc.constantFrom(...[0, 30, 60, 90, 120, 180, 300]);
const alerts = fc.tuple(courses, holds, holds);

it.each([2, 3] as const)('an alert waits, fires and ends as in Prometheus %s', async (major) => {
  const sampled = fc.sample(alerts, { seed: 7 + major, numRuns: 300 });
  const scene: RuleScene = {
    groups: [
      sampled.map(([, hold, keep], index) => ({
        alert: `Alert${index}`,
        expr: `m{i="${index}"}`,
        for: `${hold}s`,
        keep_firing_for: `${keep}s`,
      })),
    ],
    series: sampled.map(([course], index) => ({
      series: `m{i="${index}"}`,
      values: course.map((sign) => (sign === '1' ? '1' : 'stale')).join(' '),
    })),
    minutes: longest,
  };
  const [theirs] = await firing(major, [scene]);
  if (theirs === undefined || 'failed' in theirs) throw new Error('promtool could not evaluate the rules');
  const names = theirs.minutes.map(({ fires }) => new Set(fires.map(({ alertname }) => alertname)));
  const expected = sampled.map((_each, index) =>
    names.flatMap((fires, at) => (fires.has(`Alert${index}`) ? [at] : [])),
  );
  const ours = sampled.map(([course, hold, keep]) =>
    firesIn(course.join('').padEnd(longest + 1, '.'), hold * 1_000, keep * 1_000),
  );
  expect(ours).toEqual(expected);
  expect(ours.filter((minutes) => minutes.length > 0).length).toBeGreaterThan(120);
});
