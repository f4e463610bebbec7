import { hours, minutes } from '../durations.ts';

/** After a change, as after a deployment, alarms may be new: for so long what they compare is told every few minutes. */
const settling = { forMs: hours(2), everyMs: minutes(5) } as const;

/** CloudWatch bills a metric by the hour in which it has data, and an alarm keeps its state without any. */
export const settledEveryMs = hours(12);

/** What alarms compare and is as it was is told now and then. Times are epoch ms. */
export type Told = {
  readonly at: number;
  /** When it last changed. */
  readonly since: number;
};

/** Whether it is to be told again. What is remembered may be damaged: then it is. */
export function isDue({ at: last, since }: Told, at: number): boolean {
  const everyMs = at - since < settling.forMs ? settling.everyMs : settledEveryMs;
  return !(at - last < everyMs);
}

/**
 * As after a change: what was told lately may not have been sent in time, so that an alarm that looks at the last minutes alone
 * has not seen it.
 */
export const asChanged = <T extends Told>(told: T | null, at: number): T | null =>
  told === null ? null : { ...told, since: at };
