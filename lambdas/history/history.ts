import type { Duration } from '../durations.ts';
import { recordEarlier, thinEarlier, type Earlier, type EarlierState, type Figures } from './earlier.ts';
import { recordIncrease, type Increase } from './increase.ts';
import type { Moment, Remember } from './kinds.ts';
import { recordLatest, thinLatest, type Latest, type LatestState, type Update } from './latest.ts';
import { recordPages, thinPages, type Counted, type PagesState } from './pages.ts';
import { recordPrevious, type Previous } from './previous.ts';
import { recordSet, thinSet, type SetDifference, type SetState } from './set.ts';
import { recordUnmoved, type Following, type Unmoved, type Waiting } from './unmoved.ts';
import { thinUnmoved, type UnmovedState } from './unmoved-state.ts';
import { recordTrend, thinTrend, type Trend, type TrendState } from './trend.ts';
import {
  recordWindow,
  thinWindow,
  type Note,
  type Windowed,
  type WindowEntry,
  type WindowState,
} from './window.ts';
import type { Limits } from '../limits.ts';

/** How a history is recorded. Called once a run, by `evaluate`. */
type Recorders = {
  increase: (total: number) => Increase | null;
  latest: (update: Update) => Latest;
  previous: <V extends string | number>(value: V) => Previous<V> | null;
  set: (members: Iterable<string>) => SetDifference;
  trend: (values: ReadonlyMap<string, number>) => Trend;
  unmoved: <T>(things: readonly T[], waitingOf: (thing: T) => Waiting, isWhole?: boolean) => Unmoved;
  earlier: (figures: ReadonlyMap<string, Figures>, isWhole?: boolean) => Earlier;
  pages: (
    part: { readonly page: number; readonly pages: number },
    counts: ReadonlyMap<string, number>,
  ) => Counted;
};
type Kind = keyof Recorders | 'window';

declare const note: unique symbol;
export type HistorySpec = {
  readonly kind: Kind;
  /** A window's length, or the name of the limit that has it in `over`. */
  readonly over?: Duration | string;
  readonly forget?: Duration;
  readonly following?: Following;
  readonly [note]?: Note;
};
type WindowSpec<N extends Note> = HistorySpec & {
  readonly kind: 'window';
  readonly over: string | Duration;
  readonly [note]?: N;
};
export type HistorySpecs = { readonly [name: string]: HistorySpec };

/** The growth of a server's running total since the last run, aware of restarts. */
export const increase = () => ({ kind: 'increase' }) as const;
/** What each thing was when it was last seen; one not seen for longer than `forget` is forgotten. */
export const latest = (forget: Duration) => ({ kind: 'latest', forget }) as const;
/** The value of the last run. */
export const previous = () => ({ kind: 'previous' }) as const;
/** Members seen in earlier runs; one gone for longer than `forget` is no longer missed. */
export const set = (forget: Duration) => ({ kind: 'set', forget }) as const;
/** Growth a day of keyed values, from samples kept for `over`, at least an hour apart. */
export const trend = (over: Duration) => ({ kind: 'trend', over }) as const;
/** Since when each thing that waits stands where it stands, and how long it paused before. */
export const unmoved = (following: Following = {}) => ({ kind: 'unmoved', following }) as const;
/** Figures of named things in the last run, of those that this run names first. */
export const earlier = () => ({ kind: 'earlier' }) as const;
/** Counts by key over a list that is read page by page, one a run. */
export const pages = () => ({ kind: 'pages' }) as const;
/** Sums of keyed entries, and their latest notes, over a limit's window or a fixed one. */
export const window = <N extends Note = Note>(over: string | Duration): WindowSpec<N> => ({
  kind: 'window',
  over,
});

type Recorder<H extends HistorySpec> = H extends { kind: 'window'; readonly [note]?: infer N }
  ? (entries: Iterable<WindowEntry<NonNullable<N> & Note>>) => Windowed<NonNullable<N> & Note>
  : H extends { kind: infer K extends keyof Recorders }
    ? Recorders[K]
    : never;

export type ServerHistory<H extends HistorySpecs> = { readonly [N in keyof H]: Recorder<H[N]> };
/** A running total belongs to one server: a cluster has no `increase`. */
export type ClusterHistory<H extends HistorySpecs> = {
  readonly [N in keyof H as H[N]['kind'] extends 'increase' ? never : N]: Recorder<H[N]>;
};

/** What memory keeps of histories: name -> state. */
export type HistoryState = Readonly<Record<string, { readonly kind: Kind; readonly state: unknown }>>;

/** Recorders of any kind: what each is given and keeps is typed where authors call it. */
type AnyRecord = Remember<unknown, readonly unknown[], unknown>;

function remember(spec: HistorySpec, limits: Limits): unknown {
  const over = typeof spec.over === 'string' ? limits[spec.over]?.over : spec.over;
  switch (spec.kind) {
    case 'increase':
      return recordIncrease;
    case 'latest':
      return recordLatest(spec.forget ?? 0);
    case 'previous':
      return recordPrevious;
    case 'set':
      return recordSet(spec.forget ?? 0);
    case 'trend':
      return recordTrend(over ?? 0);
    case 'unmoved':
      return recordUnmoved(spec.following);
    case 'earlier':
      return recordEarlier;
    case 'pages':
      return recordPages;
    case 'window':
      if (over === undefined)
        throw new Error(`history: no limit with a window is named ${String(spec.over)}`);
      return recordWindow(over);
  }
}

/**
 * The recorders for one diagnosis on one server or cluster. `kept` is replaced, history by history, as `evaluate`
 * calls them; a history that a run does not record stays as it was.
 */
export function openHistory(specs: HistorySpecs, limits: Limits, moment: Moment, kept: HistoryState) {
  const states = new Map(Object.entries(kept));
  const recorded = new Set<string>();
  const recorders = Object.entries(specs).map(([name, spec]) => {
    const record = remember(spec, limits) as AnyRecord;
    return [
      name,
      (...input: readonly unknown[]) => {
        if (recorded.has(name)) throw new Error(`history ${name} is recorded twice in one run`);
        recorded.add(name);
        const before = states.get(name);
        const { next, result } = record(before?.kind === spec.kind ? before.state : null, moment, ...input);
        states.set(name, { kind: spec.kind, state: next });
        return result;
      },
    ] as const;
  });
  return {
    recorders: Object.fromEntries(recorders) as ServerHistory<HistorySpecs>,
    kept: (): HistoryState => Object.fromEntries(states),
  };
}

/** The same history with at most `most` keys a window, trend or set. */
export function thinHistory(history: HistoryState, most: number): HistoryState {
  const thin = (kind: Kind, state: unknown): unknown => {
    switch (kind) {
      case 'window':
        return thinWindow(state as WindowState, most);
      case 'trend':
        return thinTrend(state as TrendState, most);
      case 'set':
        return thinSet(state as SetState, most);
      case 'unmoved':
        return thinUnmoved(state as UnmovedState, most);
      case 'latest':
        return thinLatest(state as LatestState, most);
      case 'earlier':
        return thinEarlier(state as EarlierState, most);
      case 'pages':
        return thinPages(state as PagesState, most);
      case 'increase':
      case 'previous':
        return state;
    }
  };
  return Object.fromEntries(
    Object.entries(history).map(([name, { kind, state }]) => [name, { kind, state: thin(kind, state) }]),
  );
}
