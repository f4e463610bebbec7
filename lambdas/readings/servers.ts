import { days, minutes, seconds } from '../durations.ts';

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

/** A server as memory knows it: one process, and after a restart the next. */
export type KnownServer = {
  /** Under which its histories are kept. */
  readonly slot: string;
  readonly id: string;
  readonly name: string | null;
  /** Null for one that never answered `/varz`. */
  readonly start: number | null;
  /** When it last answered, by its own clock and by ours, epoch ms. */
  readonly now: number;
  readonly seenAt: number;
  /** Its processes before, the latest first. */
  readonly former: readonly string[];
  /** Targets at whose URLs it answered, and when last, by our clock. */
  readonly targets: Readonly<Record<string, number>>;
};

/** For so long after the last answer of another server a URL is said to lead to several. */
export const lately = minutes(15);
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
  known: readonly KnownServer[],
  target: string,
  running: Process,
  at: number,
): KnownServer | null {
  const same = known.find(({ id }) => id === running.id);
  if (same !== undefined) return same;
  if (known.some(({ former }) => former.includes(running.id))) return null;
  const [successor] = known
    .filter((each) => Object.hasOwn(each.targets, target) && startedAfter(running, each, at))
    .sort((a, b) => Number(b.name === running.name) - Number(a.name === running.name) || a.seenAt - b.seenAt);
  return successor ?? null;
}

/** The servers that are known after a run, those that settings' targets no longer lead to left out. */
export function recognised(
  before: readonly KnownServer[],
  sightings: readonly Sighting[],
  { targets, at }: { readonly targets: readonly string[]; readonly at: number },
): readonly KnownServer[] {
  let known = before;
  const put = (server: KnownServer, place: KnownServer | null) => {
    known = place === null ? [...known, server] : known.map((each) => (each === place ? server : each));
  };
  const newSlot = (target: string, id: string) =>
    known.some(({ slot }) => slot === target) ? `${target} ${id}` : target;
  for (const { target, processes, beside, instead } of sightings) {
    for (const running of processes) {
      const { id, name, start, now } = running;
      const place = serverOf(known, target, running, at);
      // Who answers again was not replaced, whatever the clocks said.
      known = known.map((each) => ({ ...each, former: each.former.filter((one) => one !== id) }));
      const kept = known.find(({ slot }) => slot === place?.slot) ?? null;
      const former =
        kept === null || kept.id === id
          ? (kept?.former ?? [])
          : [kept.id, ...kept.former].slice(0, mostFormer);
      const slot = kept?.slot ?? newSlot(target, id);
      const seen = { ...kept?.targets, [target]: at };
      put({ slot, id, name, start, now, seenAt: at, former, targets: seen }, kept);
    }
    for (const { id, now } of beside) {
      const place = known.find((each) => each.id === id) ?? null;
      const seen = { ...place?.targets, [target]: at };
      const own = place ?? { slot: newSlot(target, id), id, name: null, start: null, former: [] };
      put({ ...own, now, seenAt: at, targets: seen }, place);
    }
    // One that is not known may be a known one that restarted: `/varz` alone tells.
    const same = known.find(({ id }) => id === instead?.id);
    if (instead !== null && same !== undefined)
      put({ ...same, now: instead.now, seenAt: at, targets: { ...same.targets, [target]: at } }, same);
  }
  return within(known, targets, at);
}

function within(
  known: readonly KnownServer[],
  targets: readonly string[],
  at: number,
): readonly KnownServer[] {
  const kept = new Map(
    targets.map((target) => [
      target,
      seenAt(known, target).filter(
        (server, i) => i === 0 || (i < mostPerTarget && at - server.at <= remembered),
      ),
    ]),
  );
  return known.flatMap((server) => {
    const own = [...kept].flatMap(([target, seen]) => {
      const one = seen.find(({ server: { slot } }) => slot === server.slot);
      return one === undefined ? [] : [[target, one.at] as const];
    });
    return own.length === 0 ? [] : [{ ...server, targets: Object.fromEntries(own) }];
  });
}

/** Who answered at a target's URL, the latest first. */
const seenAt = (known: readonly KnownServer[], target: string) =>
  known
    .flatMap((server) => {
      const at = Object.hasOwn(server.targets, target) ? server.targets[target] : undefined;
      return at === undefined ? [] : [{ server, at }];
    })
    .sort((a, b) => b.at - a.at || b.server.seenAt - a.server.seenAt);

/** Those who answered at a target's URL lately, the latest first; more than one where it leads to several. */
export const answeringAt = (
  known: readonly KnownServer[],
  target: string,
  at: number,
): readonly KnownServer[] =>
  seenAt(known, target)
    .filter((each) => at - each.at <= lately)
    .map(({ server }) => server);

/** Under which the histories are kept of who answers at a target, or of who last did where nobody does. */
export const slotOf = (known: readonly KnownServer[], target: string, id: string | null): string =>
  (known.find((server) => server.id === id) ?? seenAt(known, target)[0]?.server)?.slot ?? target;
