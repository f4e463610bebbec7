import type { ConsumerRow } from '../../readings/decoders/assets.ts';

/**
 * Seconds since what was last at `last`; where this leader has not seen one, since it was elected. Null where a server before
 * 2.11.9 does not say when that was: a leader of seconds would look like a day of silence.
 */
export function silentSeconds(
  { group, created }: ConsumerRow,
  last: number | null,
  at: number,
): number | null {
  const since = last ?? (group.isAlone ? created : group.leaderSince);
  return since === null ? null : Math.max(0, Math.round((at - since) / 1_000));
}
