import type { Asked, Breach, Diagnosis, FailedPath, Measurement, Severity, Verdict } from '../../define.ts';
import { keyOfDns, type DnsLook } from '../../readings/found-by-name.ts';
import type { Target } from '../../readings/reading.ts';
import { contextOf, type About } from './context.ts';
import { openHistory, type HistoryState } from '../../history/history.ts';
import { crossed } from '../../limits.ts';
import { means } from '../asset-patterns.ts';
import { unseenText } from '../unseen.ts';
import type { Unseen } from '../../define.ts';
import { withoutOf, type Without } from './without.ts';
import {
  answeringOf,
  asUnseen,
  behind,
  impossibleOf,
  unseenOf,
  viewServers,
  type Readable,
  type Snapshot,
  type TargetReadings,
  type Unread,
} from './views.ts';

/** A diagnosis' answer on one server (`target` null: on the cluster). */
export type Judgement = {
  readonly diagnosis: Diagnosis;
  readonly target: Target | null;
  readonly verdict: 'measured' | 'unknown' | 'not-applicable';
  /** What was seen, or why nothing was. */
  readonly seen: string;
  /** True if an entity that did not breach was really looked at. */
  readonly conclusive: boolean;
  readonly breaches: readonly Crossing[];
  /** A rule that holds, and not for long enough yet: it has no breach before. */
  readonly pending?: boolean;
  /** What it wants to be read before it is asked again. */
  readonly asks?: readonly Asked[];
  readonly without?: Without;
};

/** One measurement beyond at least one level. */
export type Crossing = {
  readonly measurement: Measurement<string, unknown>;
  /** Every level crossed, worst first. */
  readonly levels: readonly { readonly severity: Severity; readonly level: number }[];
};

export const breachOf = ({ measurement, levels: [worst] }: Crossing): Breach<string, unknown> => ({
  ...measurement,
  severity: worst?.severity ?? 'info',
  level: worst?.level ?? 0,
});

export type JudgeInput = About & {
  /** Readings of a server that failed, as far as the check answers for them. */
  readonly failures: (read: TargetReadings) => readonly FailedPath[];
  /** History states by `historyKey`. */
  readonly history: Readonly<Record<string, HistoryState>>;
};

/** @param slot of a server; null for the cluster */
const historyKey = (diagnosis: Diagnosis, slot: string | null) =>
  slot === null ? diagnosis.id : `${diagnosis.id} ${slot}`;

/** Under which keys a diagnosis keeps its histories. */
export const historyKeys = (diagnosis: Diagnosis, slots: readonly string[]): readonly string[] =>
  [null, ...slots].map((slot) => historyKey(diagnosis, slot));
const startOf = ({ readings: { varz } }: TargetReadings) => (varz?.ok ? varz.value.start : 0);

