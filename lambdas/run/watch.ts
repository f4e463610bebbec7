import type { ClusterFacts } from '../define.ts';
import type { Duration } from '../durations.ts';
import { minutes } from '../durations.ts';
import { aheadOf, mostAhead } from '../engine/ahead.ts';
import type { LimitBook } from '../limits.ts';
import type { DnsTarget } from '../readings/found-by-name.ts';
import type { Mute } from '../ports.ts';
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
  readonly remindAfter: WatchSettings['remindAfter'];
  /** Of settings. */
  readonly mutes?: readonly Mute[];
  /** How far a run without memory looks back into closed connections. */
  readonly lookBack: Duration;
  readonly plan: RulePlan;
  /** A number of what was deployed: alarms of another deployment may be new. */
  readonly deployed?: number;
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
    mutes: settings.mute,
    lookBack,
  }));

/**
 * The clusters that an event names, all where it has no list; and those of its names that settings do not have, as where a
 * deployment has not yet come to the schedule.
 * @throws Error if it has something else than a list of names
 */
export function watchesNamed(
  all: readonly Watch[],
  names: unknown,
): { readonly watches: readonly Watch[]; readonly unknown: readonly string[] } {
  if (names === undefined) return { watches: all, unknown: [] };
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new Error(
      `clusters is ${JSON.stringify(names)}: expected a list of names, or nothing for all: nothing was run`,
    );
  }
  return {
    watches: all.filter(({ facts }) => names.includes(facts.name)),
    unknown: names.filter((name) => !all.some(({ facts }) => facts.name === name)),
  };
}

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
