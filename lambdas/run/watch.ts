import type { ClusterFacts } from '../define.ts';
import type { Duration } from '../durations.ts';
import { minutes } from '../durations.ts';
import { aheadOf, mostAhead } from '../engine/ahead.ts';
import type { LimitBook } from '../limits.ts';
import type { DnsTarget } from '../readings/found-by-name.ts';
import type { Target } from '../readings/reading.ts';
import type { RulePlan } from '../rules/plan.ts';
import { dnsTargetsOf, factsOf, targetsOf, type WatchSettings } from '../settings.ts';

/** One cluster and how to watch it, as settings say. */
export type Watch = {
  readonly facts: ClusterFacts;
  readonly targets: readonly Target[];
  /** Names whose servers each run finds, and adds to the targets. */
  readonly dnsTargets?: readonly DnsTarget[];
  readonly book: LimitBook;
  readonly remindAfter: Duration;
  /** How far a run without memory looks back into closed connections. */
  readonly lookBack: Duration;
  readonly plan: RulePlan;
};

/** A first run shows what just happened. */
const lookBackByDefault = minutes(10);

/** What settings say to watch, cluster by cluster. */
export const watchesOf = (
  settings: WatchSettings,
  book: LimitBook,
  plan: RulePlan,
  lookBack: Duration = lookBackByDefault,
): readonly Watch[] =>
  settings.clusters.map((cluster) => ({
    facts: factsOf(settings, cluster, plan.covers[cluster.name]),
    plan,
    targets: targetsOf(cluster),
    dnsTargets: dnsTargetsOf(cluster),
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
