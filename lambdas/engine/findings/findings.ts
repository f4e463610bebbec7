import type { Diagnosis, Entity, Severity } from '../../define.ts';
import { minutes, type Duration } from '../../durations.ts';
import type { NoticeKind } from '../../ports.ts';
import { admitted } from './admission.ts';
import { printable, printableName } from '../printable.ts';
import { describe } from './compose.ts';
import {
  levels,
  openSeverity,
  worstFirst,
  type FindingState,
  type Level,
  type LevelState,
} from './finding-state.ts';
import { contextOf, type About } from '../judgement/context.ts';
import type { Crossing, Judgement } from '../judgement/judge.ts';
import { nameKey } from './name-key.ts';

export type Change = {
  readonly key: string;
  readonly kind: NoticeKind;
  /** Lowered and resolved go out under the highest severity announced, so that whoever heard it hears its end. */
  readonly severity: Level;
  readonly finding: FindingState;
};

/** A finding that holds in this run, with the judgement it comes from. */
export type CurrentFinding = {
  readonly key: string;
  readonly severity: Severity;
  readonly judgement: Judgement;
  readonly crossing: Crossing;
  readonly state: FindingState;
};

const clearRuns = 2;
const shortestLife = minutes(5);
/** A pending finding that more than so many runs did not see starts its `for` anew. */
const longestGapInRuns = 3;

/** The name stands last and whole, since it may hold anything: neither ids nor targets have a `|`. */
export const findingKey = (diagnosis: Diagnosis, target: string | null, { kind, name }: Entity): string =>
  [diagnosis.id, target ?? '', kind, nameKey(name)].join('|');

function nextLevel(
  before: LevelState | undefined,
  isCrossed: boolean,
  conclusive: boolean,
  { at, hold, every, firstRun }: { at: number; hold: number; every: Duration; firstRun: boolean },
): LevelState | undefined {
  if (isCrossed) {
    const isPendingAnew =
      before === undefined || (before.opened === null && at - before.lastSeen > longestGapInRuns * every);
    const since = isPendingAnew ? at : before.since;
    const opened = before?.opened ?? (at - since >= hold || firstRun ? at : null);
    return { since, lastSeen: at, opened, cleared: 0 };
  }
  if (before === undefined || !conclusive) return before;
  if (before.opened === null) return undefined;
  const cleared = before.cleared + 1;
  return cleared >= clearRuns && at - before.opened >= shortestLife ? undefined : { ...before, cleared };
}

function changeKind(before: Level | null, now: Level | null, isDue: boolean): NoticeKind | null {
  if (now === null) return before === null ? null : 'resolved';
  if (before === null) return 'opened';
  if (before === now) return isDue ? 'reminded' : null;
  return now === 'critical' ? 'raised' : 'lowered';
}

const higher = (a: Level | null, b: Level | null): Level | null =>
  a === 'critical' || b === 'critical' ? 'critical' : (a ?? b);

export type LifecycleInput = About & {
  /** How often the check runs. */
  readonly every: Duration;
  readonly judgements: readonly Judgement[];
  readonly states: Readonly<Record<string, FindingState>>;
  /** Of all severities, or of each. */
  readonly remindAfter: number | Readonly<Record<Level, number>>;
  /** Whether messages of a diagnosis are held back: nothing is told of its findings, and what is new when that ends is told then. */
  readonly isMuted?: (diagnosis: string) => boolean;
};

/**
 * Carries findings from run to run. One opens when its limit stayed crossed for `for`, resolves after two runs in a
 * row that looked and did not find it, at least 5 minutes after it opened; what could not be seen changes nothing.
 * Those too many to be kept (`admitted`) are current without being reported, `for` or not; `crowdedOut` counts them.
 */
