import { expect, it } from 'vitest';
import { days, minutes } from '../../../lambdas/durations.ts';
import { formatRoundTrip, roundTripsOf } from '../../../lambdas/diagnoses/links/round-trip.ts';
import { recordLatest, type LatestState } from '../../../lambdas/history/latest.ts';
import { firstMinute } from '../../kit.ts';

/** What is usual, in seconds, after each of these round trips, so far apart. */
function usualAfter(trips: readonly number[], apart: number): readonly (number | null)[] {
  let state: LatestState | null = null;
  const record = recordLatest(days(14));
  return [...trips, trips.at(-1) ?? 0].map((seconds, i) => {
    const at = firstMinute + i * apart;
    const [trip] = roundTripsOf(
      [{ link: 'n1 west', seconds }],
      (update) => {
        const { next, result } = record(state, { at, start: 0 }, update);
        state = next;
        return result;
      },
      at,
    );
    const { usual = null } = trip ?? {};
    return usual === null ? null : Number(usual.toFixed(4));
  });
}

it('is usually the shortest that was seen, and not known at first', () => {
  expect(usualAfter([0.08, 0.07, 0.2], minutes(1))).toEqual([null, 0.08, 0.07, 0.07]);
});

it('becomes a longer one within two days', () => {
  expect(usualAfter([0.02, 0.09, 0.09, 0.09], days(1))).toEqual([null, 0.02, 0.04, 0.08, 0.09]);
});

it('grows minute by minute as well', () => {
  const looks = usualAfter(
    Array.from({ length: 1_441 }, (_, i) => (i === 0 ? 0.02 : 0.09)),
    minutes(1),
  );
  expect(looks.at(-1)).toBe(0.04);
});

it.each([
  [0.00018, '0.2 ms'],
  [0.0042, '4.2 ms'],
  [0.084, '84 ms'],
  [0.9999, '1,000 ms'],
  [1.24, '1.2 s'],
])('%d s are %s', (seconds, words) => {
  expect(formatRoundTrip(seconds)).toBe(words);
});
