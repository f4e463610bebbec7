import { days, minutes, seconds } from '../durations.ts';
import { knownServers, type KnownServer, type KnownServers } from './known-servers.ts';

export type { KnownServer, KnownServers } from './known-servers.ts';

/** Of a server that answered, as `/varz` says it; times by its own clock, epoch ms. */
export type Process = {
  readonly id: string;
  readonly name: string | null;
  readonly start: number;
  readonly now: number;
  readonly uptimeSeconds: number;
};

/** Another server that answered between two replies of the same one: no restart explains that. */
export type Beside = Pick<Process, 'id' | 'now'>;

/** Who answered at a target's URL in one run, in this order. */
export type Sighting = {
  readonly target: string;
  readonly processes: readonly Process[];
  readonly beside: readonly Beside[];
  /** Whose replies were taken while `/varz` failed; null where it did not, or none tells. */
  readonly instead: Beside | null;
};

/** For so long after the last answer of another server a URL is said to lead to several. */
const lately = minutes(15);
/** A balancer that stays with one server for hours comes back to the others. */
const remembered = days(1);
const mostPerTarget = 16;
const mostFormer = 4;

/** Clocks that differ by more cannot be compared, but ages can: a host that booted in 1970 has its time set later. */
const comparable = minutes(10);

/** True if this process began after the known one last answered: it took its place, and ran not beside it. */
function startedAfter(running: Process, known: KnownServer, at: number): boolean {
  const age = seconds(running.uptimeSeconds);
  const moved = at - running.now - (known.seenAt - known.now);
  const isComparable = known.seenAt === 0 || Math.abs(moved) <= comparable;
  const wasSet = Math.abs(running.now - running.start - age) > comparable;
  return isComparable && !wasSet ? running.start > known.now : age < at - known.seenAt;
}

/**
 * The known server that this process is, or whose place it took at that URL; null for one that was never seen.
 * @param at when it answered, by our clock, epoch ms
 */
export function serverOf(
  known: KnownServers,
  target: string,
  running: Process,
  at: number,
): KnownServer | null {
  const same = known.byId(running.id);
  if (same !== null) return same;
  if (known.ofFormer(running.id).length > 0) return null;
  const [successor] = known
    .at(target)
    .filter((each) => startedAfter(running, each, at))
    .sort((a, b) => Number(b.name === running.name) - Number(a.name === running.name) || a.seenAt - b.seenAt);
  return successor ?? null;
}

/** The servers that are known after a run, those that settings' targets no longer lead to left out. */
export function recognised(
  before: readonly KnownServer[],
  sightings: readonly Sighting[],
  { targets, at }: { readonly targets: readonly string[]; readonly at: number },
): KnownServers {
  const known = knownServers(before);
  const newSlot = (target: string, id: string) =>
    known.bySlot(target) === null ? target : `${target} ${id}`;
  for (const { target, processes, beside, instead } of sightings) {
    for (const running of processes) {
      const { id, name, start, now } = running;
      const slotBefore = serverOf(known, target, running, at)?.slot;
      // Who answers again was not replaced, whatever the clocks said.
      for (const each of known.ofFormer(id))
        known.put({ ...each, former: each.former.filter((one) => one !== id) }, each);
      const kept = slotBefore === undefined ? null : known.bySlot(slotBefore);
      const former =
        kept === null || kept.id === id
          ? (kept?.former ?? [])
          : [kept.id, ...kept.former].slice(0, mostFormer);
      const slot = kept?.slot ?? newSlot(target, id);
      const seen = { ...kept?.targets, [target]: at };
      known.put({ slot, id, name, start, now, seenAt: at, former, targets: seen }, kept);
    }
    for (const { id, now } of beside) {
      const place = known.byId(id);
      const seen = { ...place?.targets, [target]: at };
      const own = place ?? { slot: newSlot(target, id), id, name: null, start: null, former: [] };
      known.put({ ...own, now, seenAt: at, targets: seen }, place);
    }
    // One that is not known may be a known one that restarted: `/varz` alone tells.
    const same = instead === null ? null : known.byId(instead.id);
    if (instead !== null && same !== null)
      known.put({ ...same, now: instead.now, seenAt: at, targets: { ...same.targets, [target]: at } }, same);
  }
  return within(known, targets, at);
}

function within(known: KnownServers, targets: readonly string[], at: number): KnownServers {
  const kept = new Map<KnownServer, [target: string, at: number][]>();
  for (const target of new Set(targets)) {
    for (const [i, seen] of seenAt(known, target).entries()) {
      if (i > 0 && (i >= mostPerTarget || at - seen.at > remembered)) continue;
      const own = kept.get(seen.server) ?? [];
      own.push([target, seen.at]);
      kept.set(seen.server, own);
    }
  }
  return knownServers(
    known.all().flatMap((server) => {
      const own = kept.get(server);
      return own === undefined ? [] : [{ ...server, targets: Object.fromEntries(own) }];
    }),
  );
}

/** Who answered at a target's URL, the latest first. */
const seenAt = (known: KnownServers, target: string) =>
  known
    .at(target)
    .map((server) => ({ server, at: server.targets[target] ?? 0 }))
    .sort((a, b) => b.at - a.at || b.server.seenAt - a.server.seenAt);

/** Those who answered at a target's URL lately, the latest first; more than one where it leads to several. */
export const answeringAt = (known: KnownServers, target: string, at: number): readonly KnownServer[] =>
  seenAt(known, target)
    .filter((each) => at - each.at <= lately)
    .map(({ server }) => server);

/** Under which the histories are kept of who answers at a target, or of who last did where nobody does. */
export const slotOf = (known: KnownServers, target: string, id: string | null): string =>
  ((id === null ? null : known.byId(id)) ?? seenAt(known, target)[0]?.server)?.slot ?? target;
