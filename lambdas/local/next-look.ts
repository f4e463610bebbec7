import { minutes } from '../durations.ts';

/**
 * When a watch looks again, epoch ms: whole minutes after it looked last, whatever a look takes. Rules count on it: of samples
 * 61 seconds apart a window of a minute holds one, and an alarm one less in an hour.
 */
export const nextLook = (last: number, now: number): number =>
  last + minutes(1) * Math.max(1, Math.ceil((now - last) / minutes(1)));