/** One diagnosis over one snapshot. Returns its answers and the history it keeps. */
export function judge(diagnosis: Diagnosis, snapshot: Snapshot, input: JudgeInput) {
  const context = contextOf(diagnosis, input);
  const { limits, at } = context;
  const { ofAssets = [] } = input.book.get(diagnosis.id) ?? {};
  const limitOf = ({ limit, entity: { asset } }: Measurement<string, unknown>) => {
    const own = asset && ofAssets.find(({ pattern }) => means(pattern, asset));
    return (own?.limits ?? limits)[limit];
  };
  const { looks = [] } = snapshot;
  const states = new Map<string, HistoryState>();
  const kept = () => Object.fromEntries(states);
  const remembers = Object.keys(diagnosis.history).length > 0;
  const open = (read: TargetReadings | null) => {
    if (!remembers) return { recorders: {}, close: () => {} };
    const key = historyKey(diagnosis, read === null ? null : answeringOf(read).slot);
    const start = read === null ? 0 : startOf(read);
    const history = openHistory(diagnosis.history, limits, { at, start }, input.history[key] ?? {});
    return { recorders: history.recorders, close: () => states.set(key, history.kept()) };
  };
  const isTwin = (read: TargetReadings) => answeringOf(read).twin !== null;
  const [twins, counted] =
    diagnosis.ofTarget === true
      ? [[], snapshot.servers]
      : [snapshot.servers.filter(isTwin), snapshot.servers.filter((read) => !isTwin(read))];
  const { readable, unread, tooOld } = viewServers(diagnosis.reads, counted);

  const conclude = (
    target: Target | null,
    verdict: Verdict<string, unknown>,
    /** What was not seen of servers that were read. */
    partly: readonly Unseen[],
    /** Targets that could not be read. */
    silent: readonly string[] = [],
  ): Judgement => {
    if (verdict.kind === 'not-applicable') return unseen(target, verdict.kind, verdict.reason);
    if (verdict.kind === 'unknown') return unseen(target, verdict.kind, verdict.reason, verdict.without);
    // Counts, ratios and durations: nothing that is measured can be below 0.
    const odd = verdict.measurements.find(({ value }) => !Number.isFinite(value) || value < 0);
    if (odd)
      return unseen(target, 'unknown', `${odd.limit} of ${odd.entity.name} was measured as ${odd.value}`);
    const breaches = verdict.measurements.flatMap((measurement) => {
      const limit = limitOf(measurement);
      if (limit === undefined) throw new Error(`${diagnosis.id} has no limit named ${measurement.limit}`);
      const levels = crossed(
        measurement.levels === undefined ? limit : { ...limit, levels: measurement.levels },
        measurement.value,
      );
      return levels.length > 0 ? [{ measurement, levels }] : [];
    });
    const blind = [...silent.map((name): Unseen => ({ name, why: 'failed' })), ...partly];
    const conclusive = blind.length === 0 || verdict.conclusive;
    const saying = (missed: readonly Unseen[]) =>
      conclusive || missed.length === 0 ? verdict.seen : `${verdict.seen}; ${unseenText(missed)}`;
    const { asks = [] } = verdict;
    return {
      ...{ diagnosis, target, verdict: 'measured', seen: saying(blind), conclusive, breaches, asks },
      ...(conclusive
        ? withoutOf(verdict.without ?? [], verdict.seen)
        : withoutOf(silent, saying(partly), partly.length === 0)),
    };
  };
  const unseen = (
    target: Target | null,
    verdict: 'unknown' | 'not-applicable',
    seen: string,
    silent: readonly string[] = [],
  ): Judgement => ({
    ...{ diagnosis, target, verdict, seen, conclusive: verdict === 'not-applicable', breaches: [] },
    ...withoutOf(silent, seen),
  });

  const ofServer = (own: Readable, impossible: ReadonlySet<Readable> = new Set()): Judgement => {
    const { read, view } = own;
    const history = open(read);
    const failures = input.failures(read);
    const { servers, twin } = answeringOf(read);
    const others = () =>
      readable.filter((peer) => peer !== own && !isTwin(peer.read) && !impossible.has(peer));
    const server = {
      ...{ ...view, history: history.recorders, failures, servers, twin },
      get peers() {
        return others().map((peer) => peer.view);
      },
    };
    try {
      const verdict = diagnosis.evaluate(server, context);
      history.close();
      return conclude(read.target, verdict, unseenOf(read, diagnosis.reads));
    } catch (error) {
      const [whose, { message }] = impossibleOf(error, [own, ...others()]);
      if (whose !== own) return ofServer(own, new Set([...impossible, whose]));
      // What was recorded comes from readings that no later run has again.
      history.close();
      return unseen(read.target, 'unknown', message);
    }
  };
  /** @param impossible servers that gave a figure that cannot be, and that the diagnosis asks for */
  const ofCluster = (asked: readonly Readable[], impossible: readonly Unread[]): Judgement => {
    const failed = [...unread, ...impossible];
    if (asked.length === 0 && diagnosis.ofNames !== true) {
      const why = failed.map(({ failure }) => failure.message).concat(tooOld.map(({ reason }) => reason));
      const verdict = failed.length > 0 || tooOld.length === 0 ? 'unknown' : 'not-applicable';
      const silent = impossible.length === 0 ? unread.map(({ target: { name } }) => name) : [];
      return unseen(null, verdict, why[0] ?? noTarget(looks), silent);
    }
    const histories = asked.map(({ read }) => open(read));
    const history = open(null);
    const servers = asked.map(({ view }, i) => ({ ...view, history: histories[i]?.recorders }));
    // What an older server holds is no better known than what a silent one does.
    const old = tooOld
      .filter(({ isApart }) => !isApart)
      .map(({ target, reason }) => {
        const message = `${target.name}: ${reason}`;
        return { target, failure: { code: 'unexpected-shape', message }, why: 'tooOld' } as const;
      });
    const hidden = asked
      .filter(({ read }) => answeringOf(read).servers.length > 1)
      .map(({ read: { target } }) => {
        const { name, why } = behind(target);
        return {
          target: { ...target, name },
          failure: { code: 'another-server', message: `${name}: not read` },
          why,
        } as const;
      });
    const silent = failed.map((each) => ({ ...each, why: 'failed' as const }));
    const view = { servers, unread: [...silent, ...old, ...hidden], history: history.recorders, looks };
    const isOfNames = diagnosis.ofNames === true;
    const partly = isOfNames
      ? looks.flatMap(({ dns, failure }): readonly Unseen[] =>
          failure === null ? [] : [{ name: keyOfDns(dns), why: 'failed' }],
        )
      : [
          ...old.map(({ target: { name }, why }) => ({ name, why })),
          ...impossible.map(asUnseen),
          ...asked.flatMap(({ read }) => unseenOf(read, diagnosis.reads)),
        ];
    try {
      const verdict = diagnosis.evaluate(view as never, context);
      for (const each of [...histories, history]) each.close();
      const silent = isOfNames ? [] : unread.map(({ target: { name } }) => name);
      const concluded = conclude(null, verdict, partly, silent);
      if (concluded.verdict !== 'unknown') return concluded;
      const reasons = impossible.map(({ failure }) => failure.message);
      const unmentioned = reasons.filter((reason) => !concluded.seen.includes(reason));
      const seen = [concluded.seen, ...unmentioned].join('; ');
      const { without } = concluded;
      return {
        ...{ ...concluded, seen },
        ...(without && unmentioned.length > 0 && { without: { ...without, alone: false, seen } }),
      };
    } catch (error) {
      const [whose, failure] = impossibleOf(error, asked);
      const others = asked.filter((each) => each !== whose);
      return ofCluster(others, [...impossible, { target: whose.read.target, failure }]);
    }
  };

  if (diagnosis.ofNames === true && looks.length === 0) return { judgements: [], history: kept() };
  if (diagnosis.scope === 'cluster') return { judgements: [ofCluster(readable, [])], history: kept() };
  const judgements = readable.map((own) => ofServer(own));
  for (const read of twins) {
    const { name } = answeringOf(read).twin ?? read.target;
    judgements.push(unseen(read.target, 'not-applicable', `the same server as ${name}, where it counts`));
  }
  for (const { target, failure } of unread)
    judgements.push(unseen(target, 'unknown', failure.message, [target.name]));
  for (const { target, reason } of tooOld) judgements.push(unseen(target, 'not-applicable', reason));
  return { judgements, history: kept() };
}

const noTarget = ([look]: readonly DnsLook[]): string =>
  look === undefined ? 'the cluster has no target' : `no server is behind ${keyOfDns(look.dns)}`;
