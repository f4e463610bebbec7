import { formatDuration, minutes } from '../durations.ts';
import { formatTime } from './format.ts';

/**
 * How far a time may lie ahead of the clock that looks at it. A schedule's minute has begun when its event comes, so what is
 * further ahead was named by hand or by a clock that was wrong.
 */
export const mostAhead = minutes(5);

/** Of a `Date`, epoch ms. */
const lastTime = 8.64e15;

/** `2027-01-31 12:00 UTC, 62 d ahead of this clock` */
export const aheadOf = (now: number, at: number): string =>
  at > lastTime
    ? 'a time that no calendar has'
    : `${formatTime(at)}, ${formatDuration(at - now)} ahead of this clock`;
