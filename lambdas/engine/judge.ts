import type {
  Breach,
  ClusterFacts,
  Context,
  Diagnosis,
  Endpoint,
  Measurement,
  PeerView,
  Readings,
  Reads,
  Severity,
  Verdict,
} from '../define.ts';
import type { Failure, Reading, Target } from '../readings.ts';
import { openHistory, type HistoryState } from './history.ts';
import { crossed, type Limits } from './limits.ts';
import { hasFrom } from './versions.ts';

/** What one run read of one server. */
export type TargetReadings = {
  readonly target: Target;
  readonly readings: { readonly [E in Endpoint]?: Reading<Readings[E]> };
};

/** The readings of one run, with the time they were taken; pure data. */
export type Snapshot = { readonly at: number; readonly servers: readonly TargetReadings[] };

/** Limits by diagnosis id, settings applied. */
export type LimitBook = ReadonlyMap<string, { readonly limits: Limits; readonly for: number }>;

/** A diagnosis' answer on one server (`target` null: on the cluster). */
export type Judgement = {
  readonly diagnosis: Diagnosis;
  readonly target: Target | null;
  readonly verdict: 'measured' | 'unknown' | 'not-applicable';
  /** What was seen, or why nothing was. */
  readonly seen: string;
  /** True if an entity that did not breach was really looked at. */
  readonly looked: boolean;
  readonly breaches: readonly Crossing[];
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

export type JudgeInput = {
  readonly snapshot: Snapshot;
  readonly facts: ClusterFacts;
  readonly book: LimitBook;
  /** History states by `historyKey`. */
  readonly history: Readonly<Record<string, HistoryState>>;
  readonly firstRun: boolean;
};

type Readable = { readonly view: PeerView<Reads>; readonly read: TargetReadings };
type Sorted = {
  readonly readable: readonly Readable[];
  readonly unread: readonly { readonly target: Target; readonly failure: Failure }[];
  readonly tooOld: readonly { readonly target: Target; readonly reason: string }[];
};

const historyKey = (diagnosis: Diagnosis, target: Target | null) => `${diagnosis.id} ${target?.name ?? ''}`.trim();
const startOf = ({ readings: { varz } }: TargetReadings) => (varz?.ok ? Date.parse(varz.value.start) : 0);

/** Sorts servers into those that have every reading the diagnosis needs, those that failed, and those too old. */
function sortServers(reads: Reads, servers: readonly TargetReadings[]): Sorted {
  const needed: Reads = { varz: { mode: 'required', firstReleases: [] }, ...reads };
  const sorted = { readable: [] as Readable[], unread: [] as Sorted['unread'][number][], tooOld: [] as Sorted['tooOld'][number][] };
  for (const read of servers) {
    const { target, readings } = read;
    const entries = Object.entries(needed) as [Endpoint, NonNullable<Reads[Endpoint]>][];
    const version = readings.varz?.ok ? readings.varz.value.version : null;
    const old = entries.find(
      ([, { firstReleases }]) => version !== null && firstReleases.length > 0 && !hasFrom(version, firstReleases),
    );
    if (old) {
      const reason = `nats-server ${version ?? ''} is older than ${old[1].firstReleases.join(', ')}`;
      sorted.tooOld.push({ target, reason });
      continue;
    }
    const failed = entries
      .filter(([, { mode }]) => mode === 'required')
      .map(([endpoint]) => readings[endpoint])
      .find((reading) => reading?.ok !== true);
    const isMissing = entries.some(([endpoint, { mode }]) => mode === 'required' && !readings[endpoint]?.ok);
    if (isMissing) {
      const failure: Failure =
        failed?.ok === false ? failed.failure : { code: 'unreachable', message: `${target.name}: not read` };
      sorted.unread.push({ target, failure });
      continue;
    }
    const values = entries.map(([endpoint, { mode }]) => {
      const reading = readings[endpoint];
      return [endpoint, mode === 'required' && reading?.ok ? reading.value : reading];
    });
    sorted.readable.push({ read, view: { target, ...Object.fromEntries(values) } as unknown as PeerView<Reads> });
  }
  return sorted;
}

/** One diagnosis over one snapshot. Returns its answers and the history it keeps. */
export function judge(diagnosis: Diagnosis, input: JudgeInput) {
  const { snapshot, facts, book, firstRun } = input;
  const limits = book.get(diagnosis.id)?.limits ?? diagnosis.limits;
  const context: Context<Limits> = { cluster: facts, at: snapshot.at, firstRun, limits };
  const kept = new Map<string, HistoryState>();
  const open = (target: Target | null, start: number) => {
    const key = historyKey(diagnosis, target);
    const history = openHistory(diagnosis.history, limits, { at: snapshot.at, start }, input.history[key] ?? {});
    return { recorders: history.recorders, close: () => kept.set(key, history.kept()) };
  };
  const { readable, unread, tooOld } = sortServers(diagnosis.reads, snapshot.servers);

  const conclude = (target: Target | null, verdict: Verdict<string, unknown>, isWhole: boolean): Judgement => {
    if (verdict.kind !== 'measured') {
      const { kind, reason } = verdict;
      return { diagnosis, target, verdict: kind, seen: reason, looked: kind === 'not-applicable', breaches: [] };
    }
    const breaches = verdict.measurements.flatMap((measurement) => {
      const limit = limits[measurement.limit];
      if (limit === undefined) throw new Error(`${diagnosis.id} has no limit named ${measurement.limit}`);
      const levels = crossed(limit, measurement.value);
      return levels.length > 0 ? [{ measurement, levels }] : [];
    });
    const looked = isWhole || verdict.conclusive;
    return { diagnosis, target, verdict: 'measured', seen: verdict.seen, looked, breaches };
  };
  const unseen = (target: Target | null, verdict: 'unknown' | 'not-applicable', seen: string): Judgement => {
    return { diagnosis, target, verdict, seen, looked: verdict === 'not-applicable', breaches: [] };
  };

  const judgements: Judgement[] = [];
  if (diagnosis.scope === 'server') {
    for (const { read, view } of readable) {
      const history = open(read.target, startOf(read));
      const peers = readable.filter((peer) => peer.read !== read).map((peer) => peer.view);
      const failures = failuresOf(read);
      const server = { ...view, history: history.recorders, peers, failures };
      judgements.push(conclude(read.target, diagnosis.evaluate(server as never, context), true));
      history.close();
    }
    for (const { target, failure } of unread) judgements.push(unseen(target, 'unknown', failure.message));
    for (const { target, reason } of tooOld) judgements.push(unseen(target, 'not-applicable', reason));
  } else if (readable.length === 0) {
    const why = unread.map(({ failure }) => failure.message).concat(tooOld.map(({ reason }) => reason));
    const verdict = unread.length > 0 || tooOld.length === 0 ? 'unknown' : 'not-applicable';
    judgements.push(unseen(null, verdict, why[0] ?? 'the cluster has no target'));
  } else {
    const histories = readable.map(({ read }) => open(read.target, startOf(read)));
    const history = open(null, 0);
    const servers = readable.map(({ view }, i) => ({ ...view, history: histories[i]?.recorders }));
    const view = { servers, unread, history: history.recorders };
    judgements.push(conclude(null, diagnosis.evaluate(view as never, context), unread.length === 0));
    for (const each of [...histories, history]) each.close();
  }
  return { judgements, history: Object.fromEntries(kept) };
}

function failuresOf({ readings }: TargetReadings) {
  return (Object.keys(readings) as Endpoint[]).flatMap((endpoint) => {
    const reading = readings[endpoint];
    return reading?.ok === false ? [{ endpoint, failure: reading.failure }] : [];
  });
}
