import type { Duration } from './durations.ts';
import { minutes } from './durations.ts';
import { aheadOf, mostAhead } from './engine/ahead.ts';
import type { LimitBook } from './engine/limits.ts';
import type { Watch } from './run.ts';
import type { RulePlan } from './rules/plan.ts';
import { factsOf, targetsOf, type WatchSettings } from './settings.ts';

/** A first run shows what just happened. */
const lookBackByDefault = minutes(10);

/** What settings say to watch, cluster by cluster. */
export const watches = (
  settings: WatchSettings,
  book: LimitBook,
  plan: RulePlan,
  lookBack: Duration = lookBackByDefault,
): readonly Watch[] =>
  settings.clusters.map((cluster) => ({
    facts: factsOf(settings, cluster, plan.covers[cluster.name]),
    plan,
    targets: targetsOf(cluster),
    book,
    remindAfter: settings.remindAfter,
    lookBack,
  }));

/**
 * The minute that a schedule names, epoch ms; without one, the current minute.
 * @throws Error if the time is none, or has not come: memory claimed for it would refuse every run until then
 */
export function minuteOf(scheduledTime: string | undefined, now: number): number {
  const at = scheduledTime === undefined ? now : Date.parse(scheduledTime);
  if (Number.isNaN(at)) throw new Error(`scheduledTime "${scheduledTime ?? ''}" is no time`);
  if (at > now + mostAhead) throw new Error(`scheduledTime is ${aheadOf(now, at)}: nothing was run`);
  return at - (at % minutes(1));
}