export function carryFindings(input: LifecycleInput) {
  const { judgements, at, every, firstRun, remindAfter } = input;
  const crossings = new Map<string, Seen>();
  const judged = new Map<string, Judgement>();
  for (const judgement of judgements) {
    const target = judgement.target?.name ?? null;
    judged.set(`${judgement.diagnosis.id}|${target ?? ''}`, judgement);
    for (const crossing of judgement.breaches) {
      const key = findingKey(judgement.diagnosis, target, crossing.measurement.entity);
      const other = crossings.get(key);
      if (!other || worstFirst(topOf(crossing), topOf(other.crossing)) < 0)
        crossings.set(key, { judgement, crossing });
    }
  }

  const known = renamed(input.states, crossings);
  const fresh = [...crossings]
    .filter(([key]) => !Object.hasOwn(known, key))
    .sort(([, a], [, b]) => worstFirst(topOf(a.crossing), topOf(b.crossing)));
  const candidates = fresh.flatMap(([key, { judgement, crossing }]) => {
    const severity = topOf(crossing);
    return severity === 'info' ? [] : [{ key, diagnosis: judgement.diagnosis.id, severity }];
  });
  const taken = admitted(candidates, Object.values(known));

  const isDue = ({ toldAt }: FindingState, severity: Level | null) =>
    severity !== null &&
    at - toldAt >= (typeof remindAfter === 'number' ? remindAfter : remindAfter[severity]);
  const states: Record<string, FindingState> = {};
  const changes: Change[] = [];
  const current: CurrentFinding[] = [];
  for (const key of [...Object.keys(known), ...fresh.map(([key]) => key)]) {
    const before = Object.hasOwn(known, key) ? known[key] : undefined;
    const now = crossings.get(key);
    const judgement = now?.judgement ?? judged.get(`${before?.diagnosis ?? ''}|${before?.target ?? ''}`);
    const hold = input.book.get(judgement?.diagnosis.id ?? '')?.for ?? judgement?.diagnosis.for ?? 0;
    const conclusive = judgement?.conclusive ?? false;
    const crossedLevels = new Set(now?.crossing.levels.map(({ severity }) => severity));
    if (now && before === undefined && !taken.has(key)) {
      current.push({ key, severity: topOf(now.crossing), ...now, state: carried(before, now, at, input) });
      continue;
    }
    const nextLevels: FindingState['levels'] = Object.fromEntries(
      levels.flatMap((level) => {
        // Settings no longer name its diagnosis or target: it ends here, and whoever heard of it hears that.
        if (judgement === undefined) return [];
        const next = nextLevel(before?.levels[level], crossedLevels.has(level), conclusive, {
          at,
          hold,
          every,
          firstRun,
        });
        return next === undefined ? [] : [[level, next]];
      }),
    );
    const updated = carried(before, now, at, input);
    const since = Math.min(...Object.values(nextLevels).map((level) => level.since));
    const state = { ...updated, levels: nextLevels, since: Number.isFinite(since) ? since : updated.since };
    const severity = openSeverity(state);
    const announced = before?.announced ?? null;
    const isHeld = input.isMuted?.(state.diagnosis) ?? false;
    const kind = isHeld ? null : changeKind(announced, severity, isDue(state, severity));
    const highestAnnounced = higher(before?.highestAnnounced ?? null, isHeld ? null : severity);
    const announcedState = {
      ...state,
      summary: severity !== null && now ? summaryOf(now, input) : state.summary,
      announced: isHeld ? announced : severity,
      highestAnnounced,
      toldAt: kind === null ? state.toldAt : at,
    };
    if (kind !== null) {
      const under = kind === 'lowered' || kind === 'resolved' ? highestAnnounced : severity;
      changes.push({ key, kind, severity: under ?? 'warning', finding: announcedState });
    }
    // Its end is still to be told.
    const isOwed = isHeld && announced !== null;
    if (Object.keys(nextLevels).length > 0 || isOwed) states[key] = announcedState;
    if (severity !== null && now) current.push({ key, severity, ...now, state: announcedState });
  }
  return { states, changes, current, crowdedOut: candidates.length - taken.size };
}

type Seen = { readonly judgement: Judgement; readonly crossing: Crossing };
type Crossings = ReadonlyMap<string, Seen>;

/** The findings under their keys of now: one that an earlier release kept under a cut name goes on under the whole one. */
function renamed(states: LifecycleInput['states'], crossings: Crossings): LifecycleInput['states'] {
  const cut = new Set(
    Object.keys(states).filter((key) => states[key]?.mayBeCut === true && !crossings.has(key)),
  );
  if (cut.size === 0) return states;
  const wholeOf = new Map<string, string>();
  for (const [key, { crossing }] of crossings) {
    const { name } = crossing.measurement.entity;
    const stem = key.slice(0, key.length - nameKey(name).length);
    const isCutOf = (other: string) => other.startsWith(stem) && mayBe(other.slice(stem.length), name);
    const former = Object.hasOwn(states, key) ? undefined : [...cut].find(isCutOf);
    if (former === undefined) continue;
    cut.delete(former);
    wholeOf.set(former, key);
  }
  return Object.fromEntries(Object.entries(states).map(([key, state]) => [wholeOf.get(key) ?? key, state]));
}

/** Names were cut at 64 characters by some diagnoses and at 200 by all, and what cannot be printed was replaced. */
const shortestCut = 63;

function mayBe(cut: string, name: string): boolean {
  const whole = printable(name, Infinity);
  return whole === cut || (cut.length >= shortestCut && whole.startsWith(cut.replace(/…$/, '')));
}

const topOf = (crossing: Crossing | undefined): Severity => crossing?.levels[0]?.severity ?? 'info';

/** Of what is open, or may be told of later as it was last seen. */
const summaryOf = ({ judgement, crossing }: Seen, about: LifecycleInput): string =>
  printable(describe(judgement.diagnosis, crossing, about).summary);

/** The state's facts but for its summary, brought up to date where the finding was seen again. */
function carried(
  before: FindingState | undefined,
  now: Seen | undefined,
  at: number,
  about: LifecycleInput,
): FindingState {
  if (now === undefined) {
    if (before === undefined) throw new Error('a finding without past or present');
    return before;
  }
  const { judgement, crossing } = now;
  const { measurement } = crossing;
  const { limits } = contextOf(judgement.diagnosis, about);
  return {
    diagnosis: judgement.diagnosis.id,
    target: judgement.target?.name ?? null,
    entity: { ...measurement.entity, name: printableName(measurement.entity.name) },
    levels: before?.levels ?? {},
    since: before?.since ?? at,
    announced: before?.announced ?? null,
    highestAnnounced: before?.highestAnnounced ?? null,
    toldAt: before?.toldAt ?? at,
    sinceUnknown: before?.sinceUnknown ?? about.firstRun,
    // Two limits of one entity may take turns: their values are not of one kind.
    firstObserved: before?.limitName === measurement.limit ? before.firstObserved : measurement.value,
    observed: measurement.value,
    limit: crossing.levels[0]?.level ?? 0,
    unit: limits[measurement.limit]?.unit ?? 'count',
    limitName: measurement.limit,
    summary: before?.summary ?? '',
    enriched: before?.enriched ?? {},
  };
}
