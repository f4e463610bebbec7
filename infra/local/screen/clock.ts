import { days } from '../../../lambdas/durations.ts';
import { formatTime } from '../../../lambdas/engine/format.ts';

/** Writes a time, epoch ms. */
export type Clock = (time: number) => string;

/** `10:07`, and of times a day ago or longer the date: `11-19 10:07`; both UTC. */
export const clock =
  (now: number): Clock =>
  (time) =>
    formatTime(time).slice(now - time < days(1) ? 11 : 5, 16);
