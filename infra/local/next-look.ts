import { minutes } from '../../lambdas/durations.ts';

/**
 * When a watch looks again, epoch ms: whole minutes after it looked last, whatever a look takes. Rules count on it: of samples
 * 61 seconds apart a window of a minute holds one, and an alarm one less in an hour. Where the clock was set back, a minute from
 * now: it would stand still until the clock is there again.
 */
export const nextLook = (last: number, now: number): number =>
  now + minutes(1) < last
    ? now + minutes(1)
    : last + minutes(1) * Math.max(1, Math.ceil((now - last) / minutes(1)));
